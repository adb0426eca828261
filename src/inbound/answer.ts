// What we do about one text that came back: lock, mute, unmute, or say how. The number a text comes
// from can be forged, so it finds an account but proves nothing: only the code locks, and whatever was
// done is confirmed to the number itself.

import { sql } from 'drizzle-orm'
import {
  findAccountsByPhone,
  optOutIsNewsSql,
  optOutStatement,
  SAME_NUMBER_MAX,
} from '../account/account-phone.ts'
import { type Account, findAccount } from '../account/accounts.ts'
import {
  endFormerPhoneStatement,
  findAccountsByFormerPhone,
  isFormerToldSql,
} from '../account/former-phone.ts'
import { parseKnownPhone } from '../account/phone.ts'
import { phoneTags } from '../account/phone-tag.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { phoneChangedCallback } from '../exchange/phone-changed.ts'
import { protectionChangedCallback } from '../exchange/protection-changed.ts'
import { isRememberedSql, limitScopes, rememberStatement } from '../guard/limits.ts'
import type { CallbackJob } from '../jobs.ts'
import { deriveId } from '../lib/ids.ts'
import { logInfo } from '../lib/log.ts'
import { askAll } from '../lib/shards.ts'
import { NONE_ON_ITS_WAY } from '../lib/slot-guard.ts'
import { lockByCode, replyTry } from '../lock/code-lock.ts'
import { readContactWord } from '../lock/contact/word.ts'
import { type Lock, lockCallbackId } from '../lock/lock-account.ts'
import { takeLock } from '../lock/take-lock.ts'
import { IF_STILL_SO } from '../notice/notice.ts'
import { findNotice, insertNoticeStatement, type NewNotice } from '../notice/notices.ts'
import { nudgeNotice, postNotice } from '../notice/post-notice.ts'
import type { InboundMessage } from '../sms/provider.ts'
import type { ProviderName } from '../sms/registry.ts'
import { endContacts, hintContact, takeContactWord } from './answer-contact.ts'
import type { InboundContext } from './inbound-context.ts'
import { readReply } from './reply.ts'
import {
  ANSWERS_PER_NUMBER_AND_HOUR,
  countAnswer,
  HINTS,
  hint,
  type Inbound,
  sealedSender,
  sendAnswer,
} from './send-answer.ts'

/** A right code proves more; an account that was released may have to be locked again. */
const LOCKS_PER_NUMBER_AND_HOUR = 3

type Incoming = { readonly provider: ProviderName; readonly message: InboundMessage }

/** Safe to repeat: a provider that had no answer from us sends the same text again. Throws when nothing could take it. */
export async function answerInbound(context: InboundContext, incoming: Incoming): Promise<void> {
  const { provider, message } = incoming
  const { providerMessageId, isAnswered } = message
  if (message.from === null) {
    // Operators' own texts come from names and short codes: there is nobody to find, and nothing to repeat.
    logInfo('inbound.read', { provider, result: 'no_number' })
    return
  }
  // Some carriers write a number otherwise than it was imported.
  const known = parseKnownPhone(message.from)
  const phone = known.ok ? known.value.e164 : message.from
  const tags = await phoneTags(context.config.dataKeys, phone)
  const inbound = { provider, providerMessageId, tags }
  const reply = readReply(message.text)
  // With a code of an alert, it is that; else it may be the word of a trusted contact.
  const word = reply.kind === 'lock' ? null : readContactWord(message.text)
  const ofContact = word === null ? 'no_contact' : await takeContactWord(context, inbound, word)
  if (ofContact !== 'no_contact') {
    logInfo('inbound.read', { provider, result: ofContact })
    return
  }
  let result: string = reply.kind
  switch (reply.kind) {
    case 'lock':
      result = await takeReply(context, inbound, reply.code)
      break
    case 'unreadable_code':
    case 'not_alone':
    case 'unclear':
      await hintAnybody(context, inbound, HINTS[reply.kind])
      break
    case 'stop':
    case 'start':
      await setOptOut(context, inbound, { isOptedOut: reply.kind === 'stop', isAnswered })
      break
    case 'help':
      if (!isAnswered) await hintAnybody(context, inbound, HINTS.help)
      break
    case 'other':
      if (!isAnswered) await hintAnybody(context, inbound, HINTS.other)
      break
  }
  logInfo('inbound.read', { provider, result })
}

