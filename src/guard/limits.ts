// How often something may be tried: fixed windows counted in D1, so that neither another isolate nor many
// requests at once give a guesser more. Counts first and asks then; it never says what was guessed.

import { inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { keyedHashes } from '../lib/keyed-hash.ts'
import { logInfo } from '../lib/log.ts'
import type { SealKeys } from '../lib/seal.ts'
import { attemptLimits } from './tables.ts'

export type Limit = {
  /** From `limitScope`. */
  readonly scope: string
  /** This many tries in one window pass. */
  readonly max: number
  readonly windowMs: number
}

export type LimitVerdict =
  | { readonly isAllowed: true }
  /** When the last of the windows that are used up ends. */
  | { readonly isAllowed: false; readonly retryAfterMs: number }

const SCOPE_BYTES = 16
const LOGGED_SCOPE_LENGTH = 8

/**
 * `kind` keeps the windows of different questions apart; `value` may be a number or an address. Another key begins all of
 * them anew, which gives whoever is at it then his tries once more.
 */
export async function limitScope(keys: SealKeys, kind: string, value: string): Promise<string> {
  const [scope] = await limitScopes([keys[0]], kind, value)
  return scope
}

/** The same under every key, the current one first: what has happened once must be known under the next key as well. */
export async function limitScopes(
  keys: SealKeys,
  kind: string,
  value: string,
): Promise<readonly [string, ...string[]]> {
  const text = `attempt-limit ${kind} ${value}`
  const [first, ...older] = await keyedHashes(keys, {
    use: 'attempt-limit',
    text,
    length: SCOPE_BYTES,
  })
  const scopeOf = (hash: string) => `${kind}:${hash}`
  return [scopeOf(first), ...older.map(scopeOf)]
}

/**
 * Counts one try against every limit, also those after one that refuses: whoever is stopped by one
 * must not spare the others. Of any number of tries at once no more than `max` a window are allowed.
 */
export async function countTry(
  db: Db,
  limits: readonly [Limit, ...Limit[]],
  now: number,
): Promise<LimitVerdict> {
  const [first, ...rest] = limits
  const counted = await db.batch([
    countStatement(db, first, now),
    ...rest.map((limit) => countStatement(db, limit, now)),
  ])
  const rows = new Map(counted.flat().map((row) => [row.scope, row]))
  const waitsMs = limits.map(({ scope, max, windowMs }) => {
    const row = rows.get(scope)
    return row && row.count > max ? row.windowStartedAt + windowMs - now : 0
  })
  const retryAfterMs = Math.max(...waitsMs)
  for (const [index, { scope }] of limits.entries()) {
    if ((waitsMs[index] ?? 0) > 0) logReached(scope)
  }
  return retryAfterMs > 0 ? { isAllowed: false, retryAfterMs } : { isAllowed: true }
}

/**
 * The same for what may be brought again, by a queue that could not finish it: counted once, and still allowed then if it was
 * allowed. `seen` is from `limitScopes`.
 */
export async function countTryOnce(
  db: Db,
  limit: Limit,
  seen: readonly [string, ...string[]],
  now: number,
): Promise<LimitVerdict> {
  const { scope, max, windowMs } = limit
  const isNew = sql`NOT ${isRememberedSql(seen)}`
  const isWithin = sql`(SELECT ${attemptLimits.count} FROM ${attemptLimits} WHERE ${attemptLimits.scope} = ${scope}) <= ${max}`
  const [[row]] = await db.batch([
    countStatement(db, limit, now, isNew),
    rememberStatement(db, seen[0], now, sql`${isNew} AND ${isWithin}`),
  ])
  if (!row || row.count <= max) return { isAllowed: true }
  logReached(scope)
  return { isAllowed: false, retryAfterMs: row.windowStartedAt + windowMs - now }
}

/** Which question, and enough of the keyed hash to tell one who asks from another. */
export function logReached(scope: string): void {
  const [limit = '', hash = ''] = scope.split(':')
  logInfo('limit.reached', { limit, scope: hash.slice(0, LOGGED_SCOPE_LENGTH) })
}

function countStatement(db: Db, { scope, windowMs }: Limit, now: number, when?: SQL) {
  return insertWhen(db, attemptLimits, { scope, windowStartedAt: now, count: 1 }, when)
    .onConflictDoUpdate({ target: attemptLimits.scope, set: oneMoreTry(now, windowMs) })
    .returning()
}

/** What becomes of a row by one more try: a window that has run out starts anew with it. */
export function oneMoreTry(now: number, windowMs: number) {
  const isOver = sql`${attemptLimits.windowStartedAt} <= ${now - windowMs}`
  return {
    count: sql`CASE WHEN ${isOver} THEN 1 ELSE ${attemptLimits.count} + 1 END`,
    windowStartedAt: sql`CASE WHEN ${isOver} THEN ${now} ELSE ${attemptLimits.windowStartedAt} END`,
  }
}

/** After a try that was right: what came before it was a slip of the finger. */
export function forgetTries(db: Db, scopes: readonly string[]) {
  return db.delete(attemptLimits).where(inArray(attemptLimits.scope, [...scopes]))
}

/** Whether `rememberStatement` has one of these scopes, for a `WHERE`; for as long as windows are kept. */
export function isRememberedSql(scopes: readonly string[]): SQL {
  return sql`EXISTS (SELECT 1 FROM ${attemptLimits} WHERE ${inArray(attemptLimits.scope, [...scopes])})`
}

/** Something that must not happen twice has happened, for the batch in which it does; forgotten as old windows are. */
export function rememberStatement(db: Db, scope: string, now: number, when?: SQL) {
  const row = { scope, windowStartedAt: now, count: 1 }
  return insertWhen(db, attemptLimits, row, when).onConflictDoNothing()
}

/** When `rememberLatestStatement` was last given one of these scopes; NULL if it was not, or is forgotten. */
export function rememberedAtSql(scopes: readonly string[]): SQL {
  return sql`(SELECT max(${attemptLimits.windowStartedAt}) FROM ${attemptLimits} WHERE ${inArray(attemptLimits.scope, [...scopes])})`
}

/** Something has happened, maybe again; forgotten as old windows are. */
export function rememberLatestStatement(db: Db, scope: string, now: number) {
  return db
    .insert(attemptLimits)
    .values({ scope, windowStartedAt: now, count: 1 })
    .onConflictDoUpdate({ target: attemptLimits.scope, set: { windowStartedAt: now } })
}
