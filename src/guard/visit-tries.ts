// Tries of a visitor to an account, where somebody else may be in the account too: the visit's own are counted first, and
// the last of the account's are for first tries of a visit, so that whoever uses up his own costs the owner nothing.

import type { Db } from '../lib/db.ts'
import type { SealKeys } from '../lib/seal.ts'
import { type Bucket, returnTry, takeTry } from './bucket.ts'
import { limitScope } from './limits.ts'

/** Whose tries are counted. */
export type VisitTryKey = {
  readonly accountId: string
  readonly visitId: string
  readonly dataKeys: SealKeys
}

type Size = Omit<Bucket, 'scope'>

export type VisitTries = {
  /** Keeps the tries of different questions apart. */
  readonly kind: string
  readonly perVisit: Size
  readonly perAccount: Size
  /** Of the account's, for first tries of a visit. */
  readonly leftForFirstTries: number
}

export type VisitTry =
  /** `missing` of the visit's, this one included; `scopes` are where it was taken from. */
  | {
      readonly kind: 'taken'
      readonly missing: number
      readonly scopes: readonly [string, string]
    }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

export async function takeVisitTry(
  db: Db,
  { kind, perVisit, perAccount, leftForFirstTries }: VisitTries,
  { accountId, visitId, dataKeys }: VisitTryKey,
  now: number,
): Promise<VisitTry> {
  const ofVisit = await visitScope(kind, { accountId, visitId, dataKeys })
  const ofAccount = await limitScope(dataKeys, `${kind}-account`, accountId)
  // The visit's first: beyond its own it costs the account none.
  const visit = await takeTry(db, { scope: ofVisit, ...perVisit }, now)
  if (!visit.isAllowed) return { kind: 'limited', retryAfterMs: visit.retryAfterMs }
  const max = perAccount.max - (visit.missing === 1 ? 0 : leftForFirstTries)
  const account = await takeTry(db, { scope: ofAccount, ...perAccount, max }, now)
  if (!account.isAllowed) return { kind: 'limited', retryAfterMs: account.retryAfterMs }
  return { kind: 'taken', missing: visit.missing, scopes: [ofVisit, ofAccount] }
}

/** Where a visit's own tries are counted. */
export function visitScope(
  kind: string,
  { accountId, visitId, dataKeys }: VisitTryKey,
): Promise<string> {
  return limitScope(dataKeys, `${kind}-visit`, `${accountId} ${visitId}`)
}

/** It was right: a slip of the finger before it is the visit's own affair, and heals. */
export async function returnVisitTry(
  db: Db,
  { scopes }: Extract<VisitTry, { kind: 'taken' }>,
): Promise<void> {
  const [ofVisit, ofAccount] = scopes
  await db.batch([returnTry(db, { scope: ofVisit }), returnTry(db, { scope: ofAccount })])
}
