// A number that providers say does not exist, or hold a STOP of, written to again. Never what the owner himself has said: only
// START, or his word to the exchange (`opted_in`), undoes a STOP of his.

import { phoneStateAt, undoMarkStatement } from '../../account/account-phone.ts'
import { findAccount } from '../../account/accounts.ts'
import type { Db } from '../../lib/db.ts'
import type { Ports } from '../../lib/ports.ts'
import { err, ok } from '../../lib/result.ts'
import type { DbOf } from '../../lib/shards.ts'
import type { ActResult, UndoPhoneMark } from './act.ts'
import { actDone, newAct, recordStatement } from './record.ts'

export type PhoneActContext = Pick<Ports, 'randomBytes'> & {
  readonly db: Db
  readonly dbOf: DbOf
}

export async function undoPhoneMark(
  { db, dbOf, randomBytes }: PhoneActContext,
  act: UndoPhoneMark,
  who: string,
  now: number,
): Promise<ActResult> {
  const account = await findAccount(dbOf(act.accountId), act.accountId)
  if (!account) return err({ kind: 'not_found' })
  if (account.phoneStateUntil === null && phoneStateAt(account, now) !== 'ok') {
    return err({
      kind: 'not_possible',
      detail: 'The owner replied STOP; only the owner undoes it.',
    })
  }
  const record = newAct(randomBytes, act, act.accountId, who, now)
  // In another database, and so before it.
  await recordStatement(db, record)
  const undone = await undoMarkStatement(dbOf(act.accountId), act.accountId, now)
  return ok(actDone(record, { count: undone.meta.changes }))
}
