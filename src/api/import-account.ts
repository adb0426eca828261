// An import that changes a number tells the number before, as the owner's pages do: whoever talks the exchange's support
// into another number must not do it in silence. The exchange may say that it has told the number itself.

import { sql } from 'drizzle-orm'
import { type AccountChange, saveAccountStatement } from '../account/accounts.ts'
import { cancelBindingStatement, phoneToTellSql } from '../account/bindings.ts'
import { randomId } from '../lib/ids.ts'
import { insertNoticeStatement } from '../notice/notices.ts'
import { nudgeNotice } from '../notice/post-notice.ts'
import type { ApiContext } from './api-context.ts'

/** A number that stays what it was is not in `change`. */
export async function importAccount(
  context: ApiContext,
  accountId: string,
  change: AccountChange,
  { isFormerTold }: { readonly isFormerTold: boolean },
): Promise<void> {
  const { db } = context
  const now = context.now()
  if (change.phoneSealed === undefined) {
    await saveAccountStatement(db, accountId, change, now)
    return
  }
  // What was begun for an account with another number, or none, took the proof of that one.
  const cancelled = cancelBindingStatement(db, accountId)
  if (isFormerTold) {
    await db.batch([saveAccountStatement(db, accountId, change, now), cancelled])
    return
  }
  const noticeId = randomId(context.randomBytes, 'ntc')
  const phoneSealed = phoneToTellSql(accountId, now)
  const notice = { accountId, noticeId, kind: 'phone_changed', phoneSealed } as const
  const [told] = await db.batch([
    // Before the change: the account still has the number that is told.
    insertNoticeStatement(db, notice, now, sql`${phoneSealed} IS NOT NULL`),
    saveAccountStatement(db, accountId, change, now, { keepsFormer: true }),
    cancelled,
  ])
  if (told.meta.changes > 0) await nudgeNotice(context, notice)
}
