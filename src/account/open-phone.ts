// Numbers as delivery and masking need them: opened, and read again.

import type { SealKeys } from '../lib/seal.ts'
import { type Account, openField } from './accounts.ts'
import { type Phone, parsePhone } from './phone.ts'

/**
 * Null without an account or a number, and for a number that is none any more: numbering plans change.
 * Throws when no key opens it.
 */
export async function openPhone(keys: SealKeys, account: Account | null): Promise<Phone | null> {
  return account && openSealedPhone(keys, account.accountId, account.phoneSealed)
}

/**
 * The number before the present one, while it is still to be told of each alert. Null where it is the present one again,
 * by whatever way it came back: nobody wants everything twice on one phone.
 */
export async function openFormerPhone(
  keys: SealKeys,
  account: Account | null,
  now: number,
): Promise<Phone | null> {
  if (!account || (account.formerPhoneUntil ?? 0) <= now) return null
  const former = await openSealedPhone(keys, account.accountId, account.formerPhoneSealed)
  const present = former && (await openPhone(keys, account))
  return present?.e164 === former?.e164 ? null : former
}

/** Any number that was sealed for this account. */
export async function openSealedPhone(
  keys: SealKeys,
  accountId: string,
  sealed: string | null,
): Promise<Phone | null> {
  const e164 = await openField(keys, accountId, 'phone', sealed)
  const phone = e164 === null ? null : parsePhone(e164)
  return phone?.ok ? phone.value : null
}
