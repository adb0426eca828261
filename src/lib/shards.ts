// An account's rows are in one of several databases, by its slot: `dbOf` is the database of one account. Whoever has no
// account to ask for (a session, a number, a browser) asks all of them. `SHARDS` says where each slot is; one that was
// moved since is followed, and one that is on its way, or that nobody has, is as if D1 were away.

import { databaseOver, prepareAll, type Query, type RunBatch } from './batch-database.ts'
import { type Db, openDb } from './db.ts'
import { err, ok, type Result } from './result.ts'
import { slotOf } from './slot.ts'
import {
  ALL_SLOTS,
  guardText,
  HOME,
  isSlotAway,
  mayBeGuard,
  SLOT_ROW,
  slotAway,
  slotsOf,
} from './slot-guard.ts'

export type Shard = {
  /** Of its binding: `DB`, `DB_1`. */
  readonly name: string
  readonly database: D1Database
  /** The same with nothing before it: for what finds accounts. What is found is changed by the account's own. */
  readonly db: Db
}

/** The database of one account: its statements alone may be run there. */
export type DbOf = (accountId: string) => Db

export type Shards = {
  readonly dbOf: DbOf
  /** Every database that is bound: one to which slots are moved is none of `SHARDS` yet. */
  readonly all: readonly [Shard, ...Shard[]]
  /** The accounts by the databases in which they are, as far as is known here. */
  readonly groupsOf: (accountIds: readonly string[]) => readonly (readonly string[])[]
  /** Of accounts that are in one database: fails if any of them is away. */
  readonly dbOfAll: (accountIds: readonly string[]) => Db
}

/** `databases`: every one that is bound, `DB` first. `slots`: the name of its database, for each. */
export function createShards(
  databases: readonly [Shard, ...Shard[]],
  slots: readonly string[],
): Shards {
  const [home] = databases
  const byName = new Map(databases.map((shard) => [shard.name, shard]))
  const places = slots.map((name) => byName.get(name) ?? home)
  const placeOf = (slot: number) => places[slot] ?? home
  const opened: (Db | undefined)[] = []

  /** Whether the slot is elsewhere than where it was asked for; others of this isolate may have heard of it meanwhile. */
  async function follow(slot: number, asked: Shard): Promise<boolean> {
    const rows = await asked.database.prepare(SLOT_ROW).bind(slot).all<Where>()
    const [row] = rows.results
    const further = row?.state === 'moved' ? byName.get(row.movedTo ?? '') : undefined
    // A database that it shall come to, or was to, does not know where it is.
    const next = further ?? (await findHere(databases, slot))
    if (!next || next === asked) return false
    places[slot] = next
    return true
  }

  async function runInSlot(slot: number, batch: readonly Query[]): ReturnType<RunBatch> {
    // A slot that goes round is one that is on its way.
    for (let hops = 0; hops <= databases.length; hops += 1) {
      const place = placeOf(slot)
      try {
        return await runGuarded(place, [slot], batch)
      } catch (error) {
        if (!isSlotAway(error)) throw error
        if (!(await follow(slot, place))) throw error
      }
    }
    throw slotAway([slot])
  }

  function dbOf(accountId: string): Db {
    const slot = slotOf(accountId)
    const known = opened[slot]
    if (known) return known
    const made = openDb(databaseOver((batch) => runInSlot(slot, batch)))
    opened[slot] = made
    return made
  }

  return {
    dbOf,
    all: databases,
    groupsOf(accountIds) {
      const groups = new Map<Shard, string[]>()
      for (const accountId of new Set(accountIds)) {
        const place = placeOf(slotOf(accountId))
        const group = groups.get(place)
        if (group) group.push(accountId)
        else groups.set(place, [accountId])
      }
      return [...groups.values()]
    },
    dbOfAll(accountIds) {
      const [first = '', ...others] = accountIds
      const among = slotsOf(accountIds)
      if (others.length === 0 || among.length === 1) return dbOf(first)
      const place = placeOf(slotOf(first))
      return openDb(databaseOver((batch) => runGuarded(place, among, batch)))
    },
  }
}

type Where = { readonly state: string; readonly movedTo: string | null }

