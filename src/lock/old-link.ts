// Links as they were before their facts became bytes: the claims as JSON. Both say the same JWT, so that the
// signature, the lock's id and the expiry are those of the link of today; nothing makes them any more.
//
// To be removed with the first release that is deployed a day or more after the one that stopped making them:
// by then each of them has expired by itself, as every link does 24 h after its login, and no setting or date
// has to say so. Then go: this file, its call in link.ts, whose longest token is then 144, and their tests.

import { fromBase64Url, fromUtf8 } from '../lib/base64.ts'
import type { LockClaims } from './link-facts.ts'

/** Of 64 characters of id, ten digits of number and twelve of expiry. */
export const OLD_TOKEN_MAX_LENGTH = 194

// The one text that was ever written; whatever else is signed with our key is no link.
const CLAIMS =
  /^\{"sub":"([A-Za-z0-9_.:-]{1,64})","jti":"(0|[1-9]\d{0,9})","exp":([1-9]\d{0,11})\}$/

export function unpackOldFacts(facts: string): LockClaims | null {
  const bytes = fromBase64Url(facts)
  const text = bytes && fromUtf8(bytes)
  const [, accountId, alertNumber, expiresAtSeconds] = CLAIMS.exec(text ?? '') ?? []
  if (!accountId || !alertNumber || !expiresAtSeconds) return null
  return {
    accountId,
    alertNumber: Number(alertNumber),
    expiresAtSeconds: Number(expiresAtSeconds),
  }
}
