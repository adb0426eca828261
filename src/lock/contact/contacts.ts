// The SQL of trusted contacts: an account has one at a time. A try is counted by the statement that lets it be compared,
// the code's while the number is not proven, the word's from then on.

import { and, eq, gt, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import { BINDING_LIFETIME_MS, CODE_TRIES_MAX } from '../../account/binding-rules.ts'
import type { Db } from '../../lib/db.ts'
import { open, type SealKeys, type SealPurpose } from '../../lib/seal.ts'
import { inSlot, ofAccount } from '../../lib/slot.ts'
import { lockContacts } from '../tables.ts'
import { WORD_TRIES_MAX } from './word.ts'

export type Contact = typeof lockContacts.$inferSelect

type ContactKey = Pick<Contact, 'accountId' | 'contactId'>

/** One number may be the contact of so many; looked at one by one. */
const SAME_CONTACT_MAX = 20

export function wordPurpose(accountId: string) {
  return {
    use: 'contact-word',
    context: `lock_contacts/${accountId}`,
  } as const satisfies SealPurpose
}

/** As its owner typed it. Throws when no key opens it: a key was lost. */
export async function openWord(
  keys: SealKeys,
  { accountId, wordSealed }: Pick<Contact, 'accountId' | 'wordSealed'>,
): Promise<string> {
  const word = await open(keys, wordPurpose(accountId), wordSealed)
  if (word === null) throw new Error('no key of DATA_SECRETS opens a word of lock_contacts')
  return word
}

export async function findContact(db: Db, accountId: string): Promise<Contact | null> {
  const [contact] = await db.select().from(lockContacts).where(ofAccount(lockContacts, accountId))
  return contact ?? null
}

/** Where a number has been proven; not what is still to be. */
export async function findContactsByTag(
  db: Db,
  phoneTags: readonly string[],
): Promise<readonly Contact[]> {
  return db
    .select()
    .from(lockContacts)
    .where(and(inArray(lockContacts.phoneTag, [...phoneTags]), isNull(lockContacts.expiresAt)))
    .limit(SAME_CONTACT_MAX)
}

/** Waits for the code; in place of one that waits already. A proven one has to be removed first. */
export function askContactStatement(
  db: Db,
  contact: Omit<Contact, 'slot' | 'tries' | 'askedAt' | 'expiresAt'>,
  now: number,
) {
  const { accountId, ...asked } = contact
  const fresh = { ...asked, tries: 0, askedAt: now, expiresAt: now + BINDING_LIFETIME_MS }
  return db
    .insert(lockContacts)
    .values({ ...fresh, ...inSlot(accountId) })
    .onConflictDoUpdate({
      target: [lockContacts.slot, lockContacts.accountId],
      set: fresh,
      setWhere: sql`${lockContacts.expiresAt} IS NOT NULL`,
    })
}

/** Null when there are none left, or nothing to type a code for. */
export async function countContactCode(
  db: Db,
  accountId: string,
  now: number,
): Promise<Contact | null> {
  const [contact] = await db
    .update(lockContacts)
    .set({ tries: sql`${lockContacts.tries} + 1` })
    .where(
      and(
        ofAccount(lockContacts, accountId),
        gt(lockContacts.expiresAt, now),
        lt(lockContacts.tries, CODE_TRIES_MAX.bnd),
      ),
    )
    .returning()
  return contact ?? null
}

export function proveContactStatement(db: Db, key: ContactKey) {
  return db.update(lockContacts).set({ expiresAt: null, tries: 0 }).where(isContact(key))
}

/** Whether it waits for its code still: for a `WHERE`. */
export function isContactAskedSql(key: ContactKey): SQL {
  return sql`EXISTS (SELECT 1 FROM ${lockContacts} WHERE ${isContact(key)} AND expires_at IS NOT NULL)`
}

export function endContactStatement(db: Db, key: ContactKey) {
  return db.delete(lockContacts).where(isContact(key))
}

export function isContactSql(key: ContactKey): SQL {
  return sql`EXISTS (SELECT 1 FROM ${lockContacts} WHERE ${isContact(key)})`
}

/** One word more, if any may be tried and `when` is true in its batch. */
export function countWordStatement(db: Db, key: ContactKey, when: SQL) {
  return db
    .update(lockContacts)
    .set({ tries: sql`${lockContacts.tries} + 1` })
    .where(and(isContact(key), lt(lockContacts.tries, WORD_TRIES_MAX), when))
}

/** After a right word: the contact's own begins anew; of another account of the same number it was no try. */
export function settleWordStatement(db: Db, key: ContactKey, isRight: boolean) {
  const tries = isRight ? 0 : sql`max(0, ${lockContacts.tries} - 1)`
  return db.update(lockContacts).set({ tries }).where(isContact(key))
}

function isContact({ accountId, contactId }: ContactKey) {
  return and(ofAccount(lockContacts, accountId), eq(lockContacts.contactId, contactId))
}
