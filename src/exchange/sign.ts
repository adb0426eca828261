// Standard Webhooks signatures of what we send: one `v1` per secret, so that the exchange can rotate
// without losing a callback.

import { toBase64, utf8 } from '../lib/base64.ts'
import { createKeyCache, HMAC_SHA256 } from '../lib/key-cache.ts'
import { SECOND_MS } from '../lib/time.ts'
import type { WebhookSecret } from '../lib/webhook-secret.ts'

const importKey = createKeyCache(HMAC_SHA256, ['sign'])

/** The three headers for `body`, sent at `now`. */
export async function signCallback(
  secrets: readonly WebhookSecret[],
  callbackId: string,
  body: string,
  now: number,
): Promise<Readonly<Record<string, string>>> {
  const timestamp = String(Math.floor(now / SECOND_MS))
  const signed = utf8(`${callbackId}.${timestamp}.${body}`)
  const signatures = await Promise.all(
    secrets.map(async (secret) => {
      const signature = await crypto.subtle.sign('HMAC', await importKey(secret.key), signed)
      return `v1,${toBase64(new Uint8Array(signature))}`
    }),
  )
  return {
    'webhook-id': callbackId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
