// A hold that the owner plans: it strengthens, so a visit is enough; nobody ends it early, so it is asked for twice. Told to
// the exchange and by SMS in the batch that begins it.

import { sql } from 'drizzle-orm'
import { nudgeCallback } from '../../exchange/nudge.ts'
import { randomId } from '../../lib/ids.ts'
import { DAY_MS } from '../../lib/time.ts'
import { holdCallbackId, isHeldForSql, startHoldStatements } from '../../lock/holds.ts'
import { insertNoticeStatement } from '../../notice/notices.ts'
import { nudgeNotice } from '../../notice/post-notice.ts'
import type { PortalContext } from '../portal-context.ts'

export const PLANNED_DAYS_MAX = 7

/** Null for what is no number of days that may be chosen. */
export function readPlannedDays(text: string | null): number | null {
  const days = /^[1-9]$/.test(text ?? '') ? Number(text) : 0
  return days >= 1 && days <= PLANNED_DAYS_MAX ? days : null
}

/** False where one was planned before: that is not made longer. */
export async function planHold(
  context: PortalContext,
  accountId: string,
  days: number,
): Promise<boolean> {
  const db = context.dbOf(accountId)
  const now = context.now()
  const holdId = randomId(context.randomBytes, 'hld')
  const hold = {
    ...({ accountId, holdId, reason: 'planned', alertId: null, cause: 'owner' } as const),
    ...{ startedAt: now, until: now + days * DAY_MS },
  }
  const callbackId = await holdCallbackId('hold.started', hold)
  const noticeId = randomId(context.randomBytes, 'ntc')
  const notice = { accountId, noticeId, kind: 'hold_planned', untilAt: hold.until } as const
  const [told, begun] = await db.batch([
    // First: whether one runs is to be known as it was before.
    insertNoticeStatement(db, notice, now, sql`NOT ${isHeldForSql(accountId, 'planned', now)}`),
    ...startHoldStatements(db, { ...hold, callbackId, erasedScopes: [] }),
  ])
  if (begun.meta.changes === 0) return false
  await nudgeCallback(context, accountId, callbackId)
  if (told.meta.changes > 0) await nudgeNotice(context, notice)
  return true
}
