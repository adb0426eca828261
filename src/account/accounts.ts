// The SQL of accounts, and the sealing of what must not lie in the clear. Numbers leave this file
// opened only towards delivery and masking.

import { and, eq, inArray, isNotNull, ne, or } from 'drizzle-orm'
import { callbacks } from '../exchange/tables.ts'
import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import { open, type SealKeys, seal } from '../lib/seal.ts'
import { locks } from '../lock/tables.ts'
import { earlySessionEnds, logins } from '../login/tables.ts'
import { notices } from '../notice/tables.ts'
import { portalVisits } from '../portal/visit/tables.ts'
import { pushSubscriptions } from '../push/tables.ts'
import { accounts, passkeys, phoneBindings } from './tables.ts'

export type Account = typeof accounts.$inferSelect

/** `phone` also for a former number and for one that is being bound: they change places as they are. */
export type SealedField = 'phone' | 'phrase' | 'totp'

function sealContext(accountId: string, field: SealedField): string {
  return `accounts/${accountId}/${field}`
}

/** Sealed for this account and this field: a row copied onto another account opens to nothing. */
export function sealField(
  random: Ports['randomBytes'],
  keys: SealKeys,
  accountId: string,
  field: SealedField,
  text: string,
): Promise<string> {
  return seal(random, keys, sealContext(accountId, field), text)
}

/** Null for what is not stored. Throws when a stored value opens with no key: a key was lost. */
export async function openField(
  keys: SealKeys,
  accountId: string,
  field: SealedField,
  sealed: string | null,
): Promise<string | null> {
  if (sealed === null) return null
  const text = await open(keys, sealContext(accountId, field), sealed)
  if (text === null) throw new Error(`no key of DATA_SECRETS opens accounts.${field}_sealed`)
  return text
}

export async function findAccount(db: Db, accountId: string): Promise<Account | null> {
  const [account] = await db.select().from(accounts).where(eq(accounts.accountId, accountId))
  return account ?? null
}

export function findAccountsStatement(db: Db, accountIds: readonly string[]) {
  return db
    .select()
    .from(accounts)
    .where(inArray(accounts.accountId, [...accountIds]))
}

/** What an import may change; undefined leaves a field as it is, null clears it. */
export type AccountChange = Partial<
  Pick<Account, 'phoneSealed' | 'phoneTag' | 'locale' | 'alerts' | 'phraseSealed' | 'totpSealed'>
>

/** Creates or changes; a new number starts with a clean slate. */
export async function saveAccount(
  db: Db,
  accountId: string,
  change: AccountChange,
  now: number,
): Promise<void> {
  const phoneState =
    change.phoneSealed === undefined ? {} : { phoneState: 'ok' as const, phoneStateCode: null }
  await db
    .insert(accounts)
    .values({ accountId, ...change, createdAt: now, updatedAt: now })
    .onConflictDoUpdate({
      target: accounts.accountId,
      set: { ...change, ...phoneState, updatedAt: now },
    })
}

/**
 * Erases the account and all it did, for good. What stays is only a lock's callback that the exchange
 * has not confirmed: dropping that could leave a thief's session alive.
 */
export async function eraseAccount(db: Db, accountId: string): Promise<void> {
  await db.batch([
    db.delete(accounts).where(eq(accounts.accountId, accountId)),
    db.delete(logins).where(eq(logins.accountId, accountId)),
    db.delete(notices).where(eq(notices.accountId, accountId)),
    db.delete(portalVisits).where(eq(portalVisits.accountId, accountId)),
    db.delete(phoneBindings).where(eq(phoneBindings.accountId, accountId)),
    db.delete(passkeys).where(eq(passkeys.accountId, accountId)),
    db.delete(pushSubscriptions).where(eq(pushSubscriptions.accountId, accountId)),
    db.delete(locks).where(eq(locks.accountId, accountId)),
    db.delete(earlySessionEnds).where(eq(earlySessionEnds.accountId, accountId)),
    db
      .delete(callbacks)
      .where(
        and(
          eq(callbacks.accountId, accountId),
          or(ne(callbacks.type, 'account.locked'), ne(callbacks.state, 'open')),
        ),
      ),
  ])
}

/** The accounts of one number; more at once is no person's phone. */
export const SAME_NUMBER_MAX = 5

/** Accounts whose number has one of these tags (see phone-tag.ts). */
export async function findAccountsByPhone(
  db: Db,
  phoneTags: readonly string[],
): Promise<readonly Account[]> {
  return db
    .select()
    .from(accounts)
    .where(and(inArray(accounts.phoneTag, [...phoneTags]), isNotNull(accounts.phoneTag)))
    .limit(SAME_NUMBER_MAX)
}

/** The statement that writes down an opt-out or takes it back; changes nothing where it stands already. */
export function optOutStatement(db: Db, accountId: string, isOptedOut: boolean, now: number) {
  return db
    .update(accounts)
    .set({
      phoneState: isOptedOut ? 'opted_out' : 'ok',
      phoneStateCode: isOptedOut ? 'stop_reply' : null,
      updatedAt: now,
    })
    .where(
      and(
        eq(accounts.accountId, accountId),
        // START takes back an opt-out, nothing else: a number that does not exist stays so.
        isOptedOut ? ne(accounts.phoneState, 'opted_out') : eq(accounts.phoneState, 'opted_out'),
      ),
    )
}
