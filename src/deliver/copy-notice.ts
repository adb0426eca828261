// A new number is not bound in silence: those before it hear of each login for a while.

import { deriveId } from '../lib/ids.ts'
import type { Login } from '../login/login.ts'
import type { NewNotice } from '../notice/notices.ts'

/** Of the alert, not of its sequence: that begins anew where an account is erased and comes back. */
export function copyNoticeId(
  { alertId }: Pick<Login, 'alertId'>,
  phoneSealed: string,
): Promise<string> {
  return deriveId('ntc', 'alert_copy', alertId, phoneSealed)
}

/** Told once per login and number, however often it is posted. */
export async function copyNotice(
  login: Pick<Login, 'accountId' | 'alertId' | 'seq'>,
  phoneSealed: string,
): Promise<NewNotice> {
  return {
    accountId: login.accountId,
    noticeId: await copyNoticeId(login, phoneSealed),
    kind: 'alert_copy',
    untilAt: null,
    provider: null,
    phoneSealed,
    subject: String(login.seq),
  }
}
