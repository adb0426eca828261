// How often something may be tried, where a stranger may try as well: a bucket of tries that fills again by and by, so
// that whoever empties it shuts nobody out for longer than one try takes to come back. Counts first and asks then, in one
// statement; a try that is refused costs nothing.

import { eq, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { logReached } from './limits.ts'
import { attemptLimits } from './tables.ts'

export type Bucket = {
  /** From `limitScope`. */
  readonly scope: string
  /** Tries that pass at once. */
  readonly max: number
  /** One comes back in this time. */
  readonly refillMs: number
}

export type BucketVerdict =
  /** How many are missing now, this one included. */
  | { readonly isAllowed: true; readonly missing: number }
  | { readonly isAllowed: false; readonly retryAfterMs: number }

/** Of any number of tries at once no more than the bucket holds are allowed. Needs less than a day to fill again. */
export async function takeTry(
  db: Db,
  { scope, max, refillMs }: Bucket,
  now: number,
): Promise<BucketVerdict> {
  const { count, windowStartedAt } = attemptLimits
  const returned = sql`CAST((${now} - ${windowStartedAt}) / ${refillMs} AS INTEGER)`
  const missing = sql`max(0, ${count} - ${returned})`
  const [taken] = await db
    .insert(attemptLimits)
    .values({ scope, windowStartedAt: now, count: 1 })
    .onConflictDoUpdate({
      target: attemptLimits.scope,
      set: {
        count: sql`${missing} + 1`,
        windowStartedAt: sql`CASE WHEN ${missing} = 0 THEN ${now}
          ELSE ${windowStartedAt} + ${returned} * ${refillMs} END`,
      },
      setWhere: sql`${missing} < ${max}`,
    })
    .returning()
  if (taken) return { isAllowed: true, missing: taken.count }
  logReached(scope)
  const [full] = await db.select().from(attemptLimits).where(eq(attemptLimits.scope, scope))
  if (!full) return { isAllowed: false, retryAfterMs: refillMs }
  const isBackAt = full.windowStartedAt + (full.count - max + 1) * refillMs
  return { isAllowed: false, retryAfterMs: Math.max(0, isBackAt - now) }
}

/** After a try that was right: it is not to be missing. */
export function returnTry(db: Db, { scope }: Pick<Bucket, 'scope'>) {
  return db
    .update(attemptLimits)
    .set({ count: sql`max(0, ${attemptLimits.count} - 1)` })
    .where(eq(attemptLimits.scope, scope))
}
