// The owner's phrase for a page that asks the database anyway: it tells a page of ours from a forged one, as it
// does an SMS. The page with the button asks nobody, so it cannot show it.

import { findAccount, openField } from '../account/accounts.ts'
import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import { LOCK_DEADLINE_MS } from '../page/respond.ts'
import type { LockContext } from './lock-context.ts'

/** Null without one, and while D1 is away. */
export async function readPhrase(context: LockContext, accountId: string): Promise<string | null> {
  try {
    return await within(context.after, LOCK_DEADLINE_MS, openPhrase(context, accountId))
  } catch (error) {
    logError('request.failed', errorFields(error))
    return null
  }
}

async function openPhrase(
  { dbOf, config }: LockContext,
  accountId: string,
): Promise<string | null> {
  const account = await findAccount(dbOf(accountId), accountId)
  return openField(config.dataKeys, accountId, 'phrase', account?.phraseSealed ?? null)
}
