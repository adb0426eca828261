// A receipt for a notice: kept for whoever asks how a test alert went. Nothing else follows from it but
// that a number which got one is no dead one; a notice has no second wave.

import { healPhoneStatement } from '../account/account-phone.ts'
import { asBound } from '../lib/bound-statement.ts'
import { findAttempt, mergeAttempts } from '../login/attempt.ts'
import { changeAttemptsStatement, findNotice } from '../notice/notices.ts'
import type { Receipt } from '../sms/provider.ts'
import type { ReceiptRef } from '../sms/receipt-ref.ts'
import type { ProviderName } from '../sms/registry.ts'
import { isAbout, isFromCalled, reportedAttempt } from './apply-receipt.ts'
import type { ReceiptContext } from './receipt-context.ts'

const CONFLICTS_MAX = 8

/** An unknown or erased notice is no error: the provider must not be made to repeat itself. */
export async function storeNoticeReceipt(
  context: ReceiptContext,
  provider: ProviderName,
  ref: ReceiptRef & { readonly noticeId: string },
  receipt: Receipt,
): Promise<void> {
  const db = context.dbOf(ref.accountId)
  for (let conflict = 0; conflict < CONFLICTS_MAX; conflict += 1) {
    const notice = await findNotice(db, ref)
    if (!notice) return
    const source = { number: ref.attempt, provider }
    if (!isFromCalled(notice.attempts, { ...source, called: ref.provider })) return
    const known = findAttempt(notice.attempts, source)
    if (known && !isAbout(receipt, known)) return
    const reported = reportedAttempt(source, receipt, known, context.now())
    const attempts = mergeAttempts(notice.attempts, [reported])
    if (JSON.stringify(attempts) === JSON.stringify(notice.attempts)) return
    const isDelivered = receipt.event.state === 'delivered' && notice.phoneSealed === null
    const change = changeAttemptsStatement(db, notice, attempts)
    const [changed] = await db.$client.batch([
      asBound(db, change),
      ...(isDelivered ? [healPhoneStatement(db, ref, context.now())] : []),
    ])
    if (changed && changed.meta.changes > 0) return
  }
}
