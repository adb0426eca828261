// What we sign, the official library verifies; and our own receiver too.

import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { signCallback } from '../../../src/exchange/sign.ts'
import { verifyWebhook } from '../../../src/ingest/signature.ts'
import { parseWebhookSecrets } from '../../../src/lib/webhook-secret.ts'

const current = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const previous = `whsec_${Buffer.alloc(24, 8).toString('base64')}`

function secretsOf(...texts: string[]) {
  const secrets = parseWebhookSecrets(texts)
  if (!secrets.ok) throw new Error(secrets.error)
  return secrets.value
}

describe('signCallback', () => {
  it('is verified by the official library for any body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (data) => {
        const body = JSON.stringify({ type: 'hold.lifted', data })
        const headers = await signCallback(secretsOf(current), 'cbk_1', body, Date.now())
        expect(new Webhook(current).verify(body, headers)).toEqual(JSON.parse(body))
        expect(() => new Webhook(previous).verify(body, headers)).toThrow()
        expect(() => new Webhook(current).verify(`${body} `, headers)).toThrow()
      }),
    )
  })

  it('gives one signature for each secret, the current one first', async () => {
    const secrets = secretsOf(current, previous)
    const now = Date.now()
    const headers = await signCallback(secrets, 'cbk_1', '{}', now)
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/)
    for (const secret of [current, previous]) {
      expect(new Webhook(secret).verify('{}', headers)).toEqual({})
    }
    const alone = await signCallback(secretsOf(current), 'cbk_1', '{}', now)
    expect(headers['webhook-signature']?.split(' ')[0]).toBe(alone['webhook-signature'])
  })

  it('says when in whole seconds, rounded down', async () => {
    const headers = await signCallback(secretsOf(current), 'cbk_1', '{}', 1_795_442_607_999)
    expect(headers).toMatchObject({ 'webhook-id': 'cbk_1', 'webhook-timestamp': '1795442607' })
  })

  it('is taken by our own receiver', async () => {
    const now = Date.UTC(2026, 10, 23)
    const secrets = secretsOf(current)
    const headers = await signCallback(secrets, 'cbk_1', '{}', now)
    const verified = await verifyWebhook(
      secrets,
      {
        id: headers['webhook-id'],
        timestamp: headers['webhook-timestamp'],
        signature: headers['webhook-signature'],
      },
      Buffer.from('{}'),
      now,
    )
    expect(verified).toEqual({ ok: true, value: { webhookId: 'cbk_1', sentAt: now } })
  })
})
