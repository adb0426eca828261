// What a mover who died has left behind, and nobody would ever erase or forget: rows of a slot that was moved away from here,
// or was copied here and never came. The minute's sweep deletes it, a bounded part with each call; a move that nobody has gone
// on with is taken back first, so that the slot stays where it is. It decides nothing of a slot that is nowhere: of that the
// incident `slot_frozen` tells.
//
// It touches nothing that is served. What it deletes it deletes in a batch that fails unless the row of `slots` is still the
// one that was read, and only after another database was seen to have the slot; whoever takes up the move again changes that
// row first, and copies from the beginning.

import type { Shard, Shards } from '../../lib/shards.ts'
import { MINUTE_MS } from '../../lib/time.ts'
import { ACCOUNT_TABLES } from '../table-owners.ts'
import { deleteRows, hold, isUseless, PAGES_PER_CALL, ROWS_PER_PAGE } from './move-slot.ts'
import { forgetChanges } from './slot-changes.ts'
import { findPlaces, type Place } from './slot-places.ts'

/** Far longer than whoever moves a slot rests between two calls. */
export const ABANDONED_MS = 10 * MINUTE_MS

const HAS_ROWS = ACCOUNT_TABLES.map(
  (table) => `EXISTS (SELECT 1 FROM ${table} WHERE ${table}.slot = slots.slot)`,
).join(' OR ')

/** Of one database: the next slot of which something was left here, or its move was. At most 256 rows are read. */
const NEXT_SLOT = `SELECT slot FROM slots WHERE slot > ?1 AND (
    (changed_at <= ?2 AND moved_to IS NOT NULL AND (state = 'here' OR (state = 'frozen' AND moved_to = ?3)))
    OR (((changed_at <= ?2 AND state = 'moved') OR (state = 'frozen' AND moved_to IS NULL)) AND (${HAS_ROWS}))
  ) ORDER BY slot LIMIT 1`

/** `after`: where the next page begins; null where there is none. */
type Cleared = { readonly rows: number; readonly after: number | null }

/**
 * Of the slots after `after`, the first of which something was left in this database: its next rows go, wherever they are. At the
 * end what was noted of changes goes too, where nobody copies.
 */
export async function clearNextSlot(
  shards: Shards,
  shard: Shard,
  after: number,
  now: number,
  budget = { pages: PAGES_PER_CALL, rowsPerPage: ROWS_PER_PAGE },
): Promise<Cleared> {
  const { results } = await shard.database
    .prepare(NEXT_SLOT)
    .bind(after, now - ABANDONED_MS, shard.name)
    .all<{ slot: number }>()
  const [next] = results
  if (!next) {
    await forgetChanges(shard)
    return { rows: 0, after: null }
  }
  const rows = await clearSlot(shards, next.slot, now, budget)
  return { rows, after: budget.pages > 0 ? next.slot : next.slot - 1 }
}

async function clearSlot(
  shards: Shards,
  slot: number,
  now: number,
  budget: { pages: number; readonly rowsPerPage: number },
): Promise<number> {
  const found = await findPlaces(shards.all, slot)
  // Asked once they had answered: what is left where it was moved away from is of no use if the other has had it since.
  const places = await findPlaces(shards.all, slot)
  const owner = places.find(({ state }) => state === 'here')
  if (!owner) return 0
  const isLeft = places.some(isUnderWay) && places.every((place) => isQuiet(place, now))
  const left = isLeft ? await hold(places, owner, slot, now) : found
  let rows = 0
  for (const place of left.filter(isUseless)) {
    // Whoever has just moved it deletes it himself.
    if (place.state === 'moved' && !isQuiet(place, now)) continue
    rows += await deleteRows(place, slot, budget)
  }
  return rows
}

/** It is being copied from there or to there, or was. */
function isUnderWay({ state, movedTo }: Place): boolean {
  return state !== 'moved' && movedTo !== null
}

function isQuiet({ changedAt }: Place, now: number): boolean {
  return changedAt === null || changedAt <= now - ABANDONED_MS
}
