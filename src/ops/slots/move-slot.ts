// Moves one slot from the database that has it to another, while the Worker runs: empty the place, freeze, copy, compare,
// hand over, delete. How far it has come is in the databases alone, so that whoever comes next goes on, here or in
// another isolate. While it is frozen, its accounts are as if D1 were away.

import { copyLimits } from '../../guard/copy-limits.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import type { Shard, Shards } from '../../lib/shards.ts'
import { ACCOUNT_TABLES } from '../table-owners.ts'
import { expectStatement, findPlaces, type Place, setPlace } from './slot-places.ts'
import {
  compare,
  countRows,
  deleteStatement,
  insertStatements,
  lastKeys,
  readPage,
  readShapes,
} from './slot-rows.ts'

const ROWS_PER_PAGE = 500
/** Each is three calls of D1, and an invocation may make a thousand. */
const PAGES_PER_CALL = 150

/** What the call did: how many rows, and what is to be done next; null where nothing is. */
export type MoveStep = { readonly rows: number; readonly next: 'copy' | 'delete' | 'clear' | null }

export type MoveRefusal = {
  readonly kind: 'no_such_database' | 'not_ready'
  readonly detail: string
}

/** What is left of a call. */
type Budget = { pages: number; readonly rowsPerPage: number }

/** Safe to repeat, and to be repeated until `next` is null. To the database in which it is frozen: it stays there. */
export async function moveSlot(
  shards: Shards,
  slot: number,
  to: string,
  now: number,
  { pages = PAGES_PER_CALL, rowsPerPage = ROWS_PER_PAGE }: Partial<Budget> = {},
): Promise<Result<MoveStep, MoveRefusal>> {
  const places = await findPlaces(shards.all, slot)
  const target = places.find(({ shard }) => shard.name === to)
  if (!target) return err({ kind: 'no_such_database', detail: `No database is bound as ${to}.` })
  const budget = { pages, rowsPerPage }
  if (target.state === 'here') return ok(await deleteLeftovers(places, slot, budget))
  const source = places.find(({ shard, state, movedTo }) => isSource(shard, state, movedTo))
  if (!source) return finishHandOver(places, target, slot, now)
  if (source === target) return ok(await stay(places, source, slot, now))
  if (source.state === 'frozen' && source.movedTo !== to) {
    return err({ kind: 'not_ready', detail: `It is on its way to ${source.movedTo}.` })
  }
  const begun = await begin(source, target, slot, budget, now)
  if (!begun.ok || begun.value.next === 'clear') return begun
  const rows = await copyAll(source.shard, target.shard, slot, budget)
  if (budget.pages <= 0) return ok({ rows, next: 'copy' })
  await copyLimits(source.shard.database, target.shard.database, now)
  await compareCounts(source.shard, target.shard, slot)
  await handOver(source.shard, target.shard, slot, now)
  return ok({ rows, next: 'delete' })
}

/** The one that has it, or had it before it was frozen. */
function isSource({ name }: Shard, state: Place['state'], movedTo: string | null): boolean {
  return state === 'here' || (state === 'frozen' && movedTo !== null && movedTo !== name)
}

/** Walks that would have to see what moves, and whose place it would move past. */
async function whyNotYet(from: Shard, to: Shard): Promise<string | null> {
  const waiting = await from.database.prepare('SELECT 1 FROM slotless_accounts LIMIT 1').all()
  if (waiting.results.length > 0) {
    return 'Accounts from before slots wait to be moved to theirs; the sweep does it.'
  }
  for (const { name, database } of [from, to]) {
    const resealing = await database
      .prepare('SELECT 1 FROM seal_walks WHERE finished_at IS NULL OR outstanding > 0')
      .all()
    if (resealing.results.length > 0) {
      return `What an older key has sealed in ${name} is being sealed anew; the sweep does it.`
    }
  }
  return null
}

/** It has been emptied, and nobody but a copy writes to it. */
function isReady({ shard, state, movedTo }: Place): boolean {
  return state === 'frozen' && movedTo === shard.name
}

/** What lies ready elsewhere goes first: what was copied there is of a moment that is over. */
async function stay(
  places: readonly Place[],
  source: Place,
  slot: number,
  now: number,
): Promise<MoveStep> {
  for (const place of places) {
    if (isReady(place)) await setPlace(place, slot, { state: 'frozen', movedTo: null }, now)
  }
  await setPlace(source, slot, { state: 'here', movedTo: null }, now)
  return { rows: 0, next: null }
}

/**
 * Makes room in the target, then freezes. What others have done of it is not done again: of two who move a slot at once, one
 * may have read long ago where it is.
 */
