// What a slot has goes to the other database: first all of it, page by page, while the slot is here and its accounts are
// served; then those accounts that have changed meanwhile, until few are left; then the slot is frozen, and these too. So
// nobody waits for the copying, however large the slot is: frozen is what takes some calls of D1.
//
// At every moment, whatever the source has is in the target as it is, or of an account that is noted as changed, or comes
// after all that the target has of that table. So accounts are copied once more only when no table has anything left that
// would come after.

import { ACCOUNT_TABLES } from '../table-owners.ts'
import { type Change, IS_NOTED, takeChanges } from './slot-changes.ts'
import { type Place, setPlace } from './slot-places.ts'
import {
  countAllBut,
  countUnchanged,
  findEnds,
  findTaken,
  type Page,
  type Position,
  positionAfter,
  readPages,
  readShapes,
  startOf,
  type TableShape,
  type Taken,
  writePages,
} from './slot-rows.ts'

/** As both said it when the copying began. */
export type Way = { readonly from: Place; readonly to: Place }

/** What is left of a call. */
export type Budget = { pages: number; readonly rowsPerPage: number }

/** What is there is of no use: of a target that is being emptied, or was given up. */
export const EMPTYING = { state: 'frozen', movedTo: null } as const

/** Copied once more with a call. */
const ACCOUNTS_PER_PAGE = 50
/** So many may be left when the slot is frozen. */
const FEW_ACCOUNTS = 10
/** A call that has less left, and did much, leaves freezing to the next, so that it ends in one. */
const PAGES_TO_END = 2 * ACCOUNT_TABLES.length

type Copied = {
  readonly rows: number
  /** The way of a slot that is frozen, and in the target as it is; null where something is left for another call. */
  readonly frozen: Way | null
}

export async function copySlot(
  way: Way,
  slot: number,
  budget: Budget,
  now: number,
): Promise<Copied> {
  const shapes = await readShapes(way.from.shard, ACCOUNT_TABLES)
  const ends = await findEnds(way.to.shard, shapes, slot)
  let rows = await copyPages(way, slot, ends, budget, now)
  if (budget.pages <= 0) return { rows, frozen: null }
  let frozen = way
  if (way.from.state === 'here') {
    const before = await copyChanged(way, slot, shapes, budget, now, FEW_ACCOUNTS)
    rows += before.rows
    if (!before.isDone || (rows > 0 && budget.pages < PAGES_TO_END)) return { rows, frozen: null }
    await compareCounts(way, slot, now)
    const next = { state: 'frozen', movedTo: way.from.movedTo } as const
    frozen = { from: await setPlace(way.from, slot, next, now, IS_NOTED), to: way.to }
  } else {
    await compareCounts(way, slot, now)
  }
  const last = await copyChanged(frozen, slot, shapes, budget, now, 0)
  return { rows: rows + last.rows, frozen: last.isDone ? frozen : null }
}

/** From each position to the end of its table. */
async function copyPages(
  way: Way,
  slot: number,
  from: readonly Position[],
  budget: Budget,
  now: number,
): Promise<number> {
  let rows = 0
  let positions = from
  while (positions.length > 0 && budget.pages > 0) {
    budget.pages -= positions.length
    const pages = await readNext(way, slot, positions, budget)
    if (pages.length > 0) await writeNext(way, slot, pages, [], now)
    rows += rowsOf(pages)
    positions = goingOn(pages, budget)
  }
  return rows
}

/**
 * Until no more than `few` accounts are left; or as many again come as were copied, since then there will never be fewer.
 */
async function copyChanged(
  way: Way,
  slot: number,
  shapes: readonly TableShape[],
  budget: Budget,
  now: number,
  few: number,
): Promise<{ readonly rows: number; readonly isDone: boolean }> {
  let rows = 0
  let copied: readonly Change[] = []
  for (;;) {
    const changes = await takeChanges(way.from, slot, copied, ACCOUNTS_PER_PAGE)
    const isShort = copied.length > 0 && copied.length < ACCOUNTS_PER_PAGE
    const isSteady = few > 0 && isShort && changes.length >= copied.length
    if (changes.length <= few || isSteady) return { rows, isDone: true }
    if (budget.pages <= 0) return { rows, isDone: false }
    rows += await copyAccounts(way, slot, shapes, changes, budget, now)
    copied = changes
  }
}

/** All their rows, instead of those that are there. If one changes meanwhile, it is still among the changed. */
async function copyAccounts(
  way: Way,
  slot: number,
  shapes: readonly TableShape[],
  changes: readonly Change[],
  budget: Budget,
  now: number,
): Promise<number> {
  const among = JSON.stringify(changes.map(({ accountId }) => accountId))
  const all = shapes.map((shape) => startOf(shape, among))
  let rows = 0
  let positions = all
  let instead = all
  while (positions.length > 0) {
    budget.pages -= positions.length
    const pages = await readNext(way, slot, positions, budget)
    if (pages.length + instead.length > 0) await writeNext(way, slot, pages, instead, now)
    rows += rowsOf(pages)
    positions = goingOn(pages, budget)
    instead = []
  }
  return rows
}

async function readNext(
  { from }: Way,
  slot: number,
  positions: readonly Position[],
  { rowsPerPage }: Budget,
): Promise<readonly Page[]> {
  const pages = await readPages(from, positions, slot, rowsPerPage)
  return pages.filter((page) => page.rows.length > 0)
}

async function writeNext(
  way: Way,
  slot: number,
  pages: readonly Page[],
  instead: readonly Position[],
  now: number,
): Promise<void> {
  const changed = await writePages(way.to, pages, slot, instead)
  if (changed.length === 0) return
  const taken = await findTaken(way.to, pages, slot)
  if (taken) throw alertTaken(taken, way.to.shard.name)
  await startOver(way, slot, `${changed.join()} is not as it was`, now)
}

const TAKEN = 'has the alert id of a login'

/** The exchange has sent two logins under one `webhook-id`, which two databases could not see. One cannot have both. */
function alertTaken({ alertId, comes, stands }: Taken, to: string): Error {
  return new Error(
    `A login of account ${comes} ${TAKEN} of account ${stands} that is in ${to} already: ${alertId}. Both were sent under one webhook-id.`,
  )
}

/** Whether a slot cannot go where it should while what is there is there; the message says why. */
export function isAlertTaken(error: unknown): error is Error {
  return error instanceof Error && error.message.includes(TAKEN)
}

function rowsOf(pages: readonly Page[]): number {
  return pages.reduce((sum, { rows }) => sum + rows.length, 0)
}

function goingOn(pages: readonly Page[], { rowsPerPage }: Budget): Position[] {
  return pages.filter((page) => page.rows.length === rowsPerPage).map(positionAfter)
}

/** Of accounts that have not changed; they are the same in both, and counted while nobody waits. */
async function compareCounts(way: Way, slot: number, now: number): Promise<void> {
  const { counts: there, changed } = await countUnchanged(way.from, ACCOUNT_TABLES, slot)
  const here = await countAllBut(way.to, ACCOUNT_TABLES, slot, changed)
  if (there.join() !== here.join()) {
    await startOver(way, slot, `${here.join()} rows, not ${there.join()}`, now)
  }
}

/** The next call copies it from the beginning. */
async function startOver({ to }: Way, slot: number, what: string, now: number): Promise<never> {
  await setPlace(to, slot, EMPTYING, now)
  throw new Error(`slot ${slot} in ${to.shard.name}: ${what}`)
}
