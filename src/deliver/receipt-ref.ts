// The reference a provider carries back to us: account, login and attempt, sealed. Opaque and
// authentic in one, so that no index is needed to find the attempt and nothing personal is in a URL.

import { open, type SealKeys, seal } from '../lib/seal.ts'

export type ReceiptRef = {
  readonly accountId: string
  readonly seq: number
  readonly attempt: number
}

const CONTEXT = 'receipt-ref'

/** `[A-Za-z0-9_-]`, at most 200 characters. */
export function makeReceiptRef(keys: SealKeys, ref: ReceiptRef): Promise<string> {
  return seal(keys, CONTEXT, `${ref.seq} ${ref.attempt} ${ref.accountId}`)
}

/** Null for a reference we did not make. */
export async function readReceiptRef(keys: SealKeys, text: string): Promise<ReceiptRef | null> {
  const opened = await open(keys, CONTEXT, text)
  const match = /^(\d{1,15}) (\d{1,4}) (.{1,64})$/.exec(opened ?? '')
  const [, seq, attempt, accountId] = match ?? []
  if (!seq || !attempt || !accountId) return null
  return { accountId, seq: Number(seq), attempt: Number(attempt) }
}
