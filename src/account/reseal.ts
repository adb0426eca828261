// What of an account is sealed, put under the current key: number, anti-phishing code, authenticator, former numbers, and a
// number that is being bound. A number's tag goes with it. Not `updated_at`: nothing has changed for the owner.

import { sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import {
  type Anew,
  createResealer,
  type HeldPurpose,
  type ResealContext,
  type Resealing,
} from '../lib/reseal.ts'
import { type AccountRange, inKeyOrder, ofAccount, withinAccounts } from '../lib/slot.ts'
import { fieldPurpose, type SealedField } from './accounts.ts'
import type { FormerPhone } from './former-phone-list.ts'
import { makePhoneTag } from './phone-tag.ts'
import { accounts, phoneBindings } from './tables.ts'

/** The next accounts after the one, in key order. */
export function sealedAccountsStatement(db: Db, after: string, limit: number) {
  const { slot, accountId, phoneSealed, phoneTag, phraseSealed, totpSealed, formerPhones } =
    accounts
  return db
    .select({
      ...{ slot, accountId, phoneSealed, phoneTag, phraseSealed, totpSealed, formerPhones },
      /** As it lies there, to be compared. */
      formerText: sql<string | null>`former_phones`.as('former_text'),
    })
    .from(accounts)
    .where(withinAccounts(accounts, { after, until: null }))
    .orderBy(...inKeyOrder(accounts))
    .limit(limit)
}

/** Numbers that are being bound. */
export function sealedBindingsStatement(db: Db, range: AccountRange) {
  return db.select().from(phoneBindings).where(withinAccounts(phoneBindings, range))
}

export type SealedAccount = Awaited<ReturnType<typeof sealedAccountsStatement>>[number]
export type SealedBinding = typeof phoneBindings.$inferSelect

/** Does nothing to a row that has changed since it was read: whoever changed it sealed it under his key. */
export async function resealAccount(
  db: Db,
  context: ResealContext,
  account: SealedAccount,
  binding: SealedBinding | null,
): Promise<Resealing> {
  const { accountId } = account
  const { dataKeys } = context.config
  const anew = createResealer(context)
  const field = async (name: SealedField, sealed: string | null) =>
    sealed === null ? null : anew(purposeOf(accountId, name), sealed)
  const tagOf = async (phone: Anew | null, tag: string | null) =>
    phone === null || phone.text === null ? tag : makePhoneTag(dataKeys, phone.text)

  const phone = await field('phone', account.phoneSealed)
  const phrase = await field('phrase', account.phraseSealed)
  const totp = await field('totp', account.totpSealed)
  const former = await Promise.all(
    (account.formerPhones ?? []).map(async (entry) => {
      const value = await anew(purposeOf(accountId, 'phone'), entry.sealed)
      const tag = await tagOf(value, entry.tag)
      return { value, entry: { ...entry, sealed: value.sealed, tag } }
    }),
  )
  const bound = await field('phone', binding?.phoneSealed ?? null)

  const own = [phone, phrase, totp, ...former.map(({ value }) => value)]
  const statements = []
  if (own.some(isAnew)) {
    const change = {
      phoneSealed: phone?.sealed ?? null,
      phoneTag: await tagOf(phone, account.phoneTag),
      phraseSealed: phrase?.sealed ?? null,
      totpSealed: totp?.sealed ?? null,
      formerPhones: account.formerPhones && former.map(({ entry }): FormerPhone => entry),
    }
    statements.push(db.update(accounts).set(change).where(isUnchanged(account)))
  }
  if (binding && isAnew(bound)) {
    const change = {
      phoneSealed: bound.sealed,
      phoneTag: (await tagOf(bound, binding.phoneTag)) ?? binding.phoneTag,
    }
    statements.push(db.update(phoneBindings).set(change).where(isBindingUnchanged(binding)))
  }
  return { held: [...own, bound].filter((value) => value !== null), statements }
}

function purposeOf(accountId: string, use: SealedField): HeldPurpose {
  return { ...fieldPurpose(accountId, use), use }
}

function isAnew(value: Anew | null): value is Anew {
  return value !== null && value.text !== null
}

function isUnchanged(account: SealedAccount) {
  const { accountId, phoneSealed, phraseSealed, totpSealed, formerText } = account
  return sql`${ofAccount(accounts, accountId)} AND phone_sealed IS ${phoneSealed}
    AND phrase_sealed IS ${phraseSealed} AND totp_sealed IS ${totpSealed} AND former_phones IS ${formerText}`
}

function isBindingUnchanged({ accountId, bindingId, phoneSealed }: SealedBinding) {
  return sql`${ofAccount(phoneBindings, accountId)} AND binding_id = ${bindingId} AND phone_sealed = ${phoneSealed}`
}
