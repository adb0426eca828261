// Stores a login and, where it is to be sent at once, takes it for whoever stores it: one D1 batch that also reads all
// that sending it needs. So between a webhook and the first provider there is one call of D1.

import type { Db } from '../lib/db.ts'
import type { RawRow } from '../lib/stored-row.ts'
import { holdIdOf } from '../lock/holds.ts'
import { latestEndStatement, readLatestEnd } from '../lock/latest-end.ts'
import { beginLoginHoldStatement } from '../lock/login-hold.ts'
import {
  insertLoginStatement,
  type LoginToInsert,
  readInsertedLogin,
} from '../login/insert-login.ts'
import { noteMarksStatement } from '../login/known-marks.ts'
import type { Claim } from './claim.ts'
import { ownerRowStatement, readOwnerRow } from './owner-row.ts'

/** `again`: it was there before. `counted`: it is one too many of its kind, and has no row of its own. */
export type StoredAlert = (
  | { readonly kind: 'new'; readonly claim: Claim }
  | { readonly kind: 'again' | 'counted' }
) & {
  /** Of the `hold.started` that its batch has written: the exchange is waiting for it. */
  readonly holdCallbackId: string | null
}

/** Null where it was stored before. Claimed is only what has come back as `sending`. */
export async function storeLogin(db: Db, login: LoginToInsert): Promise<Claim | null> {
  const database = db.$client
  // Nothing more is asked where no login holds.
  const mayHold = login.coolingOffMs > 0
  const holdId = mayHold ? await holdIdOf(login.alertId) : ''
  const [inserted, , owner, , ends] = await database.batch<RawRow>([
    insertLoginStatement(database, login),
    noteMarksStatement(database, login),
    ownerRowStatement(database, login),
    ...(mayHold
      ? [
          beginLoginHoldStatement(database, { ...login, holdId }),
          latestEndStatement(database, { accountId: login.accountId, now: login.receivedAt }),
        ]
      : []),
  ])
  return readClaim({ inserted, owner, ends })
}

type Rows = { readonly results: readonly RawRow[] }

type ReadRows = Readonly<Record<'inserted' | 'owner' | 'ends', Rows | undefined>>

/** What a batch that stores an alert has read; null where it stored none. */
export function readClaim({ inserted, owner, ends }: ReadRows): Claim | null {
  const stored = readInsertedLogin(inserted?.results ?? [])
  return (
    stored && {
      login: stored,
      ...readOwnerRow(owner?.results ?? []),
      latestEnd: readLatestEnd(ends?.results ?? []),
    }
  )
}
