// How long dead letters are kept, and their erasure with the account that they name.

import { eq } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ageWalk } from '../lib/key-walk.ts'
import { DAY_MS } from '../lib/time.ts'
import { deadLetters } from './tables.ts'

export const DEAD_LETTERS_KEPT_MS = 30 * DAY_MS

/** Of all accounts, a page at a time: there is no index by time. */
export const deadLettersWalk = ageWalk(
  deadLetters,
  deadLetters.messageId,
  deadLetters.diedAt,
  DEAD_LETTERS_KEPT_MS,
)

export function eraseDeadLettersStatements(db: Db, accountId: string) {
  return [db.delete(deadLetters).where(eq(deadLetters.accountId, accountId))] as const
}
