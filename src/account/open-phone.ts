// Numbers as delivery and masking need them: opened, and read again.

import type { SealKeys } from '../lib/seal.ts'
import { type Account, openField } from './accounts.ts'
import { type FormerPhone, formerPhonesAt } from './former-phone-list.ts'
import { type Phone, parsePhone } from './phone.ts'

/**
 * Null without an account or a number, and for a number that is none any more: numbering plans change.
 * Throws when no key opens it.
 */
export async function openPhone(keys: SealKeys, account: Account | null): Promise<Phone | null> {
  return account && openSealedPhone(keys, account.accountId, account.phoneSealed)
}

export type OpenFormerPhone = FormerPhone & { readonly phone: Phone }

/**
 * The numbers before the present one, while they are still to be told of each alert. Not one that is the present number
 * again, by whatever way it came back: nobody wants everything twice on one phone.
 */
export async function openFormerPhones(
  keys: SealKeys,
  account: Account | null,
  now: number,
): Promise<readonly OpenFormerPhone[]> {
  const former = account ? formerPhonesAt(account, now) : []
  if (!account || former.length === 0) return []
  const present = await openPhone(keys, account)
  const told = new Map<string, OpenFormerPhone>()
  for (const one of former) {
    const phone = await openSealedPhone(keys, account.accountId, one.sealed)
    if (phone && phone.e164 !== present?.e164) told.set(phone.e164, { ...one, phone })
  }
  return [...told.values()]
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