/** An owner hears what to reply; else a trusted contact, who has another word for it and must not take silence for a lock. */
async function hintAnybody(
  context: InboundContext,
  inbound: Inbound,
  said: (typeof HINTS)[keyof typeof HINTS],
): Promise<void> {
  if (!(await hint(context, inbound, said))) await hintContact(context, inbound)
}

/** Not every provider repeats what it had no answer to: without D1 the reply is kept, and answered later. */
async function takeReply(context: InboundContext, inbound: Inbound, code: string): Promise<string> {
  const { provider, providerMessageId } = inbound
  const attempt = await replyTry(context, inbound.tags, code)
  const job = { kind: 'lock_by_reply', attempt, provider, providerMessageId } as const
  const taken = await takeLock(context, () => answerLock(context, job), job)
  if (taken.kind === 'lost') throw new Error('neither D1 nor the queue took a reply')
  return taken.kind === 'done' ? taken.value : 'lock_kept'
}

/** Locks, and answers the number. Safe to repeat; throws when D1 is away. */
export async function answerLock(
  context: InboundContext,
  job: Extract<CallbackJob, { kind: 'lock_by_reply' }>,
): Promise<string> {
  const { attempt, provider, providerMessageId } = job
  const inbound = { provider, providerMessageId, tags: attempt.tags }
  const verdict = await lockByCode(context, attempt)
  // The number is asked by a text of its own.
  if (verdict.kind === 'asked') return verdict.kind
  if (verdict.kind !== 'locked') {
    await hint(context, inbound, HINTS[verdict.kind])
    return verdict.kind
  }
  // One alert locks once: after a lift its code locks nothing, and who sent it must not believe that it did.
  if (verdict.lock.liftedAt !== null) {
    await hint(context, inbound, HINTS.lock_lifted)
    return 'lock_lifted'
  }
  await confirmLock(context, inbound, verdict.lock)
  return verdict.kind
}

/** Once for each lock, however many texts asked for it, and however often a provider brings one. */
async function confirmLock(
  context: InboundContext,
  inbound: Inbound,
  { accountId, lockId, holdUntil }: Lock,
): Promise<void> {
  const noticeId = await deriveId('ntc', 'locked', accountId, lockId)
  const db = context.dbOf(accountId)
  if (await findNotice(db, { accountId, noticeId })) return
  const verdict = await countAnswer(context, inbound, 'locked', LOCKS_PER_NUMBER_AND_HOUR)
  if (!verdict.isAllowed) return
  const account = await findAccount(db, accountId)
  // The callback is where the exchange's confirmation will stand.
  const subject = await lockCallbackId({ accountId, lockId })
  const notice = { accountId, noticeId, kind: 'locked', untilAt: holdUntil, subject } as const
  const phoneSealed = account && sealedSender(account, inbound)
  await postNotice(context, { ...notice, provider: inbound.provider, phoneSealed })
}

/**
 * Opt-outs are kept for every account of the number, told to the exchange, and confirmed where they changed something:
 * in the batch of the change, so that a text which comes again confirms what its first try could not. Throws where some
 * account could not be asked, the others done.
 */
async function setOptOut(
  context: InboundContext,
  inbound: Inbound,
  { isOptedOut, isAnswered }: { readonly isOptedOut: boolean; readonly isAnswered: boolean },
): Promise<void> {
  const { shards } = context
  const { tags } = inbound
  const now = context.now()
  const { rows: accounts, missing } = await askAll(shards, (db) => findAccountsByPhone(db, tags))
  const first = accounts.find((account) => isNews(account, isOptedOut))
  const answer =
    first && !isAnswered
      ? await optOutAnswer(context, inbound, { ...first, isOptedOut }, now)
      : null
  for (const { accountId } of accounts) {
    const told = answer?.notice.accountId === accountId ? answer : null
    await storeOptOut(context, inbound, { accountId, isOptedOut, answer: told }, now)
  }
  // Beyond those that are looked at one by one: nobody is told of more, but nobody is written to either.
  if (accounts.length >= SAME_NUMBER_MAX) {
    for (const { db } of shards.all) {
      // Fails while a slot is on its way, and the text comes again.
      const none = db.run(sql.raw(NONE_ON_ITS_WAY))
      await db.batch([none, optOutStatement(db, tags, isOptedOut, now)])
    }
  }
  if (answer && answer.dueAt <= now) await nudgeNotice(context, answer.notice)
  const ended = isOptedOut ? await endCopies(context, inbound, now) : null
  if (isOptedOut) await endContacts(context, inbound, isAnswered)
  // Whoever was asked is muted by now: the text shall come again for the others.
  if (missing !== null) throw missing
  if (isAnswered || accounts.length > 0) return
  if (ended) await sendAnswer(context, inbound, ended, 'copies_ended')
}

