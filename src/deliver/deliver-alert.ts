// One claimed alert on its way: open the number, compose, route, send, record.

import type { Account } from '../account/accounts.ts'
import { openFormerPhone, openPhone } from '../account/open-phone.ts'
import { deriveId } from '../lib/ids.ts'
import { isTooOldToSend, type Login } from '../login/login.ts'
import { postNotice } from '../notice/post-notice.ts'
import { orderForText } from '../routing/order-route.ts'
import { chooseRoute } from '../routing/route.ts'
import { takeRouteNotes } from '../routing/route-notes.ts'
import { alertTextFor } from './alert-text.ts'
import type { Claim } from './claim.ts'
import type { DeliverContext } from './deliver-context.ts'
import type { GroupWriter } from './group-writer.ts'
import { requestPush } from './push-alert.ts'
import { recordRound } from './record.ts'
import { decideAfterRound, nextAttemptNumber, remainingRoute, toAttempt } from './round.ts'
import { sendText } from './send-text.ts'

/** Whole seconds until the queue shall bring the alert again, or null when this alert is settled. */
export async function deliverAlert(
  context: DeliverContext,
  writer: GroupWriter,
  claim: Claim,
): Promise<number | null> {
  const { login, account } = claim
  const { config, now } = context

  if (isTooOldToSend(login, now())) {
    const round = { conclusion: 'exhausted', attempts: [], awaitsReceipt: false } as const
    await recordRound(context, writer, login, (current) => decideAfterRound(current, round, now()))
    return null
  }
  const { accountId } = login
  const present = account?.phoneState === 'ok' ? await openPhone(config.dataKeys, account) : null
  const former = await openFormerPhone(config.dataKeys, account, now())
  const phone = present ?? former
  if (!account || !phone) {
    // The number was taken away after the login was accepted.
    await recordRound(context, writer, login, () => SUPPRESSED_NO_NUMBER)
    return null
  }
  if (claim.hasPush && login.attempts.length === 0) await requestPush(context, login)
  if (present && former) await postCopy(context, login, account)
  const textFor = await alertTextFor(context, login, account)

  const remaining = remainingRoute(chooseRoute(config, phone), login.attempts)
  const { country } = phone
  const route = orderForText(context, remaining, { id: login.alertId, country })
  const { round, notes, later } = await sendText(context, route, {
    to: phone,
    accountId,
    seq: login.seq,
    id: login.alertId,
    receivedAt: login.receivedAt,
    firstAttempt: nextAttemptNumber(login.attempts),
    textFor: (step) => textFor(step, phone),
  })
  const finished = {
    conclusion: route.length === 0 ? ('no_route' as const) : round.conclusion,
    attempts: round.calls.map(toAttempt),
    awaitsReceipt: round.calls.at(-1)?.provider.hasReceipts ?? false,
  }
  const after = await recordRound(
    context,
    writer,
    login,
    (current) => decideAfterRound(current, finished, now()),
    notes,
  )
  const late = await later
  if (late.length > 0) {
    const settled = { ...finished, attempts: late.map(toAttempt) }
    const decide = (current: Login) => decideAfterRound(current, settled, now())
    await recordRound(context, writer, login, decide, takeRouteNotes(context))
  }
  return after.retryAfterSeconds
}

const SUPPRESSED_NO_NUMBER = {
  change: {
    state: 'suppressed',
    suppressionReason: 'no_number',
    isOpen: false,
    leaseUntil: null,
  },
  undelivered: null,
  retryAfterSeconds: null,
} as const

/** A new number is not bound in silence: the one before it hears of each login for a while. */
async function postCopy(context: DeliverContext, login: Login, account: Account): Promise<void> {
  await postNotice(context, {
    accountId: login.accountId,
    noticeId: await deriveId('ntc', 'alert_copy', login.alertId),
    kind: 'alert_copy',
    untilAt: null,
    provider: null,
    phoneSealed: account.formerPhoneSealed,
    subject: String(login.seq),
  })
}
