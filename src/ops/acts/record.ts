// Who did what by hand, when and why: a row in the batch of what was done, so that neither is without the other, and a line
// in the log. Where an act sends messages, it is recorded before they go.

import { and, count, desc, eq, gt, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../lib/db.ts'
import { randomId } from '../../lib/ids.ts'
import { insertWhen } from '../../lib/insert-when.ts'
import { logInfo } from '../../lib/log.ts'
import type { Ports } from '../../lib/ports.ts'
import { DAY_MS } from '../../lib/time.ts'
import { opsActs } from '../tables.ts'
import type { Act, ActDone } from './act.ts'

export type RecordedAct = typeof opsActs.$inferSelect

/** Questions about last year's incident come this year. */
export const ACTS_KEPT_MS = 400 * DAY_MS

export function newAct(
  random: Ports['randomBytes'],
  { act, reason }: Pick<Act, 'act' | 'reason'>,
  subject: string,
  who: string,
  now: number,
): RecordedAct {
  const actId = randomId(random, 'act')
  return { actedAt: now, actId, act, subject, who, reason, count: 0, untilAt: null }
}

/** `count` may be known to its batch alone. */
export function recordStatement(
  db: Db,
  act: Omit<RecordedAct, 'count'> & { readonly count: number | SQL<number> },
  when?: SQL,
) {
  return insertWhen(db, opsActs, act, when)
}

/** For `when`: the same was done to the same fewer than `max` times since, and not within the pause. */
export function isRareSql(
  db: Db,
  { act, subject, actedAt }: RecordedAct,
  bounds: { readonly sinceAt: number; readonly max: number; readonly pauseMs: number },
): SQL {
  const isSame = and(eq(opsActs.act, act), eq(opsActs.subject, subject))
  const often = db
    .select({ count: count() })
    .from(opsActs)
    .where(and(gte(opsActs.actedAt, bounds.sinceAt), isSame))
  const justNow = db
    .select({ found: sql`1` })
    .from(opsActs)
    .where(and(gt(opsActs.actedAt, actedAt - bounds.pauseMs), isSame))
  return sql`${often} < ${bounds.max} AND NOT EXISTS ${justNow}`
}

/** The line, and what is answered. The reason stays out of the log: somebody wrote it freely. */
export function actDone(
  { actId, act, subject, who }: RecordedAct,
  done: Partial<Omit<ActDone, 'actId'>>,
): ActDone {
  const { count = 0, untilAt = null, next = null } = done
  logInfo('ops.acted', { act_id: actId, act, subject, who, count })
  return { actId, count, untilAt, next }
}

/** The newest first. */
export async function listActs(db: Db, limit: number): Promise<readonly RecordedAct[]> {
  return db.select().from(opsActs).orderBy(desc(opsActs.actedAt), desc(opsActs.actId)).limit(limit)
}

/** By key, which begins with the instant. */
export function forgetActsStatement(db: Db, now: number) {
  return db.delete(opsActs).where(lt(opsActs.actedAt, now - ACTS_KEPT_MS))
}
