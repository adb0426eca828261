// Secrets of Standard Webhooks, ours and the exchange's (https://www.standardwebhooks.com, "Signature
// scheme"). Reads them; signs and verifies nothing.

import { fromBase64 } from './base64.ts'
import { err, ok, type Result } from './result.ts'

export type WebhookSecret = {
  readonly kind: 'hmac' | 'ed25519'
  readonly key: Uint8Array<ArrayBuffer>
}

/** `whsec_` and base64 of 24–64 bytes (HMAC) or `whpk_` and base64 of 32 bytes (ed25519 public key). */
export function parseWebhookSecrets(
  texts: readonly string[],
): Result<readonly WebhookSecret[], string> {
  const secrets: WebhookSecret[] = []
  for (const text of texts) {
    const secret = parseWebhookSecret(text)
    if (!secret) return err('must hold whsec_ or whpk_ and canonical base64')
    secrets.push(secret)
  }
  return ok(secrets)
}

function parseWebhookSecret(text: string): WebhookSecret | null {
  const match = /^(whsec|whpk)_(.+)$/.exec(text)
  const key = fromBase64(match?.[2] ?? '')
  if (!match || !key) return null
  if (match[1] === 'whpk') return key.length === 32 ? { kind: 'ed25519', key } : null
  return key.length >= 24 && key.length <= 64 ? { kind: 'hmac', key } : null
}
