// Where a slot is, as every database has it, and how that changes. Each change asks for what it found: of two who move a slot
// at once, one goes on. In the database that a slot comes to, `moved_to` is its own name from when it has been emptied of
// what an earlier try had left there; in the one that it leaves, the name of the other.

import type { Shard } from '../../lib/shards.ts'
import { HOME, SLOT_ROW, type SlotState, slotAway } from '../../lib/slot-guard.ts'

export type Place = {
  readonly shard: Shard
  readonly state: SlotState | null
  readonly movedTo: string | null
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
        .all<{ state: SlotState; movedTo: string | null }>()
      const [row] = results
      if (row) return { shard, ...row }
      return { shard, state: shard.name === HOME ? ('here' as const) : null, movedTo: null }
    }),
  )
}

/** Fails, with all of its batch, unless the slot's row says just this. */
export function expectStatement(
  { database }: Shard,
  slot: number,
  state: SlotState,
  movedTo: string | null,
): D1PreparedStatement {
  return database
    .prepare(
      `SELECT json('not ' || found) FROM (SELECT count(*) AS found FROM slots
        WHERE slot = ?1 AND state = ?2 AND moved_to IS ?3) WHERE found = 0`,
    )
    .bind(slot, state, movedTo)
}

/** `from`: what the row must say; null where there may be none. */
export async function setPlace(
  { shard, state, movedTo }: Place,
  slot: number,
  next: { readonly state: SlotState; readonly movedTo: string | null },
  now: number,
): Promise<void> {
  const { meta } = await shard.database
    .prepare(
      `INSERT INTO slots (slot, state, moved_to, changed_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (slot) DO UPDATE SET state = ?2, moved_to = ?3, changed_at = ?4
        WHERE state IS ?5 AND moved_to IS ?6`,
    )
    .bind(slot, next.state, next.movedTo, now, state, movedTo)
    .run()
  // Whoever asked may ask again, and finds where it is then.
  if (meta.changes === 0) throw slotAway([slot])
}
