// One notice on its way: claim, compose, send, record. Shorter lived than an alert, and no second wave:
// whoever waits for an answer writes again.

import { phoneStateAt } from '../account/account-phone.ts'
import { type Account, findAccount } from '../account/accounts.ts'
import { openPhone, openSealedPhone } from '../account/open-phone.ts'
import type { Phone } from '../account/phone.ts'
import type { Db } from '../lib/db.ts'
import type { SealKeys } from '../lib/seal.ts'
import { pageOf, type SweepPage, sendAll } from '../lib/sweep-page.ts'
import { SECOND_MS } from '../lib/time.ts'
import { type Attempt, mergeAttempts } from '../login/attempt.ts'
import {
  askedSubject,
  isOvertaken,
  lockCallbackOf,
  NOTICE_MAX_AGE_MS,
  type Notice,
} from '../notice/notice.ts'
import type { NoticeState } from '../notice/notice-kind.ts'
import {
  changeNoticeStatement,
  claimNotice,
  findNotice,
  findOpenNotices,
  type OpenNoticeKey,
} from '../notice/notices.ts'
import { postNotice } from '../notice/post-notice.ts'
import type { RoundConclusion } from '../routing/failover.ts'
import { orderForText, toFront } from '../routing/order-route.ts'
import { chooseRoute } from '../routing/route.ts'
import { takeRouteNotes } from '../routing/route-notes.ts'
import { leaseEnd } from './claim.ts'
import type { DeliverContext } from './deliver-context.ts'
import { formerCopies } from './former-copy.ts'
import { lockProgress, noticeTextFor } from './notice-text.ts'
import { pushNotice } from './push-notice.ts'
import { nextAttemptNumber, retryDelaySeconds, toAttempt } from './round.ts'
import { sendText } from './send-text.ts'
import { storeNotes } from './store-notes.ts'
import { tellConfirmedLock } from './tell-confirmed.ts'

const AFTER_ROUND: Readonly<Record<RoundConclusion, NoticeState>> = {
  accepted: 'accepted',
  stopped: 'failed',
  rejected: 'failed',
  exhausted: 'open',
}

/** Whole seconds until the queue shall bring the notice again, or null when it is settled. */
export async function deliverNotice(
  context: DeliverContext,
  key: Pick<Notice, 'accountId' | 'noticeId'>,
): Promise<number | null> {
  const { config, now } = context
  const db = context.dbOf(key.accountId)
  const { dataKeys } = config
  const claimedAt = now()
  const leaseUntil = leaseEnd(config, claimedAt)
  const notice = await claimNotice(db, key, leaseUntil, claimedAt)
  if (!notice) return null
  const account = await findAccount(db, notice.accountId)
  // First: what goes wrong with the one must not keep the other from being told.
  for (const copy of await formerCopies(dataKeys, notice, account, claimedAt)) {
    await postNotice(context, copy)
  }
  const phone =
    notice.phoneSealed === null
      ? await openPhone(dataKeys, account)
      : await openSealedPhone(dataKeys, notice.accountId, notice.phoneSealed)
  const isTooOld = claimedAt - notice.createdAt > NOTICE_MAX_AGE_MS
  const isMuted = account !== null && phoneStateAt(account, claimedAt) === 'opted_out'
  const isVain =
    isTooOld ||
    isOvertaken(notice, isMuted) ||
    (await isBackAgain(dataKeys, notice, { account, phone }))
  const progress = await lockProgress(context, notice)
  const { isConfirmed } = progress
  const textFor =
    account && phone && !isVain && (await noticeTextFor(context, notice, account, progress))
  // A sender that may not say it is no way for it; where none may, neither will one before it is too old.
  const texts = new Map(
    phone && textFor
      ? chooseRoute(config, phone, context.now()).flatMap((step) => {
          const text = textFor(step, phone)
          return text === null ? [] : [[step, text] as const]
        })
      : [],
  )
  if (!phone || texts.size === 0) {
    await settle(context, notice, 'failed')
    await pushNotice(context, notice, account)
    return null
  }
  const { country } = phone
  const route = orderForText(context, [...texts.keys()], { id: notice.noticeId, country })
  // The answer comes from whom was written to, where that can be.
  const { round, notes, later } = await sendText(context, toFront(route, notice.provider), {
    to: phone,
    accountId: notice.accountId,
    seq: 0,
    noticeId: notice.noticeId,
    id: notice.noticeId,
    receivedAt: notice.createdAt,
    firstAttempt: nextAttemptNumber(notice.attempts),
    textFor: (step) => {
      const text = texts.get(step)
      if (!text) throw new Error('a step that is not of the route')
      return text
    },
  })
  const state = AFTER_ROUND[round.conclusion]
  const calls = round.calls.map(toAttempt)
  const ageMs = now() - notice.createdAt
  const retryAfterSeconds = state === 'open' ? retryDelaySeconds(ageMs) : null
  const isWaiting = retryAfterSeconds !== null
  // Said to be asked for: the confirmation is told when it comes, or here if it was faster than this note.
  const askedFor = isConfirmed ? null : saidAsked(notice, calls)
  await record(context, notice, {
    state,
    calls,
    leaseUntil: isWaiting ? now() + (retryAfterSeconds - 1) * SECOND_MS : 0,
    askedFor,
  })
  await storeNotes(context, notes)
  if (askedFor !== null) await tellConfirmedLock(context, notice.accountId, askedFor)
  if (notice.attempts.length === 0) await pushNotice(context, notice, account)
  const overtaken = (await later).map(toAttempt)
  if (overtaken.length === 0) return retryAfterSeconds
  const all = mergeAttempts(calls, overtaken)
  const late = { calls: all, askedFor: isConfirmed ? null : saidAsked(notice, all) }
  return recordLate(context, notice, late, retryAfterSeconds)
}

