// The SQL of lock cards. An account has one at a time: a new one takes the place of the old, and what is revoked is gone, so
// that a card counts while its row says the same as the paper.

import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../lib/db.ts'
import { inSlot, ofAccount } from '../../lib/slot.ts'
import { SECOND_MS } from '../../lib/time.ts'
import { lockCards } from '../tables.ts'
import type { CardClaims } from './card-token.ts'

export type Card = typeof lockCards.$inferSelect

export async function findCard(db: Db, accountId: string): Promise<Card | null> {
  const [card] = await db.select().from(lockCards).where(ofAccount(lockCards, accountId))
  return card ?? null
}

/** In place of the one there is. */
export function saveCardStatement(db: Db, card: Omit<Card, 'slot'>) {
  const { accountId, ...fresh } = card
  return db
    .insert(lockCards)
    .values({ ...fresh, ...inSlot(accountId) })
    .onConflictDoUpdate({ target: [lockCards.slot, lockCards.accountId], set: fresh })
}

export function revokeCardStatement(db: Db, { accountId, cardNumber }: Omit<Card, 'slot'>) {
  return db
    .delete(lockCards)
    .where(and(ofAccount(lockCards, accountId), eq(lockCards.cardNumber, cardNumber)))
}

/** Whether this is the account's card still: for a `WHERE`. */
export function isCardSql({ accountId, cardNumber }: Omit<Card, 'slot'>): SQL {
  return sql`EXISTS (SELECT 1 FROM ${lockCards}
    WHERE ${ofAccount(lockCards, accountId)} AND card_number = ${cardNumber})`
}

export function claimsOfCard({ accountId, cardNumber, issuedAt }: Card): CardClaims {
  return { accountId, cardNumber, issuedAtSeconds: issuedAt / SECOND_MS }
}

/** Whether the paper is that card: one from before it says another number. */
export function isCurrent(card: Card | null, claims: CardClaims): boolean {
  return (
    card !== null &&
    card.cardNumber === claims.cardNumber &&
    card.issuedAt === claims.issuedAtSeconds * SECOND_MS
  )
}
