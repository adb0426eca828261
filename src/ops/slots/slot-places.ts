// Where a slot is, as every database has it, and how that changes. No row says the same twice: `changed_at` grows with each
// change, whatever the clocks say, and whoever changes or copies asks for the very row that he has read. Of two who move a
// slot at once one goes on, and whoever comes late, after the slot has stayed and was sent off again, does nothing more.
//
// In the database that a slot comes to, `moved_to` is its own name from when it has been emptied of what an earlier try had
// left there; in the one that it leaves, the name of the other, from when it is copied: `here` still, then `frozen`.

import type { Db } from '../../lib/db.ts'
import type { Shard } from '../../lib/shards.ts'
import { HOME, SLOT_ROW, type SlotState, slotAway } from '../../lib/slot-guard.ts'
import { slots } from '../tables.ts'

export type Place = {
  readonly shard: Shard
  readonly state: SlotState | null
  readonly movedTo: string | null
  /** Null where there is no row yet. */
  readonly changedAt: number | null
}

/** All that a database says: at most 256 rows. */
export function readSlotsStatement(db: Db) {
  return db.select().from(slots)
}

export async function findPlaces(
  shards: readonly Shard[],
  slot: number,
): Promise<readonly Place[]> {
  return Promise.all(
    shards.map(async (shard) => {
      const { results } = await shard.database
        .prepare(SLOT_ROW)
        .bind(slot)
        .all<{ state: SlotState; movedTo: string | null; changedAt: number }>()
      const [row] = results
      if (row) return { shard, ...row }
      const state = shard.name === HOME ? ('here' as const) : null
      return { shard, state, movedTo: null, changedAt: null }
    }),
  )
}

/** Fails, with all of its batch, unless the slot's row is the one that was read. */
export function expectStatement(
  { shard, state, movedTo, changedAt }: Place,
  slot: number,
): D1PreparedStatement {
  return shard.database
    .prepare(
      `SELECT json('not ' || found) FROM (SELECT count(*) AS found FROM slots
        WHERE slot = ?1 AND state = ?2 AND moved_to IS ?3 AND changed_at = ?4) WHERE found = 0`,
    )
    .bind(slot, state, movedTo, changedAt)
}

/** Fails unless the row is the one that was read, or there is none still; and unless `condition` holds. */
export async function setPlace(
  place: Place,
  slot: number,
  next: Pick<Place, 'state' | 'movedTo'>,
  now: number,
  condition = 'true',
): Promise<Place> {
  const result = await placeStatement(place, slot, next, now, condition).all<Changed>()
  return placeOf(place, slot, next, result)
}

type Changed = { readonly changedAt: number }

/** For a batch; what came of it says `placeOf`. */
export function placeStatement(
  { shard, changedAt }: Place,
  slot: number,
  next: Pick<Place, 'state' | 'movedTo'>,
  now: number,
  condition = 'true',
): D1PreparedStatement {
  return shard.database
    .prepare(
      `INSERT INTO slots (slot, state, moved_to, changed_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (slot) DO UPDATE SET state = ?2, moved_to = ?3, changed_at = max(?4, changed_at + 1)
        WHERE changed_at IS ?5 AND ${condition} RETURNING changed_at AS changedAt`,
    )
    .bind(slot, next.state, next.movedTo, now, changedAt)
}

export function placeOf(
  { shard }: Place,
  slot: number,
  { state, movedTo }: Pick<Place, 'state' | 'movedTo'>,
  result: D1Result<Changed> | undefined,
): Place {
  const [row] = result?.results ?? []
  // Whoever asked may ask again, and finds where it is then.
  if (!row) throw slotAway([slot])
  return { shard, state, movedTo, changedAt: row.changedAt }
}
