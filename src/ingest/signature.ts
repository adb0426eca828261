// Standard Webhooks signatures (https://www.standardwebhooks.com, "Signature scheme"): v1 is
// HMAC-SHA256, v1a is ed25519. Verifies raw bytes; parses no JSON, stores nothing.

import { fromBase64, utf8 } from '../lib/base64.ts'
import { createKeyCache, HMAC_SHA256 } from '../lib/key-cache.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { MINUTE_MS, SECOND_MS } from '../lib/time.ts'
import { WEBHOOK_ID, WEBHOOK_TIMESTAMP } from '../lib/webhook-headers.ts'
import type { WebhookSecret } from '../lib/webhook-secret.ts'

export const WEBHOOK_TOLERANCE_MS = 5 * MINUTE_MS

export type WebhookHeaders = {
  readonly id: string | undefined
  readonly timestamp: string | undefined
  readonly signature: string | undefined
}

/** Inward exact; outward all of them are the one `invalid_signature`. */
export type SignatureRefusal =
  | { readonly reason: 'missing_header' }
  | { readonly reason: 'malformed_id' }
  | { readonly reason: 'malformed_timestamp' }
  | { readonly reason: 'outside_tolerance'; readonly skewMs: number }
  | { readonly reason: 'no_match' }

// Rotation needs a few; more is someone burning our CPU.
const SIGNATURES_MAX = 12
const HMAC_BYTES = 32
const ED25519_BYTES = 64

/**
 * Checks id, timestamp and signature of one request. Every secret is tried against every signature
 * of its kind, so both sides can rotate on their own. Comparisons are WebCrypto's, constant-time.
 */
export async function verifyWebhook(
  secrets: readonly WebhookSecret[],
  headers: WebhookHeaders,
  body: Uint8Array,
  now: number,
): Promise<Result<{ readonly webhookId: string; readonly sentAt: number }, SignatureRefusal>> {
  const { id, timestamp, signature } = headers
  if (!id || !timestamp || !signature) return err({ reason: 'missing_header' })
  if (!WEBHOOK_ID.test(id)) return err({ reason: 'malformed_id' })
  if (!WEBHOOK_TIMESTAMP.test(timestamp)) return err({ reason: 'malformed_timestamp' })
  const sentAt = Number(timestamp) * SECOND_MS
  const skewMs = now - sentAt
  if (Math.abs(skewMs) > WEBHOOK_TOLERANCE_MS) return err({ reason: 'outside_tolerance', skewMs })

  const signed = concat(utf8(`${id}.${timestamp}.`), body)
  for (const { kind, bytes } of parseSignatures(signature)) {
    for (const secret of secrets) {
      if (secret.kind === kind && (await isSignature(secret, bytes, signed))) {
        return ok({ webhookId: id, sentAt })
      }
    }
  }
  return err({ reason: 'no_match' })
}

function parseSignatures(header: string) {
  const signatures: { kind: WebhookSecret['kind']; bytes: Uint8Array<ArrayBuffer> }[] = []
  for (const part of header.split(' ').slice(0, SIGNATURES_MAX)) {
    const [version, text = ''] = part.split(',', 2)
    const bytes = fromBase64(text)
    // Of another length it is no signature of its kind, and ed25519 verification would throw.
    if (bytes?.length === HMAC_BYTES && version === 'v1') signatures.push({ kind: 'hmac', bytes })
    if (bytes?.length === ED25519_BYTES && version === 'v1a')
      signatures.push({ kind: 'ed25519', bytes })
  }
  return signatures
}

const importHmac = createKeyCache(HMAC_SHA256, ['verify'])
const importEd25519 = createKeyCache({ name: 'Ed25519' }, ['verify'])

async function isSignature(
  secret: WebhookSecret,
  signature: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return secret.kind === 'hmac'
    ? crypto.subtle.verify('HMAC', await importHmac(secret.key), signature, signed)
    : crypto.subtle.verify('Ed25519', await importEd25519(secret.key), signature, signed)
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(left.length + right.length)
  joined.set(left)
  joined.set(right, left.length)
  return joined
}
