// The number changes or goes, and everybody who has to know is told: one batch each, in which all hangs on the change.
// Of two requests at once one does everything and the other nothing.

import { type SQL, sql } from 'drizzle-orm'
import {
  type Binding,
  type BoundPhone,
  bindPhoneStatement,
  endBindingStatement,
  isBindingSql,
  isPhoneSql,
  phoneSealedSql,
  removePhoneStatement,
} from '../../account/bindings.ts'
import { nudgeCallback } from '../../exchange/nudge.ts'
import { insertCallbackStatement, type NewCallback } from '../../exchange/outbox.ts'
import type { Db } from '../../lib/db.ts'
import { insertNoticeStatement } from '../../notice/notices.ts'
import { nudgeNotice } from '../../notice/post-notice.ts'
import type { PortalContext } from '../portal-context.ts'

/** Who is told: the exchange, and the number before, if there is one. */
export type ChangeNews = { readonly callback: NewCallback; readonly noticeId: string }

/** The account has the binding's number from here on; false when the binding was gone. */
export async function changeNumber(
  context: PortalContext,
  binding: Binding,
  news: ChangeNews,
): Promise<boolean> {
  const { db } = context
  const now = context.now()
  const [, , changed] = await db.batch([
    ...newsStatements(db, news, isBindingSql(binding), now),
    bindPhoneStatement(db, binding, now),
    endBindingStatement(db, binding),
  ])
  return nudgeIf(context, changed.meta.changes > 0, news)
}

/** False when the account has another number by now: that one was not meant. */
export async function removeNumber(
  context: PortalContext,
  phone: BoundPhone,
  news: ChangeNews,
): Promise<boolean> {
  const { db } = context
  const now = context.now()
  const [, , removed] = await db.batch([
    ...newsStatements(db, news, isPhoneSql(phone), now),
    removePhoneStatement(db, phone, now),
  ])
  return nudgeIf(context, removed.meta.changes > 0, news)
}

/** Before the account changes: it still has the number that is told. */
function newsStatements(db: Db, { callback, noticeId }: ChangeNews, isDue: SQL, now: number) {
  const { accountId } = callback
  const phoneSealed = phoneSealedSql(accountId)
  const notice = { accountId, noticeId, kind: 'phone_changed', phoneSealed } as const
  return [
    insertNoticeStatement(db, notice, now, sql`${phoneSealed} IS NOT NULL AND ${isDue}`),
    insertCallbackStatement(db, callback, now, isDue),
  ] as const
}

async function nudgeIf(
  context: PortalContext,
  isChanged: boolean,
  { callback, noticeId }: ChangeNews,
): Promise<boolean> {
  if (!isChanged) return false
  const { accountId, callbackId } = callback
  await nudgeCallback(context, accountId, callbackId)
  await nudgeNotice(context, { accountId, noticeId })
  return true
}
