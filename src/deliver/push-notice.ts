// A notice as a push notification: those that somebody may want to hide, and that tell of nothing one could
// not read on the owner's pages. Best effort, after the SMS.

import type { Account } from '../account/accounts.ts'
import { composeNotice, type Notice } from '../notice/notice.ts'
import type { NoticeKind } from '../notice/notice-kind.ts'
import { pushToOwner } from '../push/push-owner.ts'
import { chooseLanguage } from '../words/languages.ts'
import type { DeliverContext } from './deliver-context.ts'

const PUSHED = ['phone_changed', 'hold_lifted', 'alerts_off', 'passkey_added'] as const

function isPushed(kind: NoticeKind): kind is (typeof PUSHED)[number] {
  return PUSHED.some((pushed) => pushed === kind)
}

/** Nothing for the other kinds; no link in it, which was sent to a number. */
export async function pushNotice(
  context: DeliverContext,
  { accountId, noticeId, kind, untilAt }: Notice,
  account: Account | null,
): Promise<void> {
  if (!context.config.push || !isPushed(kind)) return
  const exchange = context.config.exchangeName
  const language = chooseLanguage([account?.locale ?? null])
  const facts = { kind, untilAt, exchange, code: null, link: null, isNameBarred: false }
  const { text } = composeNotice(facts, language)
  const content = { title: exchange, body: text, url: null, action: null, tag: noticeId }
  await pushToOwner(context, accountId, content)
}
