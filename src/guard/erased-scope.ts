// That an account was erased, remembered for as long as a proof of its owner's would be new: entry links from before are worth
// nothing, an account of the same id has no first day, and a passkey that went with it counts as one that was lost. A keyed hash,
// which says of nobody that he was here.

import { sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import type { SealKeys } from '../lib/seal.ts'
import { limitScopes, rememberedAtSql } from './limits.ts'

/** Remembered under the first; looked for under all. */
export function erasedScopes(
  keys: SealKeys,
  accountId: string,
): Promise<readonly [string, ...string[]]> {
  return limitScopes(keys, 'erased', accountId)
}

/** When it was erased last; null if it was not, or that is forgotten. */
export async function readErasedAt(
  db: Db,
  keys: SealKeys,
  accountId: string,
): Promise<number | null> {
  const erasedAt = sql<number | null>`${rememberedAtSql(await erasedScopes(keys, accountId))}`
  const [row] = await db.select({ erasedAt }).from(sql`(SELECT 1)`)
  return row?.erasedAt ?? null
}
