// What the receipts of a provider refer to, where it sends back neither our reference nor to a URL that has it: its own
// message id leads to the reference. Written with what the round leaves, one row for each text that such a provider
// took, and walked away after a week. The account is in the row only as the reference has it: sealed. It goes with its
// account as well, found by what the account's attempts hold: no index leads from an account to here.

import { eq, inArray, sql } from 'drizzle-orm'
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

/** Of D1's hundred parameters a statement. */
const IDS_PER_STATEMENT = 90

/** With an account: what providers called the texts that it was sent. Of those without a row here, nothing. */
export function eraseReceiptIdsStatements(
  db: Db,
  texts: readonly { readonly provider: string; readonly providerMessageId?: string }[],
) {
  const keys = texts.flatMap(({ provider, providerMessageId }) =>
    providerMessageId === undefined ? [] : [keyOf({ provider, providerMessageId })],
  )
  const lumps = Array.from({ length: Math.ceil(keys.length / IDS_PER_STATEMENT) }, (_, nth) =>
    keys.slice(nth * IDS_PER_STATEMENT, (nth + 1) * IDS_PER_STATEMENT),
  )
  return lumps.map((lump) => db.delete(receiptIds).where(inArray(receiptIds.providerMessage, lump)))
}

/** A page at a time: there is no index by time. */
export const receiptIdsWalk = ageWalk(
  receiptIds,
  receiptIds.providerMessage,
  receiptIds.notedAt,
  RECEIPT_IDS_KEPT_MS,
)
