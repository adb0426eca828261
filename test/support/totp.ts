// An authenticator app: what it shows for a secret, at any moment. Another library than the Worker's.

import { Secret, TOTP } from 'otpauth'

export const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

/** The code of `secret`, `steps` of 30 seconds from now. */
export function totpNow(secret = TOTP_SECRET, steps = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 })
  return totp.generate({ timestamp: Date.now() + steps * 30_000 })
}
