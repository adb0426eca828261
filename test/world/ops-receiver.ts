// Where the operator's incidents are posted: verifies each with the official Standard Webhooks library, keeps all, and can
// refuse them on demand.

import { Webhook } from 'standardwebhooks'
import { createJournal, type Journal } from './journal.ts'
import { isRecord, parseJson, textField } from './json.ts'
import { readBody, startListener } from './listener.ts'

export type ReceivedIncident = {
  readonly at: number
  readonly webhookId: string
  readonly isGenuine: boolean
  /** `incident.opened` or `incident.closed`. */
  readonly type: string
  readonly kind: string
  readonly scope: string
  readonly evidence: string
  readonly status: number
}

export type OpsReceiver = {
  readonly url: string
  readonly incidents: Journal<ReceivedIncident>
  /** Answers with it from now on. */
  readonly setStatus: (status: number) => void
  readonly close: () => Promise<void>
}

export async function startOpsReceiver(secrets: readonly string[]): Promise<OpsReceiver> {
  const incidents = createJournal<ReceivedIncident>('incidents')
  let status = 204
  const listener = await startListener(0, (request, response) => {
    readBody(request).then(
      (body) => {
        const event = parseJson(body)
        const data = isRecord(event) && isRecord(event.data) ? event.data : {}
        const text = (name: string) => textField(data, name) ?? ''
        incidents.add({
          at: Date.now(),
          webhookId: String(request.headers['webhook-id'] ?? ''),
          isGenuine: secrets.some((secret) => isSigned(secret, body, request.headers)),
          type: (isRecord(event) && textField(event, 'type')) || '',
          kind: text('kind'),
          scope: text('scope'),
          evidence: text('evidence'),
          status,
        })
        response.writeHead(status).end()
      },
      () => {},
    )
  })
  return {
    url: `${listener.origin}/incidents`,
    incidents,
    setStatus: (next) => {
      status = next
    },
    close: () => listener.shut(),
  }
}

function isSigned(
  secret: string,
  body: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): boolean {
  const flat = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  )
  try {
    new Webhook(secret).verify(body, flat)
    return true
  } catch {
    return false
  }
}
