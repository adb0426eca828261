// Sinch signs its SMS callbacks, once that is switched on for the service plan, with HMAC-SHA256 over
// body, nonce and timestamp; an unsigned one is refused. The URL is not signed. Source:
// https://developers.sinch.com/docs/sms/api-reference/sms/webhooks and Sinch's Node SDK (its fixed vector)

import { fromBase64, utf8 } from '../../lib/base64.ts'
import { createKeyCache, HMAC_SHA256 } from '../../lib/key-cache.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { MINUTE_MS } from '../../lib/time.ts'
import type { CallbackRefusal, RawCallback } from '../provider.ts'

export type SinchSecret = Uint8Array<ArrayBuffer>

/** How far a callback's timestamp may be from now, either way; Sinch itself names no limit. */
const LONGEST_AGE_MS = 5 * MINUTE_MS

const HEADER = 'x-sinch-webhook-signature'
const importKey = createKeyCache(HMAC_SHA256, ['verify'])

/**
 * Ok where `callback` is signed with `secret`, within five minutes. `stale` is a right signature of
 * another time: a replay, or a clock gone wrong. Under an empty secret nothing is signed.
 */
export async function verifySinchCallback(
  callback: RawCallback,
  secret: SinchSecret,
  now: number,
): Promise<Result<void, CallbackRefusal>> {
  const signature = fromBase64(callback.headers.get(HEADER) ?? '')
  const nonce = callback.headers.get(`${HEADER}-nonce`) ?? ''
  const timestamp = callback.headers.get(`${HEADER}-timestamp`) ?? ''
  if (secret.length === 0 || signature === null) return UNSIGNED
  // A dot in the nonce would let a part of the body pass for it, and the other way round.
  if (!/^[\w-]{1,128}$/.test(nonce) || !/^\d{1,12}$/.test(timestamp)) return UNSIGNED

  const signed = withSuffix(callback.body, `.${nonce}.${timestamp}`)
  const isSigned = await crypto.subtle.verify('HMAC', await importKey(secret), signature, signed)
  if (!isSigned) return UNSIGNED
  return Math.abs(now - Number(timestamp) * 1000) <= LONGEST_AGE_MS ? ok(undefined) : STALE
}

function withSuffix(body: Uint8Array, suffix: string): Uint8Array<ArrayBuffer> {
  const end = utf8(suffix)
  const whole = new Uint8Array(body.length + end.length)
  whole.set(body)
  whole.set(end, body.length)
  return whole
}

const UNSIGNED = err({ reason: 'unsigned' } as const)
const STALE = err({ reason: 'stale' } as const)
