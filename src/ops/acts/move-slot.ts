// A slot moved to another database, a part with each call: see ../slots/move-slot.ts.

import { and, desc, eq, gt, like, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../lib/db.ts'
import type { Ports } from '../../lib/ports.ts'
import { err, ok } from '../../lib/result.ts'
import type { Shards } from '../../lib/shards.ts'
import { HOUR_MS } from '../../lib/time.ts'
import { moveSlot as moveOn } from '../slots/move-slot.ts'
import { opsActs } from '../tables.ts'
import type { ActResult, MoveSlot } from './act.ts'
import { actDone, newAct, type RecordedAct, recordStatement } from './record.ts'

export type SlotActContext = Pick<Ports, 'randomBytes'> & {
  readonly db: Db
  readonly shards: Shards
}

/** A move of many calls that takes longer is recorded again. */
export const MOVE_RECORD_MS = HOUR_MS

/** Recorded before it begins, and so with no count; what is refused is not. */
export async function moveSlot(
  { db, shards, randomBytes }: SlotActContext,
  act: MoveSlot,
  who: string,
  now: number,
): Promise<ActResult> {
  const record = newAct(randomBytes, act, `${act.slot} ${act.to}`, who, now)
  const moved = await moveOn(shards, act.slot, act.to, now, {
    record: async () => {
      await recordStatement(
        db,
        record,
        act.from === null ? undefined : isNewsSql(db, record, act.slot),
      )
    },
  })
  if (!moved.ok) {
    const { kind, detail } = moved.error
    return kind === 'no_such_database'
      ? err({ kind: 'invalid', pointer: '/to', detail })
      : err({ kind: 'not_possible', detail })
  }
  const { rows, next } = moved.value
  return ok(actDone(record, { count: rows, next }))
}

/**
 * Whoever sends `from` says that he goes on, and has to be believed no further than the record goes: the newest of the slot is
 * his own, and to the same database.
 */
function isNewsSql(db: Db, { act, actedAt, subject, who }: RecordedAct, slot: number): SQL {
  const newest = db
    .select({ isSame: sql`${and(eq(opsActs.subject, subject), eq(opsActs.who, who))}` })
    .from(opsActs)
    .where(
      and(
        gt(opsActs.actedAt, actedAt - MOVE_RECORD_MS),
        eq(opsActs.act, act),
        like(opsActs.subject, `${slot} %`),
      ),
    )
    .orderBy(desc(opsActs.actedAt), desc(opsActs.actId))
    .limit(1)
  return sql`coalesce(${newest}, 0) = 0`
}
