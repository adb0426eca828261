// Once a minute: lifts whose time has come, and which nobody stopped. Each is a batch of its own in its account's database, so
// that of two sweeps one makes it, and whoever stops it at the same moment has stopped it or comes too late.

import { sql } from 'drizzle-orm'
import { isHeldSql } from '../../account/hold.ts'
import { nudgeCallback } from '../../exchange/nudge.ts'
import type { Db } from '../../lib/db.ts'
import { randomId } from '../../lib/ids.ts'
import { errorFields, logError, logInfo } from '../../lib/log.ts'
import type { Ports } from '../../lib/ports.ts'
import type { SweepPage } from '../../lib/sweep-page.ts'
import type { NoticeContext } from '../../notice/notice-context.ts'
import { insertNoticeStatement } from '../../notice/notices.ts'
import { nudgeNotice } from '../../notice/post-notice.ts'
import { endHoldStatements, findHoldStatement, holdCallbackId, isHoldRunningSql } from '../holds.ts'
import type { ActContext } from '../lock-context.ts'
import { liftLockStatements, lockLiftedId, newestLockIdSql } from './lift-lock.ts'
import {
  type DueLiftKey,
  endLiftStatement,
  findDueLifts,
  findLiftsStatement,
  isDueSql,
} from './lifts.ts'

type DueContext = ActContext & NoticeContext & Pick<Ports, 'randomBytes'>

/** Each costs a look and a batch. */
const PAGE_ROWS = 100

/** `db`: one of all the databases. What of a slot that moved away is still there is looked at where it is now. */
export async function sweepLifts(
  context: DueContext,
  db: Db,
  after: DueLiftKey | null,
): Promise<SweepPage<DueLiftKey>> {
  const due = await findDueLifts(db, after, { now: context.now(), rows: PAGE_ROWS })
  for (const key of due) {
    try {
      await makeLift(context, key)
    } catch (error) {
      // One slot is away; the next minute tries again.
      logError('job.failed', { queue: 'sweep', kind: 'lift', ...errorFields(error) })
    }
  }
  return { count: due.length, last: due.length < PAGE_ROWS ? null : (due.at(-1) ?? null) }
}

async function makeLift(context: DueContext, { accountId, holdId }: DueLiftKey): Promise<void> {
  const db = context.dbOf(accountId)
  const now = context.now()
  const key = { accountId, holdId }
  const [lifts, stored] = await db.batch([
    findLiftsStatement(db, accountId, [holdId]),
    findHoldStatement(db, key),
  ])
  const [lift] = lifts
  if (!lift) return
  const [hold] = stored
  const isDue = isDueSql(key, now)
  const lockId = holdId === '' ? null : holdId
  const isLock = sql`(${isDue} AND ${isHeldSql(accountId, now)} AND ${newestLockIdSql(accountId)} IS ${lockId})`
  const callbackId = hold
    ? await holdCallbackId('hold.lifted', hold)
    : await lockLiftedId(accountId, lockId, now)
  const terms = { callbackId, reason: lift.reason, now }
  const [tell, ...ends] = hold
    ? endHoldStatements(db, hold, { ...terms, when: isDue })
    : liftLockStatements(db, { accountId, lockId }, { ...terms, when: isLock })
  const noticeId = randomId(context.randomBytes, 'ntc')
  const notice = { accountId, noticeId, kind: 'hold_lifted' } as const
  const isTold = hold ? sql`${isDue} AND ${isHoldRunningSql(hold, now)}` : isLock
  const [told] = await db.batch([
    insertNoticeStatement(db, notice, now, isTold),
    tell,
    ...ends,
    endLiftStatement(db, key, now),
  ])
  if (told.meta.changes === 0) return
  logInfo('hold.lifted', { account_id: accountId, hold_id: holdId })
  await nudgeCallback(context, accountId, callbackId)
  await nudgeNotice(context, notice)
}
