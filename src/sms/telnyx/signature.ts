// Telnyx signs its webhooks with Ed25519 over timestamp and raw body, one key for the whole account.
// The URL is not signed. Source: https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
// (its sample verifies the body written anew; only the raw bytes are right).

import { fromBase64, utf8 } from '../../lib/base64.ts'
import { createKeyCache } from '../../lib/key-cache.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { MINUTE_MS } from '../../lib/time.ts'
import type { CallbackRefusal, RawCallback } from '../provider.ts'

export type TelnyxPublicKey = Uint8Array<ArrayBuffer>

/** How far a callback's timestamp may be from now, either way. */
const LONGEST_AGE_MS = 5 * MINUTE_MS
const KEY_BYTES = 32

const importKey = createKeyCache({ name: 'Ed25519' }, ['verify'])

/** The key as their portal shows it (base64 of 32 bytes), or null for anything else. */
export function parseTelnyxPublicKey(text: string): TelnyxPublicKey | null {
  const key = fromBase64(text)
  return key?.length === KEY_BYTES ? key : null
}

/**
 * Ok where `callback` is signed with the account's key, within five minutes. `stale` is a right
 * signature of another time: a replay, or a clock gone wrong. Without a key nothing is signed.
 */
export async function verifyTelnyxCallback(
  callback: RawCallback,
  publicKey: TelnyxPublicKey | null,
  now: number,
): Promise<Result<void, CallbackRefusal>> {
  const timestamp = callback.headers.get('telnyx-timestamp') ?? ''
  const signature = fromBase64(callback.headers.get('telnyx-signature-ed25519') ?? '')
  if (publicKey === null || signature === null) return UNSIGNED
  if (!/^\d{1,12}$/.test(timestamp)) return UNSIGNED

  const signed = withPrefix(`${timestamp}|`, callback.body)
  if (!(await isSigned(signed, signature, publicKey))) return UNSIGNED
  return Math.abs(now - Number(timestamp) * 1000) <= LONGEST_AGE_MS ? ok(undefined) : STALE
}

async function isSigned(
  signed: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  publicKey: TelnyxPublicKey,
): Promise<boolean> {
  try {
    return await crypto.subtle.verify('Ed25519', await importKey(publicKey), signature, signed)
  } catch {
    // Some runtimes refuse 32 bytes that are no point of the curve.
    return false
  }
}

function withPrefix(prefix: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = utf8(prefix)
  const whole = new Uint8Array(start.length + body.length)
  whole.set(start)
  whole.set(body, start.length)
  return whole
}

const UNSIGNED = err({ reason: 'unsigned' } as const)
const STALE = err({ reason: 'stale' } as const)