type OptOutAnswer = { readonly notice: NewNotice; readonly dueAt: number }

/** One account's, in one batch; nothing where this text was taken for it before. */
async function storeOptOut(
  context: InboundContext,
  { provider, providerMessageId, tags }: Inbound,
  change: {
    readonly accountId: string
    readonly isOptedOut: boolean
    readonly answer: OptOutAnswer | null
  },
  now: number,
): Promise<void> {
  const { accountId, isOptedOut, answer } = change
  const db = context.dbOf(accountId)
  // A vendor that had no answer brings a text again, maybe after another one: each is taken once.
  const text = `${provider} ${providerMessageId} ${accountId}`
  const scopes = await limitScopes(context.config.dataKeys, 'opt-out', text)
  const isNew = sql`NOT ${isRememberedSql(scopes)}`
  const kind = isOptedOut ? 'opted_out' : 'opted_in'
  const callback = await phoneChangedCallback(accountId, kind, String(now))
  const isDue = sql`${optOutIsNewsSql(accountId, isOptedOut)} AND ${isNew}`
  // Callback and answer first: their condition is what the change then undoes.
  const [told] = await db.batch([
    insertCallbackStatement(db, callback, now, isDue),
    ...(answer ? [insertNoticeStatement(db, answer.notice, answer.dueAt, isDue)] : []),
    optOutStatement(db, tags, isOptedOut, now, isNew, accountId),
    rememberStatement(db, scopes[0], now),
  ])
  if (told.meta.changes > 0) await nudgeCallback(context, accountId, callback.callbackId)
}

function isNews({ phoneState, phoneStateUntil }: Account, isOptedOut: boolean): boolean {
  const isMuted = phoneState === 'opted_out'
  // What a provider said of the number ends by itself; the owner's own word does not.
  return isOptedOut ? !isMuted || phoneStateUntil !== null : isMuted
}

/** STOP of a former number ends what it still gets, and nothing of the present one. One of the accounts it ended for. */
async function endCopies(
  context: InboundContext,
  { tags }: Inbound,
  now: number,
): Promise<Account | null> {
  const { rows: accounts, missing } = await askAll(context.shards, (db) =>
    findAccountsByFormerPhone(db, tags, now),
  )
  if (accounts.length === 0 && missing !== null) throw missing
  for (const { accountId } of accounts) {
    const db = context.dbOf(accountId)
    const callbackId = await deriveId('cbk', 'copies_ended', accountId, String(now))
    const news = { accountId, change: 'copies_ended', proof: 'reply' } as const
    const callback = protectionChangedCallback(news, callbackId, now)
    await db.batch([
      insertCallbackStatement(db, callback, now, isFormerToldSql(accountId, tags, now)),
      endFormerPhoneStatement(db, accountId, tags, now),
    ])
    logInfo('protection.changed', { account_id: accountId, change: news.change, proof: news.proof })
    await nudgeCallback(context, accountId, callbackId)
  }
  return accounts[0] ?? null
}

/**
 * Null where nobody needs one. The sender may be forged, and who forges it may mute the number, unmute and mute it again:
 * that it is muted must be said in the end, so a STOP beyond the limit is confirmed when the hour is over, if it still
 * holds then.
 */
async function optOutAnswer(
  context: InboundContext,
  inbound: Inbound,
  { accountId, isOptedOut }: { readonly accountId: string; readonly isOptedOut: boolean },
  now: number,
): Promise<OptOutAnswer | null> {
  const { provider, providerMessageId } = inbound
  const kind = isOptedOut ? 'stopped' : 'started'
  const verdict = await countAnswer(context, inbound, kind, ANSWERS_PER_NUMBER_AND_HOUR)
  if (verdict.isAllowed) {
    const noticeId = await deriveId('ntc', provider, providerMessageId, kind)
    return { notice: { accountId, noticeId, kind, provider }, dueAt: now }
  }
  if (!isOptedOut) return null
  const dueAt = now + verdict.retryAfterMs
  const noticeId = await deriveId('ntc', 'still_stopped', accountId, String(dueAt))
  return { notice: { accountId, noticeId, kind, provider, subject: IF_STILL_SO }, dueAt }
}