async function begin(
  source: Place,
  target: Place,
  slot: number,
  budget: Budget,
  now: number,
): Promise<Result<MoveStep, MoveRefusal>> {
  const isFrozen = source.state === 'frozen'
  const detail = isFrozen ? null : await whyNotYet(source.shard, target.shard)
  if (detail !== null) return err({ kind: 'not_ready', detail })
  let rows = 0
  if (!isReady(target)) {
    const empty = { state: 'frozen', movedTo: null } as const
    await setPlace(target, slot, empty, now)
    const guard = () => expectStatement(target.shard, slot, 'frozen', null)
    rows = await deleteRows(target.shard, slot, guard, budget)
    if (budget.pages <= 0) return ok({ rows, next: 'clear' })
    const ready = { state: 'frozen', movedTo: target.shard.name } as const
    await setPlace({ shard: target.shard, ...empty }, slot, ready, now)
  }
  if (!isFrozen) {
    await setPlace(source, slot, { state: 'frozen', movedTo: target.shard.name }, now)
  }
  return ok({ rows, next: 'copy' })
}

async function copyAll(from: Shard, to: Shard, slot: number, budget: Budget): Promise<number> {
  let rows = 0
  const shapes = await readShapes(from, ACCOUNT_TABLES)
  // What is there was compared already.
  const lasts = await lastKeys(to, shapes, slot)
  for (const [index, shape] of shapes.entries()) {
    let after = lasts[index] ?? []
    while (budget.pages > 0) {
      budget.pages -= 1
      const page = await readPage(from, shape, slot, after, budget.rowsPerPage)
      if (page.length > 0) {
        await to.database.batch([
          expectStatement(to, slot, 'frozen', to.name),
          ...insertStatements(to, shape, page),
        ])
        after = await compare(to, shape, slot, { after, rows: page })
        rows += page.length
      }
      if (page.length < budget.rowsPerPage) break
    }
  }
  return rows
}

async function compareCounts(from: Shard, to: Shard, slot: number): Promise<void> {
  const [there, here] = await Promise.all(
    [from, to].map((shard) => countRows(shard, ACCOUNT_TABLES, slot)),
  )
  if (JSON.stringify(there) !== JSON.stringify(here)) {
    throw new Error(
      `slot ${slot} has ${here?.join()} rows in ${to.name}, ${there?.join()} in ${from.name}`,
    )
  }
}

/** Between the two it is nowhere, never in two. */
async function handOver(from: Shard, to: Shard, slot: number, now: number): Promise<void> {
  const frozen = { state: 'frozen', movedTo: to.name } as const
  await setPlace({ shard: from, ...frozen }, slot, { state: 'moved', movedTo: to.name }, now)
  await setPlace({ shard: to, ...frozen }, slot, { state: 'here', movedTo: null }, now)
}

/**
 * Whoever handed it over did not come to the end. Or the target was given up meanwhile, by one who had read before that where
 * the slot is: then it is copied again, since nothing is deleted before the target has it.
 */
async function finishHandOver(
  places: readonly Place[],
  target: Place,
  slot: number,
  now: number,
): Promise<Result<MoveStep, MoveRefusal>> {
  const { name } = target.shard
  const [left, ...others] = places.filter(
    ({ state, movedTo }) => state === 'moved' && movedTo === name,
  )
  if (!left || target.state !== 'frozen') {
    return err({ kind: 'not_ready', detail: 'No database has it.' })
  }
  if (isReady(target)) {
    await setPlace(target, slot, { state: 'here', movedTo: null }, now)
    return ok({ rows: 0, next: 'delete' })
  }
  if (others.length > 0) {
    return err({
      kind: 'not_ready',
      detail: `${left.shard.name} and others say they left it to ${name}.`,
    })
  }
  await setPlace(left, slot, { state: 'frozen', movedTo: name }, now)
  return ok({ rows: 0, next: 'copy' })
}

async function deleteLeftovers(
  places: readonly Place[],
  slot: number,
  budget: Budget,
): Promise<MoveStep> {
  let rows = 0
  for (const { shard, state, movedTo } of places) {
    if (state !== 'moved' || movedTo === null) continue
    const guard = () => expectStatement(shard, slot, 'moved', movedTo)
    rows += await deleteRows(shard, slot, guard, budget)
  }
  return { rows, next: budget.pages > 0 ? null : 'delete' }
}

async function deleteRows(
  shard: Shard,
  slot: number,
  guard: () => D1PreparedStatement,
  budget: Budget,
): Promise<number> {
  const shapes = await readShapes(shard, ACCOUNT_TABLES)
  let rows = 0
  for (let isMore = true; isMore && budget.pages > 0; ) {
    budget.pages -= 1
    const results = await shard.database.batch([
      guard(),
      ...shapes.map((shape) => deleteStatement(shard, shape, slot, budget.rowsPerPage)),
    ])
    const changes = results.slice(1).map(({ meta }) => meta.changes)
    rows += changes.reduce((sum, count) => sum + count, 0)
    isMore = changes.some((count) => count >= budget.rowsPerPage)
  }
  return rows
}
