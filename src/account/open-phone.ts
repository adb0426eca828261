// The number of an account as delivery and masking need it: opened, and read again.

import type { SealKeys } from '../lib/seal.ts'
import { type Account, openField } from './accounts.ts'
import { type Phone, parsePhone } from './phone.ts'

/**
 * Null without an account or a number, and for a number that is none any more: numbering plans change.
 * Throws when no key opens it.
 */
export async function openPhone(keys: SealKeys, account: Account | null): Promise<Phone | null> {
  if (!account) return null
  const e164 = await openField(keys, account.accountId, 'phone', account.phoneSealed)
  const phone = e164 === null ? null : parsePhone(e164)
  return phone?.ok ? phone.value : null
}
