// Erases an account and all it did, for good: each room its own rows, in one batch. What stays, and why, each room says
// in its forget.ts.

import { eraseAccountStatements } from '../account/forget.ts'
import { eraseDeadLettersStatements } from '../dead-letter/forget.ts'
import { eraseCallbacksStatements } from '../exchange/forget.ts'
import type { Db } from '../lib/db.ts'
import { eraseLocksStatements } from '../lock/forget.ts'
import { eraseLoginsStatements } from '../login/forget.ts'
import { eraseNoticesStatements } from '../notice/forget.ts'
import { eraseVisitsStatements } from '../portal/visit/forget.ts'
import { eraseSubscriptionsStatements } from '../push/forget.ts'

export async function eraseAccount(db: Db, accountId: string): Promise<void> {
  await db.batch([
    ...eraseAccountStatements(db, accountId),
    ...eraseLoginsStatements(db, accountId),
    ...eraseNoticesStatements(db, accountId),
    ...eraseVisitsStatements(db, accountId),
    ...eraseSubscriptionsStatements(db, accountId),
    ...eraseLocksStatements(db, accountId),
    ...eraseCallbacksStatements(db, accountId),
    ...eraseDeadLettersStatements(db, accountId),
  ])
}