/** The callback of a lock that somebody may have been told was only asked for. */
function saidAsked(notice: Notice, calls: readonly Attempt[]): string | null {
  const isOut = calls.some(({ state }) => state !== 'failed')
  return notice.kind === 'locked' && isOut ? lockCallbackOf(notice) : null
}

/** "Alerts go to another number now" is no news to the number they go to, as after a change and its undoing. */
async function isBackAgain(
  keys: SealKeys,
  { kind }: Notice,
  { account, phone }: { readonly account: Account | null; readonly phone: Phone | null },
): Promise<boolean> {
  if (kind !== 'phone_changed' || phone === null) return false
  return (await openPhone(keys, account))?.e164 === phone.e164
}

type Finished = {
  readonly state: NoticeState
  readonly calls: readonly Attempt[]
  readonly leaseUntil: number
  /** From `saidAsked`. */
  readonly askedFor: string | null
}

const CONFLICTS_MAX = 8

/** A receipt may overtake the note of its own call: then both are kept. */
async function record(context: DeliverContext, notice: Notice, finished: Finished): Promise<void> {
  const db = context.dbOf(notice.accountId)
  const { state, calls, leaseUntil, askedFor } = finished
  let current: Notice | null = notice
  for (let conflict = 0; conflict < CONFLICTS_MAX && current; conflict += 1) {
    const attempts = mergeAttempts(current.attempts, calls)
    const change = changeNoticeStatement(db, current, {
      ...{ state, attempts, leaseUntil },
      ...(askedFor !== null && { subject: askedSubject(askedFor) }),
    })
    const changed = await change
    if (changed.meta.changes > 0) return
    current = await findNotice(db, notice)
  }
}

/** What overtaken calls came to. One that was taken after all settles the notice: nobody sends it again. */
async function recordLate(
  context: DeliverContext,
  notice: Notice,
  { calls, askedFor }: Pick<Finished, 'calls' | 'askedFor'>,
  retryAfterSeconds: number | null,
): Promise<number | null> {
  const current = await findNotice(context.dbOf(notice.accountId), notice)
  if (!current) return null
  const isTaken = calls.some(({ state }) => state === 'accepted')
  const state = isTaken ? 'accepted' : current.state
  const { leaseUntil } = current
  await record(context, current, { state, calls, leaseUntil, askedFor })
  await storeNotes(context, takeRouteNotes(context))
  if (askedFor !== null) await tellConfirmedLock(context, notice.accountId, askedFor)
  return state === 'open' ? retryAfterSeconds : null
}

async function settle(context: DeliverContext, notice: Notice, state: NoticeState): Promise<void> {
  const { attempts } = notice
  await changeNoticeStatement(context.dbOf(notice.accountId), notice, {
    state,
    attempts,
    leaseUntil: 0,
  })
}

/** A notice whose queue message was lost this long ago gets another. */
const OVERDUE_MS = 30 * SECOND_MS

/** Once a minute, a page of one database; too old ones are closed when they are claimed. */
export async function sweepNotices(
  context: DeliverContext,
  db: Db,
  after: OpenNoticeKey | null,
): Promise<SweepPage<OpenNoticeKey>> {
  const before = context.now() - OVERDUE_MS
  const open = await findOpenNotices(db, after)
  const overdue = open.filter(
    ({ createdAt, leaseUntil }) => createdAt < before && leaseUntil < before,
  )
  await sendAll(
    context.alerts,
    overdue.map(({ accountId, noticeId }) => ({ body: { kind: 'notice', accountId, noticeId } })),
  )
  return pageOf(open, overdue.length, ({ createdAt, accountId, noticeId }) => ({
    createdAt,
    accountId,
    noticeId,
  }))
}
