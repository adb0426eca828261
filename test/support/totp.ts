// An authenticator app: what it shows for a secret, at any moment. Another library than the Worker's.

import { Secret, TOTP } from 'otpauth'

export const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
export const STEP_MS = 30_000

/** The code of `secret`, `steps` of 30 seconds from now. */
export function totpNow(secret = TOTP_SECRET, steps = 0): string {
  return totpAt(Date.now() + steps * STEP_MS, secret)
}

export function totpAt(at: number, secret = TOTP_SECRET): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: STEP_MS / 1000 })
  return totp.generate({ timestamp: at })
}

/** A code that is not the app's, neither now nor in the minute around. */
export function wrongCode(secret = TOTP_SECRET): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => totpNow(secret, steps))
  const wrong = ['000000', '111111', '222222', '333333', '444444', '555555']
  return wrong.find((code) => !near.includes(code)) ?? ''
}
