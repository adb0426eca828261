// A code that proves the number there is already, for a change that would weaken the account. It stands where the code of a
// new number stands: an account has one code under way, with the same life, tries and waits. It never binds anything.

import type { Db } from '../lib/db.ts'
import type { Account } from './accounts.ts'
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

/** Counts the try; null when there are none left, or nothing to type a code for. */
export function countProofTry(db: Db, accountId: string, now: number): Promise<Binding | null> {
  return countCodeTry(db, accountId, now, 'prf')
}

/** False when another request used it up. */
export async function useProofCode(db: Db, proof: Binding): Promise<boolean> {
  const used = await endBindingStatement(db, proof)
  return used.meta.changes > 0
}
