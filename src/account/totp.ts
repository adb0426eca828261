// Time-based one-time codes (RFC 6238): six digits, SHA-1, 30 seconds, as every authenticator app reads
// them. Pure but for the making of a secret; that a code counts only once is kept by totp-check.ts.

import { encodeBase32NoPadding } from '@oslojs/encoding'
import { createTOTPKeyURI, generateHOTP } from '@oslojs/otp'
import { utf8 } from '../lib/base64.ts'
import { timingSafeEqual } from '../lib/constant-time.ts'
import type { Ports } from '../lib/ports.ts'
import { SECOND_MS } from '../lib/time.ts'
import { totpKey } from './totp-secret.ts'

export const TOTP_STEP_MS = 30 * SECOND_MS
const DIGITS = 6
/** RFC 4226 §4 asks for 128 bits or more and recommends 160. */
const SECRET_BYTES = 20
/** RFC 6238 §5.2: one step either way, for clocks that differ and fingers that are slow. */
const DRIFT_STEPS = [-1, 0, 1] as const

/** Base32 (RFC 4648 §6) without padding. */
export function newTotpSecret(random: Ports['randomBytes']): string {
  return encodeBase32NoPadding(random(SECRET_BYTES))
}

/**
 * The time step whose code was typed, or null. Looks at every step whatever it finds; `secret` in base32.
 */
export function matchTotpStep(secret: string, code: string, now: number): number | null {
  const key = totpKey(secret)
  const current = Math.floor(now / TOTP_STEP_MS)
  let match: number | null = null
  for (const drift of DRIFT_STEPS) {
    const step = Math.max(0, current + drift)
    const expected = generateHOTP(key, BigInt(step), DIGITS)
    if (timingSafeEqual(utf8(expected), utf8(code))) match ??= step
  }
  return match
}

/** What an authenticator app reads from a QR picture (Key Uri Format of Google Authenticator). */
export function totpUri(issuer: string, accountId: string, secret: string): string {
  return createTOTPKeyURI(issuer, accountId, totpKey(secret), TOTP_STEP_MS / SECOND_MS, DIGITS)
}
