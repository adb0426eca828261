// What is a usual receipt: of an SMS that went well, by a reference of this deployment's form. All others take the careful
// path (store-receipt.ts).

import { healPhoneStatement, type PhoneProof } from '../account/account-phone.ts'
import type { Db } from '../lib/db.ts'
import { type AttemptKey, advanceAttemptStatement } from '../login/advance-attempt.ts'
import type { Receipt } from '../sms/provider.ts'
import type { ReceiptRef } from '../sms/receipt-ref.ts'
import type { ProviderName } from '../sms/registry.ts'

export type UsualReceipt = {
  readonly key: AttemptKey
  readonly proof: PhoneProof
  readonly state: 'sent' | 'delivered'
  readonly at: number
}

/** Null where the receipt is not the usual one. */
export function asUsualReceipt(
  provider: ProviderName,
  { accountId, seq, alertTag, attempt, startedAt }: ReceiptRef,
  { event, providerMessageId, at }: Receipt,
  now: number,
): UsualReceipt | null {
  const { state } = event
  if (state === 'failed' || alertTag === undefined) return null
  const key = { accountId, seq, alertTag, attempt, provider, providerMessageId }
  const proof = { accountId, ...(startedAt !== undefined && { startedAt }) }
  return { key, proof, state, at: at ?? now }
}

/** The first of them changes a row if the alert waited for just this; only then is it stored. */
export function usualReceiptStatements(
  db: Db,
  { key, proof, state, at }: UsualReceipt,
  now: number,
): readonly [D1PreparedStatement, ...D1PreparedStatement[]] {
  const advance = advanceAttemptStatement(db, key, { state, at })
  if (state === 'sent') return [advance]
  // In the same call, and without a row written where the number has no mark.
  return [advance, healPhoneStatement(db, proof, now)]
}
