// The logins of the bench: one account and one number each, so that every SMS is matched without doubt.

import { Webhook } from 'standardwebhooks'
import type { Client, Posted } from './open-loop.ts'

const USER_AGENT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1'

/** A valid German mobile number for each index below ten million: any sender of the world may write to it. */
export function numberOf(index: number): string {
  return `+491512${String(index).padStart(7, '0')}`
}

export type SignedLogin = {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

let signers = 0

/** Signs as Standard Webhooks says; `secret` is `whsec_…`. */
export function createLoginSigner(secret: string): (accountId: string) => SignedLogin {
  const webhook = new Webhook(secret)
  // Neither two runs against one database nor two signers of one run shall repeat an id.
  signers += 1
  const run = `${process.pid}_${Date.now()}_${signers}`
  let count = 0
  return (accountId) => {
    count += 1
    const at = new Date()
    const id = `msg_${run}_${count}`
    const body = JSON.stringify({
      type: 'login.succeeded',
      timestamp: at.toISOString(),
      data: {
        account_id: accountId,
        session_id: `s_${run}_${count}`,
        ip: '203.0.113.77',
        user_agent: USER_AGENT,
        device_name: 'iPhone 15',
        locale: 'en',
        country: 'DE',
        city: 'Frankfurt',
      },
    })
    return {
      body,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': webhook.sign(id, at, body),
      },
    }
  }
}

/** Where logins go: Lockline's isolates, or the usual stack. */
export type Target = {
  /** One for each isolate; they take turns. */
  readonly origins: readonly string[]
  readonly apiKey: string
  readonly sign: (accountId: string) => SignedLogin
}

function originOf(target: Target, index: number): string {
  return target.origins[index % target.origins.length] ?? ''
}

export function postLogin(
  client: Client,
  target: Target,
  accountId: string,
  index: number,
): Promise<Posted> {
  const { headers, body } = target.sign(accountId)
  return client.send('POST', `${originOf(target, index)}/v1/events`, headers, body)
}

/** Imports an account with its number. @throws unless it is taken. */
export async function importAccount(
  client: Client,
  target: Target,
  accountId: string,
  index: number,
): Promise<void> {
  const headers = {
    authorization: `Bearer ${target.apiKey}`,
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ phone: numberOf(index) })
  const url = `${originOf(target, index)}/v1/accounts/${accountId}`
  const { status } = await client.send('PUT', url, headers, body)
  if (status !== 200) throw new Error(`the import of ${accountId} was answered ${status}`)
}
