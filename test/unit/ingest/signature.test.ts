// Incoming signatures: the official library signs, we verify; and whatever was changed on the way is
// refused.

import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { verifyWebhook, WEBHOOK_TOLERANCE_MS } from '../../../src/ingest/signature.ts'
import { parseWebhookSecrets, type WebhookSecret } from '../../../src/lib/webhook-secret.ts'

const NOW = Date.UTC(2026, 10, 23, 14, 3, 27)
const SECONDS = String(NOW / 1_000)
const BODY = '{"type":"login.succeeded"}'

const first = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const second = `whsec_${Buffer.alloc(24, 8).toString('base64')}`
const stranger = `whsec_${Buffer.alloc(64, 9).toString('base64')}`

function secretsOf(...texts: string[]): readonly WebhookSecret[] {
  const secrets = parseWebhookSecrets(texts)
  if (!secrets.ok) throw new Error(secrets.error)
  return secrets.value
}

function signed(secret: string, { id = 'msg_1', body = BODY, at = NOW } = {}) {
  return {
    id,
    timestamp: String(Math.floor(at / 1_000)),
    signature: new Webhook(secret).sign(id, new Date(at), body),
  }
}

function verify(
  secrets: readonly WebhookSecret[],
  headers: { id?: string; timestamp?: string; signature?: string },
  body: string | Uint8Array = BODY,
) {
  const { id, timestamp, signature } = headers
  return verifyWebhook(secrets, { id, timestamp, signature }, Buffer.from(body), NOW)
}

function ed25519Pair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  return {
    secret: `whpk_${raw.toString('base64')}`,
    signature: (text: string) =>
      `v1a,${sign(null, Buffer.from(text), privateKey).toString('base64')}`,
  }
}

describe('verifyWebhook with v1', () => {
  it('takes what the official library signed, for any id and any body', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.stringMatching(/^[\x21-\x7e]{1,256}$/),
        fc.string({ unit: 'grapheme' }),
        async (id, body) => {
          const verified = await verify(secretsOf(first), signed(first, { id, body }), body)
          expect(verified).toEqual({ ok: true, value: { webhookId: id, sentAt: NOW } })
        },
      ),
    )
  })

  it('takes a signature of any of several secrets', async () => {
    const secrets = secretsOf(first, second)
    expect((await verify(secrets, signed(first))).ok).toBe(true)
    expect((await verify(secrets, signed(second))).ok).toBe(true)
    expect(await verify(secrets, signed(stranger))).toEqual({
      ok: false,
      error: { reason: 'no_match' },
    })
  })

  it('takes the one genuine signature among several, wherever it stands', async () => {
    const genuine = signed(first)
    const foreign = signed(stranger).signature
    for (const parts of [
      [genuine.signature, foreign],
      [foreign, genuine.signature],
      ['v2,unknown', 'v1', foreign, '', genuine.signature],
    ]) {
      const verified = await verify(secretsOf(first), { ...genuine, signature: parts.join(' ') })
      expect(verified.ok).toBe(true)
    }
  })

  it('looks at twelve signatures at most', async () => {
    const genuine = signed(first)
    const noise = (count: number) => `${`${signed(stranger).signature} `.repeat(count)}`
    const with11 = { ...genuine, signature: noise(11) + genuine.signature }
    const with12 = { ...genuine, signature: noise(12) + genuine.signature }
    expect((await verify(secretsOf(first), with11)).ok).toBe(true)
    expect((await verify(secretsOf(first), with12)).ok).toBe(false)
  })

  it('covers bytes, not text: a body that is no UTF-8 verifies as it is', async () => {
    const body = Uint8Array.of(0xff, 0xfe, 0x00, 0x80)
    const key = await crypto.subtle.importKey(
      'raw',
      Buffer.alloc(32, 7),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    const text = Buffer.concat([Buffer.from(`msg_1.${SECONDS}.`), body])
    const mac = Buffer.from(await crypto.subtle.sign('HMAC', key, text)).toString('base64')
    const headers = { id: 'msg_1', timestamp: SECONDS, signature: `v1,${mac}` }
    expect((await verify(secretsOf(first), headers, body)).ok).toBe(true)
    expect((await verify(secretsOf(first), headers, Uint8Array.of(0xff, 0xfe, 0, 0x81))).ok).toBe(
      false,
    )
  })
})

