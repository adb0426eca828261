// A slot moved to another database, a part with each call: see ../slots/move-slot.ts.

import type { Db } from '../../lib/db.ts'
import type { Ports } from '../../lib/ports.ts'
import { err, ok } from '../../lib/result.ts'
import type { Shards } from '../../lib/shards.ts'
import { moveSlot as moveOn } from '../slots/move-slot.ts'
import type { ActResult, MoveSlot } from './act.ts'
import { actDone, newAct, recordStatement } from './record.ts'

export type SlotActContext = Pick<Ports, 'randomBytes'> & {
  readonly db: Db
  readonly shards: Shards
}

/** Recorded when it begins. */
export async function moveSlot(
  { db, shards, randomBytes }: SlotActContext,
  act: MoveSlot,
  who: string,
  now: number,
): Promise<ActResult> {
  const record = newAct(randomBytes, act, `${act.slot} ${act.to}`, who, now)
  const moved = await moveOn(shards, act.slot, act.to, now, {
    record: async () => {
      if (act.from === null) await recordStatement(db, record)
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
