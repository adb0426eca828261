// A notice as a push notification: those that somebody may want to hide, and that tell of nothing one could
// not read on the owner's pages. Best effort, after the SMS.

import type { Account } from '../account/accounts.ts'
import { openPhone } from '../account/open-phone.ts'
import { composeNotice, type Notice } from '../notice/notice.ts'
import { pushToOwner } from '../push/push-owner.ts'
import type { DeliverContext } from './deliver-context.ts'
import { isFormerCopy, isTelling } from './former-copy.ts'
import { noticeLanguage } from './notice-text.ts'

/** Nothing for the other kinds; no link in it, which was sent to a number. */
export async function pushNotice(
  context: DeliverContext,
  notice: Notice,
  account: Account | null,
): Promise<void> {
  const { accountId, noticeId, kind, untilAt } = notice
  if (!context.config.push || !isTelling(kind) || isFormerCopy(notice)) return
  const exchange = context.config.exchangeName
  const phone = await openPhone(context.config.dataKeys, account)
  const language = (await noticeLanguage(context.dbOf(notice.accountId), notice, account))(
    phone?.country ?? null,
  )
  const proven = { code: null, link: null, isNameBarred: false, isConfirmed: false }
  const facts = { kind, untilAt, exchange, ...proven }
  const { text } = composeNotice(facts, language)
  const content = { title: exchange, body: text, url: null, action: null, tag: noticeId }
  await pushToOwner(context, accountId, content)
}
