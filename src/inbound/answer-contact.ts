// The trusted contact's SMS: LOCK and the owner's word. Locks, or asks the owner, and answers the number; what its STOP ends is
// told to everybody. The number alone proves nothing.

import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { type ProtectionChange, protectionChangedCallback } from '../exchange/protection-changed.ts'
import type { CallbackJob } from '../jobs.ts'
import { deriveId } from '../lib/ids.ts'
import { logInfo } from '../lib/log.ts'
import { askAll } from '../lib/shards.ts'
import {
  type Contact,
  endContactStatement,
  findContactsByTag,
  isContactSql,
} from '../lock/contact/contacts.ts'
import { lockByContact } from '../lock/contact/lock-by-contact.ts'
import { takeLock } from '../lock/take-lock.ts'
import { insertNoticeStatement, type NewNotice } from '../notice/notices.ts'
import { nudgeNotice, postNotice } from '../notice/post-notice.ts'
import type { InboundContext } from './inbound-context.ts'
import { countAnswer, type Inbound } from './send-answer.ts'

/** Of each kind: who is frightened tries again, and must not take silence for a lock. */
const ANSWERS_PER_CONTACT_AND_HOUR = 3

type ContactJob = Extract<CallbackJob, { kind: 'lock_by_contact' }>

/** `no_contact`: the text is another room's to understand. */
export async function takeContactWord(
  context: InboundContext,
  { provider, providerMessageId, tags }: Inbound,
  word: string,
): Promise<string> {
  const triedAt = context.now()
  const job = { kind: 'lock_by_contact', tags, word, provider, providerMessageId, triedAt } as const
  const taken = await takeLock(context, () => answerContact(context, job), job)
  if (taken.kind === 'lost') throw new Error('neither D1 nor the queue took a contact’s text')
  return taken.kind === 'done' ? taken.value : 'lock_kept'
}

/** Locks, and answers the number. Safe to repeat; throws when D1 is away. */
export async function answerContact(context: InboundContext, job: ContactJob): Promise<string> {
  const verdict = await lockByContact(context, job)
  if (verdict.kind === 'no_contact') return verdict.kind
  const isRefused = verdict.kind === 'refused'
  await answer(context, job, verdict.contact, isRefused ? 'contact_refused' : 'contact_locked')
  if (isRefused) for (const contact of verdict.closed) await tellClosed(context, contact)
  return `contact_${verdict.kind}`
}

/** What a contact sent that is no LOCK with a word, so no try either: says what locks. Nothing where the number is nobody's contact. */
export async function hintContact(context: InboundContext, inbound: Inbound): Promise<void> {
  const { rows } = await askAll(context.shards, (db) => findContactsByTag(db, inbound.tags))
  const [contact] = rows
  if (contact) await answer(context, inbound, contact, 'contact_refused')
}

async function answer(
  context: InboundContext,
  { provider, providerMessageId, tags }: Inbound,
  { accountId, phoneSealed }: Contact,
  kind: 'contact_locked' | 'contact_refused',
): Promise<void> {
  const inbound = { provider, providerMessageId, tags }
  const verdict = await countAnswer(context, inbound, kind, ANSWERS_PER_CONTACT_AND_HOUR)
  if (!verdict.isAllowed) return
  const noticeId = await deriveId('ntc', provider, providerMessageId, kind)
  await postNotice(context, { accountId, noticeId, kind, provider, phoneSealed })
}

/** The way is shut until the owner opens it anew, whoever sent the words. */
async function tellClosed(context: InboundContext, contact: Contact): Promise<void> {
  await tellChange(context, contact, 'contact_closed', [])
}

/** STOP of a contact ends it, for each account whose contact it is. Throws where some account could not be asked. */
export async function endContacts(
  context: InboundContext,
  { provider, tags }: Inbound,
  isAnswered: boolean,
): Promise<void> {
  const { rows, missing } = await askAll(context.shards, (db) => findContactsByTag(db, tags))
  for (const contact of rows) {
    const { accountId, contactId, phoneSealed } = contact
    const noticeId = await deriveId('ntc', 'contact_stopped', accountId, contactId)
    const said: NewNotice = { accountId, noticeId, kind: 'copies_ended', provider, phoneSealed }
    await tellChange(context, contact, 'contact_ended', isAnswered ? [] : [said])
  }
  if (rows.length === 0 && missing !== null) throw missing
}

/** In one batch with the change: the exchange, the owner, and whoever else is to hear of it. */
async function tellChange(
  context: InboundContext,
  contact: Contact,
  change: Extract<ProtectionChange, 'contact_ended' | 'contact_closed'>,
  others: readonly NewNotice[],
): Promise<void> {
  const { accountId, contactId } = contact
  const db = context.dbOf(accountId)
  const now = context.now()
  const callbackId = await deriveId('cbk', change, accountId, contactId)
  const callback = protectionChangedCallback({ accountId, change, proof: 'reply' }, callbackId, now)
  const noticeId = await deriveId('ntc', change, accountId, contactId)
  const notices: readonly NewNotice[] = [{ accountId, noticeId, kind: 'ways_changed' }, ...others]
  const isThere = isContactSql(contact)
  const [told] = await db.batch([
    insertCallbackStatement(db, callback, now, isThere),
    ...notices.map((notice) => insertNoticeStatement(db, notice, now, isThere)),
    ...(change === 'contact_ended' ? [endContactStatement(db, contact)] : []),
  ])
  if (told.meta.changes === 0) return
  logInfo('protection.changed', { account_id: accountId, change, proof: 'reply' })
  await nudgeCallback(context, accountId, callbackId)
  for (const notice of notices) await nudgeNotice(context, notice)
}
