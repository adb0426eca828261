// Moves one slot from the database that has it to another, while the Worker runs: empty the place, copy and compare, freeze,
// copy what has changed meanwhile, hand over, delete (copy-slot.ts). How far it has come is in the databases alone, so that
// whoever comes next goes on, here or in another isolate. While it is frozen, for as long as some calls of D1 take, its
// accounts are as if D1 were away.
//
// What was copied counts only with the rows of `slots` under which it was: what is read was read since the slot has been on
// its way as it is now, and what has changed since is noted (slot-changes.ts); what is written goes where it was emptied
// for that (slot-places.ts). A slot that stays makes it void.
//
// The databases are read one beside the other, and one may be slow: what is read of them may never have been true together.
// So whoever changes the place that a slot comes to first renews the row of the place that has it. That fails if the slot
// has gone on; and whoever had read the row before, to hand over, does so no more.

import { copyLimits } from '../../guard/copy-limits.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import type { Shard, Shards } from '../../lib/shards.ts'
import { ACCOUNT_TABLES } from '../table-owners.ts'
import { type Budget, copySlot, EMPTYING, isAlertTaken, type Way } from './copy-slot.ts'
import { forgetChanges, isNoted, noteChanges } from './slot-changes.ts'
import { expectStatement, findPlaces, type Place, setPlace } from './slot-places.ts'
import { deleteStatement, readShapes } from './slot-rows.ts'

/** Of one table: under a million bytes. */
export const ROWS_PER_PAGE = 1_000
/** Of all tables together. Each is up to six statements, and an invocation may make a thousand. */
export const PAGES_PER_CALL = 100

/** What the call did: how many rows, and what is to be done next; null where nothing is. */
export type MoveStep = { readonly rows: number; readonly next: 'copy' | 'delete' | 'clear' | null }

export type MoveRefusal = {
  readonly kind: 'no_such_database' | 'not_ready'
  readonly detail: string
}

type MoveOptions = Partial<Budget> & {
  /**
   * Done before a row moves, once it is known where the slot is and that nothing refuses it: whoever is slow at it, and late,
   * changes nothing that was changed meanwhile.
   */
  readonly record?: () => Promise<unknown>
}

/** Safe to repeat, and to be repeated until `next` is null. To the database in which it is frozen: it stays there. */
export async function moveSlot(
  shards: Shards,
  slot: number,
  to: string,
  now: number,
  { pages = PAGES_PER_CALL, rowsPerPage = ROWS_PER_PAGE, record }: MoveOptions = {},
): Promise<Result<MoveStep, MoveRefusal>> {
  const places = await findPlaces(shards.all, slot)
  const target = places.find(({ shard }) => shard.name === to)
  if (!target) return err({ kind: 'no_such_database', detail: `No database is bound as ${to}.` })
  const budget = { pages, rowsPerPage }
  if (target.state === 'here') {
    await record?.()
    const held = await hold(places, target, slot, now)
    return ok(await deleteLeftovers(held, slot, budget))
  }
  const source = places.find(({ shard, state, movedTo }) => isSource(shard, state, movedTo))
  if (!source) return finishHandOver(places, to, slot, now, record)
  if (source === target) {
    await record?.()
    await hold(places, source, slot, now)
    return ok({ rows: 0, next: 'delete' })
  }
  if (source.movedTo !== null && source.movedTo !== to) {
    return err({ kind: 'not_ready', detail: `It is on its way to ${source.movedTo}.` })
  }
  const detail = source.state === 'frozen' ? null : await whyNotYet(source.shard)
  if (detail !== null) return err({ kind: 'not_ready', detail })
  await record?.()
  const { rows: cleared, way } = await begin({ from: source, to: target }, slot, budget, now)
  if (!way) return ok({ rows: cleared, next: 'clear' })
  let copied: Awaited<ReturnType<typeof copySlot>>
  try {
    copied = await copySlot(way, slot, budget, now)
  } catch (error) {
    if (!isAlertTaken(error)) throw error
    await stayIn(shards, slot, source.shard, now)
    return err({ kind: 'not_ready', detail: error.message })
  }
  const { rows, frozen } = copied
  if (!frozen) return ok({ rows, next: 'copy' })
  await copyLimits(frozen.from.shard.database, frozen.to.shard.database, now)
  await handOver(frozen, slot, now)
  return ok({ rows, next: 'delete' })
}

/** Whether it was frozen already or not: nobody waits for what cannot go on. Where another has moved it on, that stands. */
async function stayIn(shards: Shards, slot: number, { name }: Shard, now: number): Promise<void> {
  const places = await findPlaces(shards.all, slot)
  const source = places.find(({ shard, state, movedTo }) => isSource(shard, state, movedTo))
  if (source?.shard.name !== name) return
  await hold(places, source, slot, now)
  await forgetChanges(source.shard)
}

/** The one that has it, or had it before it was frozen. */
function isSource({ name }: Shard, state: Place['state'], movedTo: string | null): boolean {
  return state === 'here' || (state === 'frozen' && movedTo !== null && movedTo !== name)
}

/** A walk that would have to see what moves, and whose place it would move past. */
async function whyNotYet({ database }: Shard): Promise<string | null> {
  const waiting = await database.prepare('SELECT 1 FROM slotless_accounts LIMIT 1').all()
  return waiting.results.length === 0
    ? null
    : 'Accounts from before slots wait to be moved to theirs; the sweep does it.'
}

/** Nothing of what lies there is needed, if a database has the slot. */
export function isUseless({ state, movedTo }: Place): boolean {
  return state === 'moved' || (state === 'frozen' && movedTo === null)
}

