// The text of an alert once more, because an operator says so: the same number and link, asked of the providers that do not
// hold it yet before those that do. What came of it is stored as any round's; no wave and no retry follows.

import type { Account } from '../account/accounts.ts'
import { openPhone } from '../account/open-phone.ts'
import { findLatestEnd } from '../lock/latest-end.ts'
import type { Attempt } from '../login/attempt.ts'
import type { Login } from '../login/login.ts'
import type { RoundConclusion } from '../routing/failover.ts'
import { orderForText } from '../routing/order-route.ts'
import { readBoard } from '../routing/read-board.ts'
import { chooseRoute } from '../routing/route.ts'
import { alertTextFor } from './alert-text.ts'
import { storeRound } from './deliver-alert.ts'
import type { DeliverContext } from './deliver-context.ts'
import { nextAttemptNumber, toAttempt } from './round.ts'
import { sendText } from './send-text.ts'

/** To the account's present number. Settles once what is known of it is on its way into D1. */
export async function resendText(
  context: DeliverContext,
  login: Login,
  account: Account,
): Promise<RoundConclusion> {
  const { config, now } = context
  const phone = await openPhone(config.dataKeys, account)
  if (!phone) return 'exhausted'
  await readBoard(context)
  const db = context.dbOf(login.accountId)
  const latestEnd = await findLatestEnd(db, login.accountId, now())
  const textFor = await alertTextFor(context, login, account, latestEnd)
  const holders = new Set(login.attempts.filter(isTaken).map(({ provider }) => provider))
  const ordered = orderForText(context, chooseRoute(config, phone, now()), {
    id: login.alertId,
    country: phone.country,
  })
  const isHolder = ({ provider }: (typeof ordered)[number]) => holders.has(provider.name)
  const route = [...ordered.filter((step) => !isHolder(step)), ...ordered.filter(isHolder)]
  const { round, notes, later } = await sendText(context, route, {
    to: phone,
    accountId: login.accountId,
    seq: login.seq,
    id: login.alertId,
    // Owed since now: how late the first one was, its own line says.
    receivedAt: now(),
    firstAttempt: nextAttemptNumber(login.attempts),
    textFor: (step) => textFor(step, phone),
  })
  const { conclusion, calls } = round
  await storeRound(context, login, {
    round: { conclusion, attempts: calls.map(toAttempt), awaitsReceipt: false },
    notes,
    copiesToSealed: [],
    later,
  })
  return conclusion
}

/** Its provider says that it has, or had, the text. */
function isTaken({ state }: Attempt): boolean {
  return state === 'accepted' || state === 'sent' || state === 'delivered'
}