describe('verifyWebhook with v1a', () => {
  it('takes an ed25519 signature by its own key only', async () => {
    const pair = ed25519Pair()
    const other = ed25519Pair()
    const headers = {
      id: 'msg_1',
      timestamp: SECONDS,
      signature: pair.signature(`msg_1.${SECONDS}.${BODY}`),
    }
    expect((await verify(secretsOf(other.secret, pair.secret), headers)).ok).toBe(true)
    expect((await verify(secretsOf(other.secret), headers)).ok).toBe(false)
    expect((await verify(secretsOf(pair.secret), headers, `${BODY} `)).ok).toBe(false)
  })

  it('never uses a public key as an HMAC secret, nor the other way round', async () => {
    const pair = ed25519Pair()
    const raw = pair.secret.slice('whpk_'.length)
    // Whoever knows the public key could sign so, were the kinds mixed up.
    const hmacByPublicKey = signed(`whsec_${raw}`)
    expect((await verify(secretsOf(pair.secret), hmacByPublicKey)).ok).toBe(false)
    const renamed = hmacByPublicKey.signature.replace('v1,', 'v1a,')
    const headers = { ...hmacByPublicKey, signature: renamed }
    expect((await verify(secretsOf(pair.secret, `whsec_${raw}`), headers)).ok).toBe(false)
  })

  it('takes either kind while the exchange moves from one to the other', async () => {
    const pair = ed25519Pair()
    const secrets = secretsOf(first, pair.secret)
    const v1a = pair.signature(`msg_1.${SECONDS}.${BODY}`)
    expect((await verify(secrets, { ...signed(stranger), signature: v1a })).ok).toBe(true)
    expect((await verify(secrets, signed(first))).ok).toBe(true)
  })
})

describe('the time of a webhook', () => {
  it.each([
    [0, true],
    [WEBHOOK_TOLERANCE_MS, true],
    [-WEBHOOK_TOLERANCE_MS, true],
    [WEBHOOK_TOLERANCE_MS + 1_000, false],
    [-WEBHOOK_TOLERANCE_MS - 1_000, false],
  ])('%i ms from now: taken is %s', async (offsetMs, isTaken) => {
    expect((await verify(secretsOf(first), signed(first, { at: NOW + offsetMs }))).ok).toBe(isTaken)
  })

  it('is held to the millisecond on our side', async () => {
    const headers = signed(first)
    const secrets = secretsOf(first)
    const at = (now: number) => verifyWebhook(secrets, headers, Buffer.from(BODY), now)
    expect((await at(NOW + WEBHOOK_TOLERANCE_MS)).ok).toBe(true)
    expect(await at(NOW + WEBHOOK_TOLERANCE_MS + 1)).toEqual({
      ok: false,
      error: { reason: 'outside_tolerance', skewMs: WEBHOOK_TOLERANCE_MS + 1 },
    })
  })

  it('is part of what is signed', async () => {
    const later = { ...signed(first), timestamp: String(NOW / 1_000 + 1) }
    expect(await verify(secretsOf(first), later)).toEqual({
      ok: false,
      error: { reason: 'no_match' },
    })
  })

  it.each([
    `0${SECONDS}`,
    `+${SECONDS}`,
    `-${SECONDS}`,
    `${SECONDS}.0`,
    ` ${SECONDS}`,
    `${SECONDS} `,
    `${SECONDS}\n`,
    '1.795442607e9',
    '0x6b03f5bf',
    'NaN',
    'Infinity',
    '0',
    `${SECONDS}000000`,
    '１７９５４４２６０７',
  ])('%j is no timestamp, however it is signed', async (timestamp) => {
    const mac = new Webhook(first).sign('msg_1', new Date(NOW), BODY)
    expect(await verify(secretsOf(first), { id: 'msg_1', timestamp, signature: mac })).toEqual({
      ok: false,
      error: { reason: 'malformed_timestamp' },
    })
  })
})

