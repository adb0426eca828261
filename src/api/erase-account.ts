// Erases an account and all it did, for good: each room its own rows, in one batch; before that, what control data has of
// it. What stays, and why, each room says in its forget.ts.

import { eraseAccountStatements } from '../account/forget.ts'
import { eraseDeadLettersStatements } from '../dead-letter/forget.ts'
import { eraseCallbacksStatements } from '../exchange/forget.ts'
import { erasedScopes } from '../guard/erased-scope.ts'
import { rememberLatestStatement } from '../guard/limits.ts'
import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { DbOf } from '../lib/shards.ts'
import { DAY_MS } from '../lib/time.ts'
import { eraseLocksStatements } from '../lock/forget.ts'
import { findHeld, isRefusedAsHeld, refuseHeldStatement } from '../lock/refuse-held.ts'
import { eraseLoginsStatements, listAlertAttempts } from '../login/forget.ts'
import { eraseNoticesStatements, listNoticeAttempts } from '../notice/forget.ts'
import { eraseVisitsStatements } from '../portal/visit/forget.ts'
import { eraseSubscriptionsStatements } from '../push/forget.ts'
import { eraseReceiptIdsStatements, RECEIPT_IDS_KEPT_MS } from '../routing/receipt-ids.ts'

type EraseContext = Pick<Ports, 'now'> & {
  readonly db: Db
  readonly dbOf: DbOf
  readonly config: { readonly dataKeys: SealKeys }
}

/**
 * Entry links from before it are worth nothing, used or not: the scope remembers it, in a keyed hash, for a day. `held`: nothing
 * was erased, since the account would come back as one that nothing holds.
 */
export async function eraseAccount(
  context: EraseContext,
  accountId: string,
): Promise<'erased' | 'held'> {
  const { config, now } = context
  const db = context.dbOf(accountId)
  if ((await findHeld(db, [accountId], now())).has(accountId)) return 'held'
  const [scope] = await erasedScopes(config.dataKeys, accountId)
  // A text may be tried again for a day.
  const since = now() - RECEIPT_IDS_KEPT_MS - DAY_MS
  const attempts = [
    ...(await listAlertAttempts(db, accountId, since)),
    ...(await listNoticeAttempts(db, accountId, since)),
  ]
  // In another database: one of the two may fail, and whoever erases is told and asks again.
  for (const statement of [
    ...eraseDeadLettersStatements(context.db, accountId),
    ...eraseReceiptIdsStatements(context.db, attempts),
  ]) {
    await statement
  }
  const erasing = db.batch([
    refuseHeldStatement(db, [accountId], now()),
    rememberLatestStatement(db, scope, now()),
    ...eraseAccountStatements(db, accountId),
    ...eraseLoginsStatements(db, accountId),
    ...eraseNoticesStatements(db, accountId),
    ...eraseVisitsStatements(db, accountId),
    ...eraseSubscriptionsStatements(db, accountId),
    ...eraseLocksStatements(db, accountId),
    ...eraseCallbacksStatements(db, accountId),
  ])
  try {
    await erasing
    return 'erased'
  } catch (error) {
    if (isRefusedAsHeld(error)) return 'held'
    throw error
  }
}
