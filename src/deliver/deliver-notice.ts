// One notice on its way: claim, compose, send, record. Shorter lived than an alert, and no second wave:
// whoever waits for an answer writes again.

import { findAccount } from '../account/accounts.ts'
import { openPhone } from '../account/open-phone.ts'
import { mergeAttempts } from '../alert/attempt.ts'
import { countSegments } from '../alert/segments.ts'
import type { Context } from '../context.ts'
import { SECOND_MS } from '../lib/time.ts'
import { composeNotice, NOTICE_MAX_AGE_MS, type Notice } from '../notice/notice.ts'
import type { NoticeState } from '../notice/notice-kind.ts'
import { changeNoticeStatement, claimNotice, findOverdueNotices } from '../notice/notices.ts'
import { chooseLanguage } from '../words/languages.ts'
import { leaseMs } from './claim.ts'
import type { RoundConclusion } from './failover.ts'
import { orderForText, toFront } from './order-route.ts'
import { nextAttemptNumber, retryDelaySeconds, toAttempt } from './round.ts'
import { chooseRoute } from './route.ts'
import { routeStatements } from './route-notes.ts'
import { sendText } from './send-text.ts'

const AFTER_ROUND: Readonly<Record<RoundConclusion, NoticeState>> = {
  accepted: 'accepted',
  stopped: 'failed',
  rejected: 'failed',
  exhausted: 'open',
}

/** Whole seconds until the queue shall bring the notice again, or null when it is settled. */
export async function deliverNotice(
  context: Context,
  key: Pick<Notice, 'accountId' | 'noticeId'>,
): Promise<number | null> {
  const { config, db, now } = context
  const { providers, attemptTimeoutMs, dataKeys } = config
  const claimedAt = now()
  const leaseUntil = claimedAt + leaseMs(providers.length, attemptTimeoutMs)
  const notice = await claimNotice(db, key, leaseUntil, claimedAt)
  if (!notice) return null
  const account = await findAccount(db, notice.accountId)
  const phone = await openPhone(dataKeys, account)
  if (!phone || claimedAt - notice.createdAt > NOTICE_MAX_AGE_MS) {
    await settle(context, notice, 'failed')
    return null
  }
  const language = chooseLanguage([account?.locale ?? null])
  const text = composeNotice(notice, config.exchangeName, language)
  const { country } = phone
  const chosen = chooseRoute(config, phone)
  const route = orderForText(context, chosen, { id: notice.noticeId, country })
  // The answer comes from whom was written to, where that can be.
  const { round, notes } = await sendText(context, toFront(route, notice.provider), {
    to: phone,
    accountId: notice.accountId,
    seq: 0,
    id: notice.noticeId,
    receivedAt: notice.createdAt,
    firstAttempt: nextAttemptNumber(notice.attempts),
    textFor: () => ({ text, segments: countSegments(text).segments }),
  })
  const attempts = mergeAttempts(notice.attempts, round.calls.map(toAttempt))
  const state = AFTER_ROUND[round.conclusion]
  const ageMs = now() - notice.createdAt
  const retryAfterSeconds = state === 'open' ? retryDelaySeconds(ageMs) : null
  await db.batch([
    changeNoticeStatement(db, notice, {
      state,
      attempts,
      leaseUntil: retryAfterSeconds === null ? 0 : now() + (retryAfterSeconds - 1) * SECOND_MS,
    }),
    ...routeStatements(db, notes, now()),
  ])
  return retryAfterSeconds
}

async function settle(context: Context, notice: Notice, state: NoticeState): Promise<void> {
  const { attempts } = notice
  await changeNoticeStatement(context.db, notice, { state, attempts, leaseUntil: 0 })
}

/** A notice whose queue message was lost this long ago gets another. */
const OVERDUE_MS = 30 * SECOND_MS

/** Once a minute; too old ones are closed when they are claimed. Returns how many were nudged. */
export async function sweepNotices(context: Context): Promise<number> {
  const overdue = await findOverdueNotices(context.db, context.now() - OVERDUE_MS)
  for (const { accountId, noticeId } of overdue) {
    await context.alerts.send({ kind: 'notice', accountId, noticeId })
  }
  return overdue.length
}
