// Locks by a way that a stranger may hold, or asks the owner first: the rule is ask-first.ts. The question is an SMS with a
// lock link to the account's number, a few a day however often the way is tried.

import { and, desc, eq, gt, or } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { deriveId } from '../lib/ids.ts'
import { logInfo } from '../lib/log.ts'
import { ofAccount } from '../lib/slot.ts'
import { HOUR_MS } from '../lib/time.ts'
import type { NoticeContext } from '../notice/notice-context.ts'
import { postNotice } from '../notice/post-notice.ts'
import { ASK_FIRST_MS, asksFirst } from './ask-first.ts'
import { type Lock, type LockRequest, lockAccount, lockCallbackId } from './lock-account.ts'
import type { LockActContext } from './lock-context.ts'
import { locks } from './tables.ts'

/** One question for each way in this time: its link lives for a day. */
const ASK_AGAIN_MS = 6 * HOUR_MS

export type LockOrAsked =
  | { readonly kind: 'locked'; readonly lock: Lock }
  | { readonly kind: 'asked' }

type AskContext = LockActContext & NoticeContext

/** Safe to repeat. Throws when D1 is away. */
export async function lockOrAsk(context: AskContext, request: LockRequest): Promise<LockOrAsked> {
  const { accountId, via } = request
  const now = context.now()
  const earlier = await findEarlier(context.dbOf(accountId), request, now)
  if (!asksFirst(earlier, request, now)) {
    return { kind: 'locked', lock: await lockAccount(context, request) }
  }
  const span = String(Math.floor(now / ASK_AGAIN_MS))
  const noticeId = await deriveId('ntc', 'lock_asked', accountId, via, span)
  await postNotice(context, { accountId, noticeId, kind: 'lock_asked' })
  logInfo('lock.asked', { account_id: accountId, via })
  return { kind: 'asked' }
}

const EARLIER_MAX = 50

async function findEarlier(db: Db, { accountId, lockId, via }: LockRequest, now: number) {
  const isLifted = and(eq(locks.via, via), gt(locks.liftedAt, now - ASK_FIRST_MS))
  return db
    .select()
    .from(locks)
    .where(and(ofAccount(locks, accountId), or(eq(locks.lockId, lockId), isLifted)))
    .orderBy(desc(locks.lockedAt))
    .limit(EARLIER_MAX)
}

/** Tells the account's own number of a lock that it has not asked for itself; once for each lock. */
export async function tellOwnerOfLock(
  context: NoticeContext,
  { accountId, lockId, holdUntil }: Lock,
): Promise<void> {
  const noticeId = await deriveId('ntc', 'locked', accountId, lockId)
  const subject = await lockCallbackId({ accountId, lockId })
  await postNotice(context, { accountId, noticeId, kind: 'locked', untilAt: holdUntil, subject })
}
