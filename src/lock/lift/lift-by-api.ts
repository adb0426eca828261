// The exchange asks that holds be ended early. What its wish is worth is decided in decide-lift.ts; a lift that is due later is
// stored with the notice to the owner in one batch, and asked for again it is the same one.

import { type SQL, sql } from 'drizzle-orm'
import { isHeldSql } from '../../account/hold.ts'
import { readErasedAt } from '../../guard/erased-scope.ts'
import { randomId } from '../../lib/ids.ts'
import { logInfo } from '../../lib/log.ts'
import type { Ports } from '../../lib/ports.ts'
import type { SealKeys } from '../../lib/seal.ts'
import { formatInstant } from '../../lib/time.ts'
import type { NoticeContext } from '../../notice/notice-context.ts'
import { insertNoticeStatement } from '../../notice/notices.ts'
import { nudgeNotice } from '../../notice/post-notice.ts'
import { type Lift, liftHold } from '../hold-state.ts'
import { isHoldRunningSql } from '../holds.ts'
import type { ActContext } from '../lock-context.ts'
import { decideLift, type LiftConfig } from './decide-lift.ts'
import { newestLockIdSql } from './lift-lock.ts'
import { askLiftStatement, findLiftsStatement, isAskedSql, isStoppedSql } from './lifts.ts'
import { type RunningHold, readWhose } from './running-holds.ts'

type LiftContext = ActContext &
  NoticeContext &
  Pick<Ports, 'randomBytes'> & {
    readonly config: LiftConfig & { readonly dataKeys: SealKeys }
  }

export type LiftWish = {
  readonly reason: string
  readonly lockId: string | null
  readonly key: string
}

/** `stopped`: it was asked for before, and somebody wants the hold. */
export type LiftAnswer =
  | { readonly kind: Lift | 'stopped' }
  | { readonly kind: 'later'; readonly dueAt: number }

export async function liftByApi(
  context: LiftContext,
  accountId: string,
  wish: LiftWish,
): Promise<LiftAnswer> {
  const now = context.now()
  const later: { readonly holds: readonly RunningHold[]; readonly delayMs: number }[] = []
  const kind = await liftHold(context, accountId, {
    ...wish,
    mayLift: async (running) => {
      const db = context.dbOf(accountId)
      const { config } = context
      const [held, erasedAt] = await Promise.all([
        readWhose(db, accountId, running, now),
        readErasedAt(db, config.dataKeys, accountId),
      ])
      const verdict = decideLift(config, { ...held, erasedAt })
      if (verdict.kind === 'later') later.push({ holds: held.holds, delayMs: verdict.delayMs })
      return verdict.kind === 'at_once'
    },
  })
  const [asked] = later
  if (kind !== 'owner_required' || !asked) return { kind }
  const { holds, delayMs } = asked
  return askLater(context, { accountId, holds, ...wish }, { now, dueAt: now + delayMs })
}

type Request = LiftWish & { readonly accountId: string; readonly holds: readonly RunningHold[] }

async function askLater(
  context: LiftContext,
  { accountId, holds, reason, lockId, key }: Request,
  { now, dueAt }: { readonly now: number; readonly dueAt: number },
): Promise<LiftAnswer> {
  const db = context.dbOf(accountId)
  const holdIds = holds.map(({ holdId }) => holdId)
  const requestNumber = randomNumber(context)
  const isMeant = lockId === null ? sql`true` : sql`${newestLockIdSql(accountId)} IS ${lockId}`
  // All of them or none: what ends beside a hold that was kept would not let anything out.
  const may = sql`${isMeant} AND NOT ${isStoppedSql(accountId, holdIds)}`
  const [first, ...others] = holds.map((hold) => {
    const lift = { accountId, holdId: hold.holdId, requestNumber, reason, askedAt: now, dueAt }
    return askLiftStatement(db, lift, sql`${may} AND ${runsSql(accountId, hold, now)}`)
  })
  if (!first) return { kind: 'not_held' }
  const noticeId = randomId(context.randomBytes, 'ntc')
  const subject = String(requestNumber)
  const notice = { accountId, noticeId, kind: 'lift_asked', untilAt: dueAt, subject } as const
  const isNew = isAskedSql(accountId, requestNumber)
  await db.batch([first, ...others, insertNoticeStatement(db, notice, now, isNew)])
  const lifts = await findLiftsStatement(db, accountId, holdIds)
  if (lifts.some((lift) => lift.ended === 'stopped')) return { kind: 'stopped' }
  const open = lifts.filter((lift) => lift.ended === null)
  // Another lock is in force by now, or none is.
  if (open.length === 0) return { kind: 'lock_changed' }
  if (open.some((lift) => lift.requestNumber === requestNumber)) {
    logInfo('lift.asked', { account_id: accountId, key, due_at: formatInstant(dueAt) })
    await nudgeNotice(context, notice)
  }
  return { kind: 'later', dueAt: Math.max(...open.map((lift) => lift.dueAt)) }
}

/** Of four bytes, as that of a card. */
function randomNumber({ randomBytes }: LiftContext): number {
  return randomBytes(4).reduce((number, byte) => number * 256 + byte, 0)
}

function runsSql(accountId: string, { holdId, reason }: RunningHold, now: number): SQL {
  return reason === 'lock'
    ? sql`(${isHeldSql(accountId, now)} AND coalesce(${newestLockIdSql(accountId)}, '') = ${holdId})`
    : isHoldRunningSql({ accountId, holdId }, now)
}
