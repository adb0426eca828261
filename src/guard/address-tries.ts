// Tries of one secret from one place of the network: a few for each subject (a number), more for the place in all. A
// stranger elsewhere uses up neither. One row at most a try, whoever's number it is, and none once the place has had
// its share: what is summed up is read, not written.

import { and, eq, gte, lt, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { logInfo } from '../lib/log.ts'
import type { SealKeys } from '../lib/seal.ts'
import { placeOf } from './address-limits.ts'
import { type LimitVerdict, limitScope, oneMoreTry } from './limits.ts'
import { attemptLimits } from './tables.ts'

/** Keyed hashes: whose try it was, and from where, they do not say. */
export type PlaceOfTry = {
  /** The /48, or the one address of IPv4: begins the key of every row of it. */
  readonly wide: string
  /** `wide` and the /64: begins the key of every row of it. */
  readonly narrow: string
  /** The row: place and subject. */
  readonly scope: string
}

export type TryLimits = {
  readonly kind: string
  readonly perSubject: number
  readonly perPlace: number
  readonly perWidePlace: number
  readonly windowMs: number
}

/** `ip` as the platform says it, `subject` what is tried. */
export async function placeOfTry(
  keys: SealKeys,
  kind: string,
  ip: string,
  subject: string,
): Promise<PlaceOfTry> {
  const { place, widerPlace } = placeOf(ip)
  const wide = await limitScope(keys, kind, widerPlace ?? place)
  const narrow = `${wide}:${await limitScope(keys, kind, place)}`
  return { wide, narrow, scope: `${narrow}:${await limitScope(keys, kind, subject)}` }
}

/** Counts first and asks then: of any number at once no more than the limits pass. One call. */
export async function countPlaceTry(
  db: Db,
  { wide, narrow, scope }: PlaceOfTry,
  { kind, perSubject, perPlace, perWidePlace, windowMs }: TryLimits,
  now: number,
): Promise<LimitVerdict> {
  const since = now - windowMs
  const sumOf = (start: string) => sql`(SELECT coalesce(sum("count"), 0) FROM ${attemptLimits}
    WHERE scope >= ${`${start}:`} AND scope < ${`${start};`} AND window_started_at > ${since})`
  const [counted, places] = await db.batch([
    db
      .insert(attemptLimits)
      .select(
        sql`SELECT ${scope}, ${now}, 1 WHERE ${sumOf(narrow)} < ${perPlace} AND ${sumOf(wide)} < ${perWidePlace}`,
      )
      .onConflictDoUpdate({ target: attemptLimits.scope, set: oneMoreTry(now, windowMs) })
      .returning(),
    db
      .select({ oldestAt: sql<number | null>`min(${attemptLimits.windowStartedAt})` })
      .from(attemptLimits)
      .where(
        and(
          gte(attemptLimits.scope, `${wide}:`),
          lt(attemptLimits.scope, `${wide};`),
          gte(attemptLimits.windowStartedAt, since),
        ),
      ),
  ])
  const row = counted[0]
  if (row && row.count <= perSubject) return { isAllowed: true }
  logInfo('limit.reached', { limit: kind, scope: scope.slice(-LOGGED_LENGTH) })
  const startedAt = row?.windowStartedAt ?? places[0]?.oldestAt ?? now
  return { isAllowed: false, retryAfterMs: Math.max(1, startedAt + windowMs - now) }
}

const LOGGED_LENGTH = 8

/** After a try that was right: what came before it was a slip of the finger. */
export function forgetPlaceTries(db: Db, { scope }: PlaceOfTry) {
  return db.delete(attemptLimits).where(eq(attemptLimits.scope, scope))
}
