// An alert as push notifications, beside its SMS: a message of its own in the queue, so that a slow push service
// delays no text. Best effort, once; the SMS is what counts.

import { findAccount } from '../account/accounts.ts'
import { openPhone } from '../account/open-phone.ts'
import { fill, fillTime } from '../alert/fill.ts'
import { formatNumbers } from '../alert/numbers.ts'
import { lockClaims, lockUrl, mintLockToken } from '../lock/link.ts'
import type { Login } from '../login/login.ts'
import { findLoginByAlert, notePushesStatement, readMerged } from '../login/logins.ts'
import { pushToOwner } from '../push/push-owner.ts'
import type { PushContent } from '../push/send-push.ts'
import { countryName } from '../words/country-name.ts'
import type { Language } from '../words/language.ts'
import { alertLanguage } from './alert-language.ts'
import type { DeliverContext } from './deliver-context.ts'
import { type AlertKey, nudgeAlerts } from './nudge.ts'

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
  const { db, config } = context
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
  const merged = login.mergedInto === login.seq ? await readMerged(db, login) : null
  const content: PushContent = {
    title: fill(language.portal.push.title, {
      exchange: config.exchangeName,
      number: merged ? formatNumbers(merged.numbers).slice(1) : String(number),
    }),
    body: describeLogin(merged?.told ?? login, language),
    url: lockUrl(config.publicOrigin, token),
    action: language.portal.push.lockAction,
    tag: alertId,
  }
  const pushes = await pushToOwner(context, accountId, content)
  if (pushes.length === 0) return
  await notePushesStatement(db, login, pushes)
}

/**
 * Time, place and software, as far as they are known. A notification is laid out by its first letter, which is that of “UTC”: from
 * right to left a mark stands before it, and each part apart (UAX #9).
 */
export function describeLogin(login: Login, language: Language): string {
  const isFromRight = language.direction === 'rtl'
  const country = login.country === null ? null : countryName(login.country, language.intl)
  const parts = [fillTime(login.occurredAt, language), login.city, country, login.browser, login.os]
  const known = parts.filter((part) => part !== null)
  const shown = isFromRight ? known.map((part) => `\u2068${part}\u2069`) : known
  return (isFromRight ? '\u200f' : '') + shown.join(language.alert.detailSeparator)
}
