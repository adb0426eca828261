// A code that proves the number there is already, for a change that would weaken the account. It stands where the code of a
// new number stands: an account has one code under way, with the same life, tries and waits. It never binds anything.

import { takeTry } from '../guard/bucket.ts'
import { type VisitTryKey, visitScope } from '../guard/visit-tries.ts'
import type { Db } from '../lib/db.ts'
import { MINUTE_MS } from '../lib/time.ts'
import type { Account } from './accounts.ts'
import { CODE_TRIES_MAX } from './binding-rules.ts'
import {
  type Binding,
  countCodeTry,
  endBindingStatement,
  findBinding,
  startBindingStatement,
} from './bindings.ts'

/** Null without one that can still be typed. */
export function findProofCode(db: Db, accountId: string, now: number): Promise<Binding | null> {
  return findBinding(db, accountId, now, 'prf')
}

/** `proofId` from `randomId(…, 'prf')`; the account has a number. */
export function startProofCodeStatement(
  db: Db,
  {
    accountId,
    proofId,
    phoneSealed,
    phoneTag,
  }: Pick<Account, 'accountId' | 'phoneTag'> & {
    readonly proofId: string
    readonly phoneSealed: string
  },
  now: number,
) {
  const row = { accountId, bindingId: proofId, phoneSealed, phoneTag: phoneTag ?? '' }
  return startBindingStatement(db, row, now)
}

/**
 * Whoever else is in the account's pages has tries of his own: five, and one more every five minutes, so that his wrong ones
 * do not spend the code that the owner holds. The code's own bound is CODE_TRIES_MAX.
 */
const TRIES_OF_VISIT = { max: CODE_TRIES_MAX.bnd, refillMs: 5 * MINUTE_MS }

export type ProofTry =
  | { readonly kind: 'counted'; readonly proof: Binding; readonly left: number }
  /** There are no tries left, or nothing to type a code for. */
  | { readonly kind: 'none' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

export async function countProofTry(db: Db, key: VisitTryKey, now: number): Promise<ProofTry> {
  const scope = await visitScope('proof', key)
  const visit = await takeTry(db, { scope, ...TRIES_OF_VISIT }, now)
  if (!visit.isAllowed) return { kind: 'limited', retryAfterMs: visit.retryAfterMs }
  const proof = await countCodeTry(db, key.accountId, now, 'prf')
  if (!proof) return { kind: 'none' }
  const left = Math.min(TRIES_OF_VISIT.max - visit.missing, CODE_TRIES_MAX.prf - proof.tries)
  return { kind: 'counted', proof, left }
}

/** False when another request used it up. */
export async function useProofCode(db: Db, proof: Binding): Promise<boolean> {
  const used = await endBindingStatement(db, proof)
  return used.meta.changes > 0
}