/** It has been emptied, and nobody but a copy writes to it. */
function isReady({ shard, state, movedTo }: Place): boolean {
  return state === 'frozen' && movedTo === shard.name
}

/** The same again, but for `changed_at`: whoever has read the row before does nothing more with it. */
function renew(place: Place, slot: number, now: number): Promise<Place> {
  return setPlace(place, slot, place.state === null ? EMPTYING : place, now)
}

/**
 * It is here, or stays. Who has read it before, to send it away, does so no more, however late he is. What was copied elsewhere
 * goes first: it is of a moment that is over.
 */
export async function hold(
  places: readonly Place[],
  source: Place,
  slot: number,
  now: number,
): Promise<readonly Place[]> {
  const renewed = await renew(source, slot, now)
  const others: Place[] = []
  for (const place of places) {
    if (place === source) continue
    const mayHaveCopy = place.state === 'frozen' || place.shard.name === source.movedTo
    others.push(mayHaveCopy ? await setPlace(place, slot, EMPTYING, now) : place)
  }
  return [...others, await setPlace(renewed, slot, { state: 'here', movedTo: null }, now)]
}

/**
 * Makes room in the target, then lets changes be noted. What another try has copied there counts only while they have been
 * noted ever since, or the slot has been frozen. No way yet where the room was not made within the call.
 */
async function begin(
  { from, to }: Way,
  slot: number,
  budget: Budget,
  now: number,
): Promise<{ readonly rows: number; readonly way: Way | null }> {
  const isFrozen = from.state === 'frozen'
  const renewed = await renew(from, slot, now)
  if (isReady(to)) {
    const isUnderWay = isFrozen || (from.movedTo !== null && (await isNoted(from.shard)))
    if (isUnderWay) return { rows: 0, way: { from: renewed, to: await renew(to, slot, now) } }
  }
  const { shard } = to
  const emptying = await setPlace(to, slot, EMPTYING, now)
  const rows = await deleteRows(emptying, slot, budget)
  if (budget.pages <= 0) return { rows, way: null }
  const ready = await setPlace(emptying, slot, { state: 'frozen', movedTo: shard.name }, now)
  const leaving = isFrozen ? renewed : await noteChanges(renewed, slot, shard.name, now)
  return { rows, way: { from: leaving, to: ready } }
}

/** Between the two it is nowhere, never in two. */
async function handOver({ from, to }: Way, slot: number, now: number): Promise<void> {
  await setPlace(from, slot, { state: 'moved', movedTo: to.shard.name }, now)
  await setPlace(to, slot, { state: 'here', movedTo: null }, now)
}

/**
 * Whoever handed it over did not come to the end: this one does, whoever is to have it at last, since it is nowhere till
 * then. If what was copied was given up meanwhile it is copied again: nothing is deleted before the other has it.
 */
async function finishHandOver(
  found: readonly Place[],
  to: string,
  slot: number,
  now: number,
  record: MoveOptions['record'],
): Promise<Result<MoveStep, MoveRefusal>> {
  const places: Place[] = []
  // Where all of them are as they were read, it was true together, and stays so while nobody has it.
  for (const place of found) places.push(await renew(place, slot, now))
  const heirs = places.filter(
    ({ shard, state }) => state === 'frozen' && leaversTo(shard).length > 0,
  )
  const ready = heirs.filter(isReady)
  const [heir, ...others] = ready.length > 0 ? ready : heirs
  if (!heir) return err({ kind: 'not_ready', detail: 'No database has it.' })
  const [left, ...more] = leaversTo(heir.shard)
  // One may be of an earlier move, and have no row any more.
  if (others.length > 0 || (ready.length === 0 && more.length > 0) || !left) {
    const names = [heir, ...others].map(({ shard }) => shard.name).join(', ')
    return err({ kind: 'not_ready', detail: `Several say where it is: ${names}.` })
  }
  await record?.()
  if (ready.length > 0) {
    await setPlace(heir, slot, { state: 'here', movedTo: null }, now)
    return ok({ rows: 0, next: heir.shard.name === to ? 'delete' : 'copy' })
  }
  await setPlace(left, slot, { state: 'frozen', movedTo: heir.shard.name }, now)
  return ok({ rows: 0, next: 'copy' })

  function leaversTo({ name }: Shard): readonly Place[] {
    return places.filter(({ state, movedTo }) => state === 'moved' && movedTo === name)
  }
}

async function deleteLeftovers(
  places: readonly Place[],
  slot: number,
  budget: Budget,
): Promise<MoveStep> {
  let rows = 0
  for (const place of places) {
    if (isUseless(place)) rows += await deleteRows(place, slot, budget)
  }
  if (budget.pages <= 0) return { rows, next: 'delete' }
  await Promise.all(places.map(({ shard }) => forgetChanges(shard)))
  return { rows, next: null }
}

/** As long as the place says what it did. */
export async function deleteRows(place: Place, slot: number, budget: Budget): Promise<number> {
  const { shard } = place
  let shapes = await readShapes(shard, ACCOUNT_TABLES)
  let rows = 0
  while (shapes.length > 0 && budget.pages > 0) {
    budget.pages -= shapes.length
    const results = await shard.database.batch([
      expectStatement(place, slot),
      ...shapes.map((shape) => deleteStatement(shard, shape, slot, budget.rowsPerPage)),
    ])
    const changes = results.slice(1).map(({ meta }) => meta.changes)
    rows += changes.reduce((sum, count) => sum + count, 0)
    shapes = shapes.filter((_, index) => (changes[index] ?? 0) >= budget.rowsPerPage)
  }
  return rows
}
