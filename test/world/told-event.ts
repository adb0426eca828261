// What a request tells Lockline, read from its bytes: a login or an activity. Null for any other request.

import { isRecord, parseJson, textField } from './json.ts'

export type ToldEvent = {
  readonly webhookId: string
  readonly accountId: string
  readonly sessionId: string
  /** Of the device, as far as the event says. */
  readonly label: string
  /** Null for a login. */
  readonly activity: string | null
}

export function readToldEvent(init: RequestInit): ToldEvent | null {
  const event = typeof init.body === 'string' ? parseJson(init.body) : null
  const type = textField(event, 'type')
  const data = isRecord(event) ? event.data : null
  const accountId = textField(data, 'account_id')
  if (accountId === null) return null
  const text = (name: string) => textField(data, name) ?? ''
  const told = {
    webhookId: new Headers(init.headers).get('webhook-id') ?? '',
    accountId,
    sessionId: text('session_id'),
    label: [text('device_name'), text('city')].filter(Boolean).join(', '),
  }
  if (type === 'login.succeeded') return { ...told, activity: null }
  return type === 'activity.occurred' ? { ...told, activity: text('kind') } : null
}
