// An account's rows are in one of several databases, by its slot: `dbOf` is the database of one account. Whoever has no
// account to ask for (a session, a number, a browser) asks all of them. `SHARDS` says where each slot is; one that was
// moved since is followed, and one that is on its way, or that nobody has, is as if D1 were away.

import { databaseOver, prepareAll, type Query, type RunBatch } from './batch-database.ts'
import { type Db, openDb } from './db.ts'
import { err, ok } from './result.ts'
import { slotOf } from './slot.ts'
import {
  ALL_SLOTS,
  guardText,
  HOME,
  isSlotAway,
  mayBeGuard,
  slotAway,
  slotRowsText,
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
  readonly groupsOf: (accountIds: readonly string[]) => readonly Group[]
  /** Of accounts that are in one database: fails if any of them is away. */
  readonly dbOfAll: (group: Group) => Db
  /**
   * For a group that failed so: learns where each of its slots is, all of them in one question, or in one to every database.
   * Returns the accounts that have a place, to be grouped anew; the rest are on their way.
   */
  readonly follow: (group: Group) => Promise<readonly string[]>
}

export type Group = { readonly place: Shard; readonly accountIds: readonly string[] }

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

  /**
   * Where these slots are, which were asked for in the wrong place; none for those that are on their way. Others of this
   * isolate may have heard of it meanwhile: it is told all the same.
   */
  async function findPlaces(
    slots: readonly number[],
    asked: Shard,
  ): Promise<ReadonlyMap<number, Shard>> {
    const rows = await readRows(asked, slots)
    const found = new Map<number, Shard>()
    for (const slot of slots) {
      const row = rows.get(slot)
      const isHere = row ? row.state === 'here' : asked.name === HOME
      const place = row?.state === 'moved' ? byName.get(row.movedTo ?? '') : undefined
      if (isHere) found.set(slot, asked)
      else if (place) found.set(slot, place)
    }
    // A database that they shall come to, or were to, does not know where they are.
    const lost = slots.filter((slot) => !found.has(slot))
    for (const [slot, place] of await findHere(databases, lost)) found.set(slot, place)
    for (const [slot, place] of found) places[slot] = place
    return found
  }

  async function runInSlot(slot: number, batch: readonly Query[]): ReturnType<RunBatch> {
    // A slot that goes round is one that is on its way.
    for (let hops = 0; hops <= databases.length; hops += 1) {
      const place = placeOf(slot)
      try {
        return await runGuarded(place, [slot], batch)
      } catch (error) {
        if (!isSlotAway(error)) throw error
        const next = (await findPlaces([slot], place)).get(slot)
        if (!next || next === place) throw error
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
      return [...groups].map(([place, some]) => ({ place, accountIds: some }))
    },
    dbOfAll({ place, accountIds }) {
      const [first = '', ...others] = accountIds
      const among = slotsOf(accountIds)
      if (others.length === 0 || among.length === 1) return dbOf(first)
      return openDb(databaseOver((batch) => runGuarded(place, among, batch)))
    },
    async follow({ place, accountIds }) {
      const found = await findPlaces(slotsOf(accountIds), place)
      return accountIds.filter((accountId) => found.has(slotOf(accountId)))
    },
  }
}

type Where = { readonly slot: number; readonly state: string; readonly movedTo: string | null }

/** What the database says of these slots; nothing of most. */
async function readRows(
  { database }: Shard,
  slots: readonly number[],
): Promise<ReadonlyMap<number, Where>> {
  const { results } = await database.prepare(slotRowsText(slots)).all<Where>()
  return new Map(results.map((row) => [row.slot, row]))
}

/** The databases in which a row says that a slot is here, of those that answer. */
async function findHere(
  databases: readonly Shard[],
  slots: readonly number[],
): Promise<ReadonlyMap<number, Shard>> {
  const here = new Map<number, Shard>()
  if (slots.length === 0) return here
  const asked = await Promise.allSettled(databases.map((shard) => readRows(shard, slots)))
  for (const [index, shard] of databases.entries()) {
    const answer = asked[index]
    if (answer?.status !== 'fulfilled') continue
    for (const { slot, state } of answer.value.values()) {
      if (state === 'here' && !here.has(slot)) here.set(slot, shard)
    }
  }
  return here
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