describe('a webhook that was touched', () => {
  const genuine = signed(first)
  const flip = (text: string, index: number, mask: number) => {
    const bytes = Buffer.from(text, 'latin1')
    bytes[index % bytes.length] = (bytes[index % bytes.length] ?? 0) ^ mask
    return bytes.toString('latin1')
  }

  it('is refused whichever byte of body, id, time or signature changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('body', 'id', 'timestamp', 'signature'),
        fc.nat(200),
        fc.integer({ min: 1, max: 127 }),
        async (part, index, mask) => {
          const headers =
            part === 'body' ? genuine : { ...genuine, [part]: flip(genuine[part], index, mask) }
          const body = part === 'body' ? flip(BODY, index, mask) : BODY
          expect((await verify(secretsOf(first), headers, body)).ok).toBe(false)
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each(['id', 'timestamp', 'signature'] as const)('is refused without its %s', async (name) => {
    for (const value of [undefined, '']) {
      expect(await verify(secretsOf(first), { ...genuine, [name]: value })).toEqual({
        ok: false,
        error: { reason: 'missing_header' },
      })
    }
  })

  it.each(['a b', 'a\tb', 'é', 'x'.repeat(257)])('is refused with the id %j', async (id) => {
    const headers = { ...genuine, id, signature: new Webhook(first).sign(id, new Date(NOW), BODY) }
    expect(await verify(secretsOf(first), headers)).toEqual({
      ok: false,
      error: { reason: 'malformed_id' },
    })
  })

  it('is refused with any header at all, and nothing throws', async () => {
    const header = fc.option(
      fc.oneof(
        fc.string({ unit: 'binary-ascii' }),
        fc
          .array(fc.constantFrom('v1', 'v1a', 'v2', ',', ' ', '=', 'AAAA', '\0', ',,', 'v1,'))
          .map((parts) => parts.join('')),
      ),
      { nil: undefined },
    )
    const secrets = secretsOf(first, ed25519Pair().secret)
    await fc.assert(
      fc.asyncProperty(header, header, header, async (id, timestamp, signature) => {
        const anything = await verifyWebhook(
          secrets,
          { id, timestamp, signature },
          Buffer.from(BODY),
          NOW,
        )
        const almost = await verifyWebhook(
          secrets,
          { ...genuine, signature },
          Buffer.from(BODY),
          NOW,
        )
        expect([anything.ok, almost.ok]).toEqual([false, false])
      }),
      { numRuns: 200 },
    )
  })
})

describe('parseWebhookSecrets', () => {
  const b64 = (bytes: number) => Buffer.alloc(bytes, 3).toString('base64')
  it.each([
    [`whsec_${b64(24)}`, 'hmac'],
    [`whsec_${b64(64)}`, 'hmac'],
    [`whpk_${b64(32)}`, 'ed25519'],
  ])('reads %s', (text, kind) => {
    expect(secretsOf(text).map((secret) => secret.kind)).toEqual([kind])
  })

  it.each([
    '',
    'whsec_',
    b64(32),
    `whsec_${b64(23)}`,
    `whsec_${b64(65)}`,
    `whpk_${b64(31)}`,
    `whpk_${b64(33)}`,
    `whsk_${b64(64)}`,
    `WHSEC_${b64(32)}`,
    `whsec_${b64(32).replace('=', '')}`,
    `whsec_${b64(32)}\n`,
    `whsec_!${b64(32)}`,
  ])('refuses %j, and one bad secret refuses the list', (text) => {
    expect(parseWebhookSecrets([text]).ok).toBe(false)
    expect(parseWebhookSecrets([first, text]).ok).toBe(false)
  })
})
