// D1 through drizzle. D1 knows no BEGIN: `batch()` is the transaction (all or nothing, in order).
// Without a session every query goes to the primary, which is what a lock and a hold need.

import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'

/** `$client` is D1 itself, for the one statement that is worth its own text. */
export type Db = DrizzleD1Database & { readonly $client: D1Database }

export function openDb(binding: D1Database): Db {
  return drizzle(binding)
}
