// What each key of DATA_SECRETS still holds, and when it may be dropped: for the operator's page and for probes. Reads what
// the walk (seal-walk.ts) has noted, a row a key, and looks at no account.

import { asc, eq, ne, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { keyNames } from '../lib/derived-key.ts'
import { logError } from '../lib/log.ts'
import { SEALS_MAX, type SealKeys } from '../lib/seal.ts'
import { HOME } from '../lib/slot-guard.ts'
import { DAY_MS } from '../lib/time.ts'
import { addHeld, HANDOVER_MS, type HeldCounts, keptBy } from './seal-pass.ts'
import { sealingKeys, sealWalks, slots } from './tables.ts'

/** What an older key has made that no table shows is over by then: references in receipt URLs, queue messages. */
export const KEY_REST_MS = 7 * DAY_MS

/** Half of what NIST allows: at any pace there are years for another key. */
export const SEALS_WARNED = SEALS_MAX / 2

export type KeyReport = {
  /** As sealed values name it; empty for those from before keys had names, which may be of any key. */
  readonly name: string
  /** In the setting, from 1, the current one; null where it is not there. */
  readonly place: number | null
  readonly held: HeldCounts
  /** When the pass began that counted; null before the first has ended. */
  readonly countedAt: number | null
  readonly currentFrom: number | null
  readonly currentUntil: number | null
  /** Estimate for its busiest derived key, of at most `SEALS_MAX`. */
  readonly seals: number
  /**
   * `current`, `spare`: in the list and never current · `busy`: something names it still, or may · `resting`: nothing does, not
   * yet for long enough · `free`: may be dropped · `missing`: something names it, and it is not in the list
   */
  readonly state: 'current' | 'spare' | 'busy' | 'resting' | 'free' | 'missing'
  /** The databases in which it is `busy` or `missing`. */
  readonly keptIn: readonly string[]
}

export type SealReport = {
  /** Those of the setting in its order, then others that are named. */
  readonly keys: readonly KeyReport[]
  /** Of the pass that runs, or ran last; null before the first. It has ended where each database has ended one of this very list. */
  readonly pass: {
    readonly startedAt: number
    readonly finishedAt: number | null
    /** Values that the pass before left to other keys than the current one. */
    readonly outstanding: number
    /** Accounts whose devices and networks are all known by keys that are gone: their next login looks new. */
    readonly unrecognised: number
  } | null
}

/** Of all databases together: what one of them still needs may not go. */
export async function sealedPerKeyOfAll(
  shards: readonly { readonly name: string; readonly db: Db }[],
  keys: SealKeys,
  now: number,
): Promise<SealReport> {
  const reports = await Promise.all(shards.map(({ name, db }) => sealedPerKey(db, keys, now, name)))
  // Each has those of the setting first, in its order.
  const byName = Map.groupBy(
    reports.flatMap((report) => report.keys),
    ({ name }) => name,
  )
  const passes = reports.flatMap(({ pass }) => pass ?? [])
  const ends = passes.flatMap(({ finishedAt }) => finishedAt ?? [])
  const pass = {
    startedAt: Math.min(...passes.map(({ startedAt }) => startedAt)),
    finishedAt: ends.length < reports.length ? null : Math.max(...ends),
    outstanding: passes.reduce((sum, { outstanding }) => sum + outstanding, 0),
    unrecognised: passes.reduce((sum, { unrecognised }) => sum + unrecognised, 0),
  }
  return {
    keys: [...byName.values()].map((ofKey) => ofKey.reduce(bothOf)),
    pass: passes.length === 0 ? null : pass,
  }
}

/** Whichever of two databases keeps a key longer says so for both. */
const KEPT_LONGEST: readonly KeyReport['state'][] = [
  'current',
  'missing',
  'busy',
  'resting',
  'free',
  'spare',
]

/** One key in two databases. */
function bothOf(one: KeyReport, other: KeyReport): KeyReport {
  const known = (instants: readonly (number | null)[]) => instants.flatMap((at) => at ?? [])
  const counted = known([one.countedAt, other.countedAt])
  const from = known([one.currentFrom, other.currentFrom])
  const until = known([one.currentUntil, other.currentUntil])
  return {
    ...{ name: one.name, place: one.place },
    held: addHeld(one.held, other.held),
    countedAt: counted.length < 2 ? null : Math.min(...counted),
    currentFrom: from.length === 0 ? null : Math.min(...from),
    currentUntil: until.length === 0 ? null : Math.max(...until),
    seals: one.seals + other.seals,
    state: KEPT_LONGEST.find((state) => [one.state, other.state].includes(state)) ?? one.state,
    keptIn: [...one.keptIn, ...other.keptIn],
  }
}

/** Of one database. */
export async function sealedPerKey(
  db: Db,
  keys: SealKeys,
  now: number,
  database = HOME,
): Promise<SealReport> {
  const [rows, [walk], [arrival], names] = await Promise.all([
    db.select().from(sealingKeys).orderBy(asc(sealingKeys.keyName)),
    db.select().from(sealWalks).limit(1),
    db
      .select({ at: sql<number>`coalesce(max(${slots.changedAt}), 0)` })
      .from(slots)
      .where(ne(slots.state, 'moved')),
    keyNames(keys),
  ])
  const known = new Map(rows.map((row) => [row.keyName, row]))
  const unnamed = keptBy(known.get('')?.held ?? {})
  const others = rows.map((row) => row.keyName).filter((name) => !names.includes(name))
  const reports = [...names, ...others].map((name): KeyReport => {
    const row = known.get(name) ?? { ...UNSEEN, keyName: name }
    const { keyName, ...facts } = row
    const at = names.indexOf(name)
    const place = at === -1 ? null : at + 1
    const state = stateOf(row, place, { unnamed, arrivedAt: arrival?.at ?? 0 }, now)
    const keptIn = state === 'busy' || state === 'missing' ? [database] : []
    return { name: keyName, place, ...facts, state, keptIn }
  })
  const pass = walk && {
    startedAt: walk.startedAt,
    // Of a former list it says nothing: another is due.
    finishedAt: walk.keyNames.join() === names.join() ? walk.finishedAt : null,
    ...{ outstanding: walk.outstanding, unrecognised: walk.unrecognised },
  }
  return { keys: reports, pass: pass ?? null }
}

type StoredKey = typeof sealingKeys.$inferSelect

const UNSEEN = {
  currentFrom: null,
  currentUntil: null,
  held: {},
  countedAt: null,
  seals: 0,
} as const

/** What keeps a key although nothing of its own names it. */
type Unseen = {
  /** Values from before keys had names. */
  readonly unnamed: number
  /** When the last slot came, or began to. */
  readonly arrivedAt: number
}

function stateOf(
  { keyName, held, countedAt, currentFrom, currentUntil }: StoredKey,
  place: number | null,
  { unnamed, arrivedAt }: Unseen,
  now: number,
): KeyReport['state'] {
  if (place === 1) return 'current'
  if (place === null) return keyName === '' ? 'busy' : 'missing'
  // Before keys had names each of them may have sealed what names none.
  if (keptBy(held) > 0 || unnamed > 0) return 'busy'
  // What a slot has brought along nobody has counted here.
  if (countedAt !== null && countedAt <= arrivedAt) return 'busy'
  if (currentFrom === null && countedAt !== null) return 'spare'
  // Whoever still had the former list was sealing while that pass went by.
  if (countedAt === null || currentUntil === null || countedAt < currentUntil + HANDOVER_MS) {
    return 'busy'
  }
  return now < currentUntil + KEY_REST_MS ? 'resting' : 'free'
}

/** One line once a pass, while the current key has half of its seals behind it. */
export async function warnOfSeals(db: Db, keyName: string): Promise<void> {
  const [row] = await db.select().from(sealingKeys).where(eq(sealingKeys.keyName, keyName))
  if (row && row.seals >= SEALS_WARNED) logError('keys.worn', { key: keyName, seals: row.seals })
}
