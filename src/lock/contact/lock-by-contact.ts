// A lock by the trusted contact's SMS. Its sender may be forged, so the number finds the account and the word locks; every word
// is counted before it is compared, ten wrong ones close the way until the owner opens it anew, and a false lock of it is the
// last for a day (ask-first.ts).

import { sql } from 'drizzle-orm'
import { isRememberedSql, limitScopes, rememberStatement } from '../../guard/limits.ts'
import { utf8 } from '../../lib/base64.ts'
import { timingSafeEqual } from '../../lib/constant-time.ts'
import { deriveId } from '../../lib/ids.ts'
import { logInfo } from '../../lib/log.ts'
import { askAll } from '../../lib/shards.ts'
import type { LockContext } from '../lock-context.ts'
import { type LockOrAsked, lockOrAsk, tellOwnerOfLock } from '../lock-or-ask.ts'
import {
  type Contact,
  countWordStatement,
  findContactsByTag,
  openWord,
  settleWordStatement,
} from './contacts.ts'
import { foldContactWord, WORD_TRIES_MAX } from './word.ts'

/** As it may wait in the queue: no number stands in it. */
export type ContactTry = {
  /** Keyed hashes of the number, one per key. */
  readonly tags: readonly string[]
  /** From `readContactWord`. */
  readonly word: string
  readonly provider: string
  readonly providerMessageId: string
  readonly triedAt: number
}

export type ContactVerdict =
  /** The number is nobody's contact. */
  | { readonly kind: 'no_contact' }
  /** `closed`: those whose last try this was. */
  | { readonly kind: 'refused'; readonly contact: Contact; readonly closed: readonly Contact[] }
  | (LockOrAsked & { readonly contact: Contact })

/** Safe to repeat: a text is counted once, and locks once. Throws when D1 is away. */
export async function lockByContact(
  context: LockContext,
  attempt: ContactTry,
): Promise<ContactVerdict> {
  const { tags, word, provider, providerMessageId, triedAt } = attempt
  const { rows, missing } = await askAll(context.shards, (db) => findContactsByTag(db, tags))
  const [first] = rows
  if (!first) {
    if (missing !== null) throw missing
    return { kind: 'no_contact' }
  }
  const counted = await Promise.all(rows.map((contact) => countWord(context, attempt, contact)))
  const matches = await Promise.all(
    counted.map(async ({ contact, isOpen }) => {
      const right = foldContactWord(await openWord(context.config.dataKeys, contact))
      return right !== null && timingSafeEqual(utf8(right), utf8(word)) && isOpen
    }),
  )
  const match = counted.find((_, index) => matches[index])?.contact
  if (!match) {
    if (missing !== null) throw missing
    logInfo('typed_code.refused', { via: 'contact', reason: 'no_match' })
    const isLast = ({ isCounted, contact }: Counted) =>
      isCounted && contact.tries + 1 >= WORD_TRIES_MAX
    return { kind: 'refused', contact: first, closed: counted.filter(isLast).map(ofCounted) }
  }
  for (const { contact, isCounted } of counted) {
    const isRight = contact === match
    if (!isRight && !isCounted) continue
    await settleWordStatement(context.dbOf(contact.accountId), contact, isRight)
  }
  const { accountId } = match
  const lockId = await deriveId('lck', 'contact', accountId, provider, providerMessageId)
  const request = {
    accountId,
    lockId,
    via: 'contact',
    alertNumber: null,
    lockedAt: triedAt,
  } as const
  const outcome = await lockOrAsk(context, { ...request, isOneWhileItStands: true })
  if (outcome.kind === 'locked') await tellOwnerOfLock(context, outcome.lock)
  return { ...outcome, contact: match }
}

type Counted = {
  readonly contact: Contact
  /** Whether its word may be compared. */
  readonly isOpen: boolean
  readonly isCounted: boolean
}

const ofCounted = ({ contact }: Counted) => contact

/** A provider that had no answer brings a text again: it is one try. */
async function countWord(
  { config, dbOf, now }: LockContext,
  { provider, providerMessageId }: ContactTry,
  contact: Contact,
): Promise<Counted> {
  const { accountId, tries } = contact
  const text = `${provider} ${providerMessageId} ${accountId}`
  const scopes = await limitScopes(config.dataKeys, 'contact-word', text)
  const db = dbOf(accountId)
  const [counted] = await db.batch([
    countWordStatement(db, contact, sql`NOT ${isRememberedSql(scopes)}`),
    rememberStatement(db, scopes[0], now()),
  ])
  const isCounted = counted.meta.changes > 0
  return { contact, isCounted, isOpen: isCounted || tries < WORD_TRIES_MAX }
}
