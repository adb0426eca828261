// A push service and the browsers behind it: takes what RFC 8030 posts, checks who sent it (RFC 8292) and
// decrypts it (RFC 8291, RFC 8188) with Node's own cryptography. Shares no code with what it tests.

import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { importJWK, jwtVerify } from 'jose'
import { startListener } from './listener.ts'

export type PushMode = 'ok' | 'gone' | 'missing' | 'refuse' | 'error' | 'hang'

export type ReceivedPush = {
  readonly subscriber: string
  readonly urgency: string | undefined
  readonly ttl: string | undefined
  /** `sub` of the sender's token: whom to write to. */
  readonly contact: string
  readonly content: unknown
}

export type PushService = {
  readonly origin: string
  /** What a browser would post: `PushSubscription.toJSON()`. */
  readonly subscribe: (subscriber: string) => string
  readonly received: (subscriber: string) => readonly ReceivedPush[]
  /** When the last call that hung was given up; undefined while none was. */
  readonly givenUpAt: (subscriber: string) => number | undefined
  readonly setMode: (mode: PushMode) => void
  readonly settings: () => Record<string, string>
  readonly close: () => Promise<void>
}

type Browser = { readonly ecdh: ReturnType<typeof createECDH>; readonly auth: Buffer }

const STATUS: Readonly<Record<Exclude<PushMode, 'hang'>, number>> = {
  ok: 201,
  gone: 410,
  missing: 404,
  refuse: 403,
  error: 500,
}
const CONTACT = 'mailto:operator@example.com'

export async function startPushService(): Promise<PushService> {
  const browsers = new Map<string, Browser>()
  const received: ReceivedPush[] = []
  const givenUp = new Map<string, number>()
  let mode: PushMode = 'ok'
  const server = createECDH('prime256v1')
  server.generateKeys()
  const vapidPublicKey = server.getPublicKey('base64url')

  const take = async (request: IncomingMessage): Promise<number> => {
    const subscriber = (request.url ?? '').slice(1)
    const browser = browsers.get(subscriber)
    if (!browser) return 404
    // Push services are https; only this one, on loopback, is not.
    const audience = listener.origin.replace('http:', 'https:')
    const contact = await checkSender(request, vapidPublicKey, audience)
    const body = await readBytes(request)
    if (request.headers['content-encoding'] !== 'aes128gcm') return 415
    const content: unknown = JSON.parse(decrypt(browser, body))
    if (mode === 'ok') {
      const { urgency, ttl } = request.headers
      received.push({ subscriber, urgency: String(urgency), ttl: String(ttl), contact, content })
    }
    return mode === 'hang' ? 0 : STATUS[mode]
  }
  const listener = await startListener(0, (request, response) => {
    void take(request)
      .catch(() => 400)
      .then((status) => {
        // A status of 0 is no answer at all.
        if (status !== 0) response.writeHead(status).end()
        else response.on('close', () => givenUp.set((request.url ?? '').slice(1), Date.now()))
      })
  })

  return {
    origin: listener.origin,
    subscribe: (subscriber) => {
      const ecdh = createECDH('prime256v1')
      const auth = randomBytes(16)
      const p256dh = ecdh.generateKeys('base64url')
      browsers.set(subscriber, { ecdh, auth })
      const endpoint = `${listener.origin}/${subscriber}`
      const keys = { p256dh, auth: auth.toString('base64url') }
      return JSON.stringify({ endpoint, expirationTime: null, keys })
    },
    received: (subscriber) => received.filter((push) => push.subscriber === subscriber),
    givenUpAt: (subscriber) => givenUp.get(subscriber),
    setMode: (next) => {
      mode = next
    },
    settings: () => ({
      VAPID_PUBLIC_KEY: vapidPublicKey,
      VAPID_PRIVATE_KEY: server.getPrivateKey('base64url'),
      VAPID_SUBJECT: CONTACT,
      PUSH_ORIGINS: listener.origin,
    }),
    close: listener.shut,
  }
}

/** `vapid t=…, k=…`: a token of ES256 for this service, under the key that was registered. */
async function checkSender(
  request: IncomingMessage,
  publicKey: string,
  audience: string,
): Promise<string> {
  const match = /^(?:vapid|WebPush) t=([^,\s]+),\s*k=([\w-]+)$/.exec(
    request.headers.authorization ?? '',
  )
  const [, token = '', key = ''] = match ?? []
  if (key !== publicKey) throw new Error('another sender')
  const point = Buffer.from(key, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const { payload } = await jwtVerify(token, await importJWK(jwk, 'ES256'), { audience })
  return String(payload.sub)
}

/** RFC 8188 §2.1 header: salt (16), record size (4), key id length (1), key id (the sender's point). */
function decrypt({ ecdh, auth }: Browser, body: Buffer): string {
  const salt = body.subarray(0, 16)
  const idLength = body.readUInt8(20)
  const senderKey = body.subarray(21, 21 + idLength)
  const record = body.subarray(21 + idLength)
  const shared = ecdh.computeSecret(senderKey)
  // RFC 8291 §3.4.
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), senderKey])
  const input = Buffer.from(hkdfSync('sha256', shared, auth, info, 32))
  const derive = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', input, salt, `Content-Encoding: ${purpose}\0`, length))
  const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12))
  decipher.setAuthTag(record.subarray(-16))
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  // RFC 8188 §2: the last record ends in 0x02 and padding of zeros.
  const end = plain.lastIndexOf(2)
  if (end < 0 || !plain.subarray(end + 1).every((byte: number) => byte === 0))
    throw new Error('no delimiter')
  return plain.subarray(0, end).toString('utf8')
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}
