// Work on many accounts at once, done in each of their databases. What it fails with in one, or for a slot that is on its way,
// holds up no other.

import type { Db } from './db.ts'
import { err, ok, type Result } from './result.ts'
import type { Group, Shards } from './shards.ts'
import { isSlotAway, slotAway, slotsOf } from './slot-guard.ts'

/** What became of the items of one database, or of those of its that are on their way. */
export type Part<Item, Outcome> = {
  readonly items: readonly Item[]
  readonly outcome: Result<Outcome, unknown>
}

/**
 * Runs `work` once for each database that has some of the items' accounts. Where a slot of several is away, the places of all
 * are learnt at once and `work` is run anew for each database; those that are on their way hold up no other. `work` must do
 * nothing before its batch that may not be done twice.
 */
export async function onShards<Item, Outcome>(
  shards: Shards,
  items: readonly Item[],
  accountIdOf: (item: Item) => string,
  work: (db: Db, items: readonly Item[]) => Promise<Outcome>,
): Promise<readonly Part<Item, Outcome>[]> {
  const of = (accountIds: readonly string[]) => {
    const among = new Set(accountIds)
    return items.filter((item) => among.has(accountIdOf(item)))
  }
  const run = async (group: Group, hopsLeft: number): Promise<readonly Part<Item, Outcome>[]> => {
    const { accountIds } = group
    const own = of(accountIds)
    try {
      return [{ items: own, outcome: ok(await work(shards.dbOfAll(group), own)) }]
    } catch (error) {
      // A single one was followed already.
      if (!isSlotAway(error) || accountIds.length === 1 || hopsLeft === 0)
        return [{ items: own, outcome: err(error) }]
      return runAnew(group, hopsLeft - 1, error)
    }
  }
  const runAll = async (accountIds: readonly string[], hopsLeft: number) => {
    const groups = shards.groupsOf(accountIds)
    return (await Promise.all(groups.map((group) => run(group, hopsLeft)))).flat()
  }
  const runAnew = async (
    group: Group,
    hopsLeft: number,
    error: unknown,
  ): Promise<readonly Part<Item, Outcome>[]> => {
    try {
      const found = new Set(await shards.follow(group))
      const away = group.accountIds.filter((accountId) => !found.has(accountId))
      const parts = await runAll([...found], hopsLeft)
      if (away.length === 0) return parts
      return [...parts, { items: of(away), outcome: err(slotAway(slotsOf(away), error)) }]
    } catch (asking) {
      return [{ items: of(group.accountIds), outcome: err(asking) }]
    }
  }
  // A slot that goes round is one that is on its way.
  return runAll(items.map(accountIdOf), shards.all.length)
}
