// What the receipts of a provider refer to, where it sends back neither our reference nor to a URL that has it: its own
// message id leads to the reference. Written with what the round leaves, one row for each text that such a provider
// took, and walked away after a week. The account is in the row only as the reference has it: sealed.

import { eq, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ageWalk } from '../lib/key-walk.ts'
import { DAY_MS } from '../lib/time.ts'
import { receiptIds } from './tables.ts'

/** Providers repeat and hold back receipts for some days; what comes later says nothing that is still of use. */
export const RECEIPT_IDS_KEPT_MS = 7 * DAY_MS

export type ReceiptIdNote = {
  readonly kind: 'receipt_id'
  readonly provider: string
  readonly providerMessageId: string
  readonly ref: string
  readonly notedAt: number
}

/** Neither a provider's name nor its ids have a space. One text, since the walk needs one key. */
function keyOf({
  provider,
  providerMessageId,
}: Pick<ReceiptIdNote, 'provider' | 'providerMessageId'>): string {
  return `${provider} ${providerMessageId}`
}

/** Providers count anew at times: of two texts with one id, the later one is meant. */
export function insertReceiptIdStatement(db: Db, note: ReceiptIdNote) {
  const { ref, notedAt } = note
  return db
    .insert(receiptIds)
    .values({ providerMessage: keyOf(note), refSealed: ref, notedAt })
    .onConflictDoUpdate({
      target: receiptIds.providerMessage,
      set: { refSealed: sql`excluded.ref_sealed`, notedAt: sql`excluded.noted_at` },
    })
}

/** The reference of the text that `provider` has under this id; null for one we do not know. */
export async function findReceiptRef(
  db: Db,
  provider: string,
  providerMessageId: string,
): Promise<string | null> {
  const rows = await db
    .select({ ref: receiptIds.refSealed })
    .from(receiptIds)
    .where(eq(receiptIds.providerMessage, keyOf({ provider, providerMessageId })))
  return rows[0]?.ref ?? null
}

/** A page at a time: there is no index by time. */
export const receiptIdsWalk = ageWalk(
  receiptIds,
  receiptIds.providerMessage,
  receiptIds.notedAt,
  RECEIPT_IDS_KEPT_MS,
)
