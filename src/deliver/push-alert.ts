// An alert as push notifications, beside its SMS: a message of its own in the queue, so that a slow push service
// delays no text. Best effort, once; the SMS is what counts.

import { findAccount } from '../account/accounts.ts'
import { openPhone } from '../account/open-phone.ts'
import { fill } from '../alert/fill.ts'
import { formatNumbers } from '../alert/numbers.ts'
import { findLatestEnd } from '../lock/latest-end.ts'
import { lockClaims, lockUrl, mintLockToken } from '../lock/link.ts'
import { findLoginByAlert, notePushesStatement } from '../login/logins.ts'
import { pushToOwner } from '../push/push-owner.ts'
import type { PushContent } from '../push/send-push.ts'
import { activityOnPages } from '../words/activity-on-pages.ts'
import { alertLanguage } from './alert-language.ts'
import type { DeliverContext } from './deliver-context.ts'
import { type AlertKey, nudgeAlerts } from './nudge.ts'
import { describeLogin } from './push-text.ts'
import { isOfHold, latestOf } from './told-hold.ts'
import { readTold } from './told-login.ts'

/** Asks for it; when the queue does not take it, the SMS goes out all the same. Never throws. */
export async function requestPush(
  context: DeliverContext,
  { accountId, alertId }: AlertKey,
): Promise<void> {
  await nudgeAlerts(context, { kind: 'push', accountId, alertId })
}

export async function pushAlert(
  context: DeliverContext,
  { accountId, alertId }: AlertKey,
): Promise<void> {
  const { config } = context
  const db = context.dbOf(accountId)
  const login = await findLoginByAlert(db, alertId)
  // A repeated message finds the notes of the first.
  if (!login || login.accountId !== accountId || login.pushes.length > 0) return
  const account = await findAccount(db, accountId)
  const phone = await openPhone(config.dataKeys, account)
  const language = (await alertLanguage(db, login, account))(phone?.country ?? null)
  const number = login.alertNumber ?? 0
  const claims = lockClaims(accountId, number, login.occurredAt)
  const token = await mintLockToken(config.linkKeys, claims)
  // As in its SMS: several are not told as one, and the most unusual is the one that is described.
  const now = context.now()
  const [toldLogin, latestEnd] = await Promise.all([
    readTold(db, login),
    findLatestEnd(db, accountId, now),
  ])
  const { told } = toldLogin
  const holdUntil = isOfHold(told) ? latestOf(account, latestEnd, now) : null
  const content: PushContent = {
    title: fill(login.activity ? language.activity.title : language.portal.push.title, {
      exchange: config.exchangeName,
      number: formatNumbers(toldLogin.numbers).slice(1),
      activity: login.activity ? activityOnPages(login.activity, language) : '',
    }),
    body: describeLogin({ ...toldLogin, told: { ...told, holdUntil } }, language),
    url: lockUrl(config.publicOrigin, token),
    action: language.portal.push.lockAction,
    tag: alertId,
  }
  const pushes = await pushToOwner(context, accountId, content)
  if (pushes.length === 0) return
  await notePushesStatement(db, login, pushes)
}
