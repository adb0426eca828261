// Dead letters put under the current key: one may be sent again for as long as it is kept.

import { and, asc, eq, gt, isNotNull } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { createResealer, type ResealContext, type Resealing } from '../lib/reseal.ts'
import { messagePurpose } from './message-body.ts'
import { deadLetters } from './tables.ts'

/** The next ones that hold a body; each may have 90 KB. */
export function sealedLettersStatement(db: Db, after: string, limit: number) {
  const { messageId, messageSealed } = deadLetters
  return db
    .select({ messageId, messageSealed })
    .from(deadLetters)
    .where(and(gt(messageId, after), isNotNull(messageSealed)))
    .orderBy(asc(messageId))
    .limit(limit)
}

export type SealedLetter = Awaited<ReturnType<typeof sealedLettersStatement>>[number]

export async function resealLetter(
  db: Db,
  context: ResealContext,
  { messageId, messageSealed }: SealedLetter,
): Promise<Resealing> {
  if (messageSealed === null) return { held: [], statements: [] }
  const anew = createResealer(context)
  const value = await anew({ ...messagePurpose(messageId), use: 'dead-letter' }, messageSealed)
  if (value.text === null) return { held: [value], statements: [] }
  const isUnchanged = and(
    eq(deadLetters.messageId, messageId),
    eq(deadLetters.messageSealed, messageSealed),
  )
  const change = db.update(deadLetters).set({ messageSealed: value.sealed }).where(isUnchanged)
  return { held: [value], statements: [change] }
}