/** The database in which a row says that the slot is here; null where there is none, of those that answer. */
async function findHere(databases: readonly Shard[], slot: number): Promise<Shard | null> {
  const asked = await Promise.allSettled(
    databases.map(({ database }) => database.prepare(SLOT_ROW).bind(slot).all<Where>()),
  )
  const here = databases.find((_, index) => {
    const answer = asked[index]
    return answer?.status === 'fulfilled' && answer.value.results[0]?.state === 'here'
  })
  return here ?? null
}

async function runGuarded(
  { name, database }: Shard,
  slots: readonly number[],
  batch: readonly Query[],
): ReturnType<RunBatch> {
  try {
    const guard = database.prepare(guardText(name, slots))
    const [, ...results] = await database.batch<Record<string, unknown>>([
      guard,
      ...prepareAll(database, batch),
    ])
    return results
  } catch (error) {
    throw mayBeGuard(error) ? slotAway(slots, error) : error
  }
}

/** What became of the items of one database, or of one account of it. */
export type Part<Item, Outcome> = {
  readonly items: readonly Item[]
  readonly outcome: Result<Outcome, unknown>
}

/**
 * Runs `work` once for each database that has some of the items' accounts. Where a slot of several is away, once for each
 * account: one that is on its way holds up no other. `work` must do nothing before its batch that may not be done twice.
 */
export async function onShards<Item, Outcome>(
  shards: Shards,
  items: readonly Item[],
  accountIdOf: (item: Item) => string,
  work: (db: Db, items: readonly Item[]) => Promise<Outcome>,
): Promise<readonly Part<Item, Outcome>[]> {
  const run = async (accountIds: readonly string[]): Promise<Part<Item, Outcome>[]> => {
    const group = items.filter((item) => accountIds.includes(accountIdOf(item)))
    try {
      return [{ items: group, outcome: ok(await work(shards.dbOfAll(accountIds), group)) }]
    } catch (error) {
      if (!isSlotAway(error) || accountIds.length === 1)
        return [{ items: group, outcome: err(error) }]
      const parts = await Promise.all(accountIds.map((accountId) => run([accountId])))
      return parts.flat()
    }
  }
  const parts = await Promise.all(shards.groupsOf(items.map(accountIdOf)).map(run))
  return parts.flat()
}

export type Found<Row> = {
  readonly rows: readonly Row[]
  /** Of why not all accounts were looked at, if so: what is not among `rows` may be there all the same. */
  readonly missing: unknown
}

/** In an error's text. */
const TOLD_SLOTS_MAX = 8

const HERE = `SELECT slot, state = 'here' AS isHere FROM slots`

/**
 * What is found by no account, of all databases at once. Of a slot that is being moved, rows are in two: those count where
 * it is here. `ask` makes one call.
 */
export async function askAll<Row extends { readonly accountId: string }>(
  shards: Shards,
  ask: (db: Db) => Promise<readonly Row[]>,
): Promise<Found<Row>> {
  const answers = await Promise.all(
    shards.all.map(async (shard) => {
      try {
        return ok(await askOne(shard, ask))
      } catch (error) {
        return err(error)
      }
    }),
  )
  const rows: Row[] = []
  const seen = new Set<number>()
  let missing: unknown = null
  for (const answer of answers) {
    if (!answer.ok) missing ??= answer.error
    else {
      // A slot that came over between two answers is in both.
      const { here, rows: found } = answer.value
      rows.push(...found.filter(({ accountId }) => !seen.has(slotOf(accountId))))
      for (const slot of here) seen.add(slot)
    }
  }
  const gone = ALL_SLOTS.filter((slot) => !seen.has(slot))
  if (gone.length > 0) missing ??= slotAway(gone.slice(0, TOLD_SLOTS_MAX))
  return { rows, missing }
}

async function askOne<Row extends { readonly accountId: string }>(
  { name, database }: Shard,
  ask: (db: Db) => Promise<readonly Row[]>,
) {
  const states = new Map<unknown, boolean>()
  const db = openDb(
    databaseOver(async (batch) => {
      const [told, ...results] = await database.batch<Record<string, unknown>>([
        database.prepare(HERE),
        ...prepareAll(database, batch),
      ])
      for (const { slot, isHere } of told?.results ?? []) states.set(slot, isHere === 1)
      return results
    }),
  )
  const rows = await ask(db)
  const isHere = (slot: number) => states.get(slot) ?? name === HOME
  return {
    here: ALL_SLOTS.filter(isHere),
    rows: rows.filter(({ accountId }) => isHere(slotOf(accountId))),
  }
}
