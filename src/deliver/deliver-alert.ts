// One claimed alert on its way: open the number, compose, route, send; what came of it is left to be stored.

import { phoneStateAt } from '../account/account-phone.ts'
import { openFormerPhones, openPhone } from '../account/open-phone.ts'
import type { Phone } from '../account/phone.ts'
import { isTold } from '../account/preferences.ts'
import { errorFields, logError } from '../lib/log.ts'
import { mergeAttempts } from '../login/attempt.ts'
import { isTooOldToSend, type Login } from '../login/login.ts'
import { postNotice } from '../notice/post-notice.ts'
import type { CallResult } from '../routing/failover.ts'
import { orderForText } from '../routing/order-route.ts'
import { chooseRoute, isUnserved, type RouteSettings, serviceFor } from '../routing/route.ts'
import { type RouteNote, takeRouteNotes } from '../routing/route-notes.ts'
import { isBudgetNews, tellBudgetUsed } from './alert-budget.ts'
import { alertTextFor } from './alert-text.ts'
import type { Claim } from './claim.ts'
import { copyNotice } from './copy-notice.ts'
import { countRound } from './count-round.ts'
import type { DeliverContext } from './deliver-context.ts'
import type { FinishedRound } from './outcome.ts'
import { leaveOutcome } from './outcome-writer.ts'
import { requestPush } from './push-alert.ts'
import { nextAttemptNumber, remainingRoute, toAttempt } from './round.ts'
import { sendText } from './send-text.ts'

type Done = {
  readonly round: FinishedRound
  readonly notes: readonly RouteNote[]
  readonly copiesToSealed: readonly string[]
  readonly later: Promise<readonly CallResult[]>
}

/** Throws only before anything was sent. */
export async function deliverAlert(context: DeliverContext, claim: Claim): Promise<void> {
  await storeRound(context, claim.login, await runRound(context, claim))
}

/** Leaves what a round of `login` came to to be stored, and what its overtaken calls come to later. */
export async function storeRound(
  context: DeliverContext,
  login: Login,
  { round, notes, copiesToSealed, later }: Done,
): Promise<void> {
  const { accountId, seq, alertId } = login
  const key = { accountId, seq, alertId, claim: login.claim }
  countRound(context, login, round.attempts)
  await leaveOutcome(context, { outcome: { ...key, ...round, copiesToSealed }, login, notes })
  // Overtaken calls run on to their deadline; what they came to is one more write.
  const overtaken = await later
  if (overtaken.length === 0) return
  const late = overtaken.map(toAttempt)
  countRound(context, login, late, { isOvertaken: true })
  // Together with the others, should their own note not have been stored yet.
  const attempts = mergeAttempts(round.attempts, late)
  const settled = { ...round, attempts, copiesToSealed: [] }
  await leaveOutcome(context, {
    outcome: { ...key, ...settled },
    login: null,
    notes: takeRouteNotes(context),
  })
}

/** Why there is nobody to ask. */
function withoutRoute(settings: RouteSettings, phone: Phone, now: number): 'unserved' | 'no_route' {
  return isUnserved(serviceFor(settings, phone, now).service) ? 'unserved' : 'no_route'
}

/** Why a number that was to be told when the login was accepted is not to be told now. */
const MUTED = { ok: 'no_number', opted_out: 'opted_out', invalid: 'number_invalid' } as const

function withoutCalls(conclusion: 'exhausted' | (typeof MUTED)[keyof typeof MUTED]): Done {
  const round = { conclusion, attempts: [], awaitsReceipt: false } as const
  return { round, notes: [], copiesToSealed: [], later: Promise.resolve([]) }
}

async function runRound(context: DeliverContext, claim: Claim): Promise<Done> {
  const { login, account } = claim
  const { config, now } = context
  if (isTooOldToSend(login, now())) return withoutCalls('exhausted')
  const former = await openFormerPhones(config.dataKeys, account, now())
  const isPresentTold =
    account !== null &&
    phoneStateAt(account, now()) === 'ok' &&
    // Of a login that was let through for the former number: whether the present one is to hear of it too.
    (former.length === 0 || isTold(account.alerts, config.profile, login.isFamiliar))
  const present = isPresentTold ? await openPhone(config.dataKeys, account) : null
  const phone = present ?? former[0]?.phone
  // The number was taken away after the login was accepted, or muted.
  if (!account || !phone) {
    const hasNumber = account !== null && account.phoneSealed !== null
    return withoutCalls(hasNumber ? MUTED[phoneStateAt(account, now())] : 'no_number')
  }
  const { latestEnd, familiarLocale } = claim
  const textFor = await alertTextFor(context, login, account, latestEnd, familiarLocale)

  // Beside the SMS: nothing of it may cost the SMS a millisecond.
  const pushed = claim.hasPush && login.attempts.length === 0 ? requestPush(context, login) : null
  const copies = former.filter((one) => one.phone.e164 !== phone.e164)
  const copied = Promise.all(copies.map(({ sealed }) => postCopy(context, login, sealed)))
  const { receivedAt, attempts } = login
  const chosen = chooseRoute(config, phone, now())
  const remaining = remainingRoute(chosen, attempts, receivedAt, now())
  const route = orderForText(context, remaining.steps, {
    id: login.alertId,
    country: phone.country,
  })
  const { round, notes, later } = await sendText(context, route, {
    to: phone,
    accountId: login.accountId,
    seq: login.seq,
    id: login.alertId,
    receivedAt,
    firstAttempt: nextAttemptNumber(attempts),
    trace: login.trace,
    textFor: (step) => textFor(step, phone),
  })
  await pushed
  // Where the isolate that stored the login died before it told of it.
  const isDigest = login.mergedInto !== null
  if (isDigest && isBudgetNews(login, config.alertsPerDay)) await tellBudgetUsed(context, login)
  return {
    round: {
      conclusion:
        route.length === 0 && !remaining.comesLater
          ? withoutRoute(config, phone, now())
          : round.conclusion,
      attempts: round.calls.map(toAttempt),
      awaitsReceipt: round.calls.some(
        ({ outcome, provider }) => outcome.class === 'accepted' && provider.hasReceipts,
      ),
    },
    notes,
    copiesToSealed: (await copied).filter((sealed) => sealed !== null),
    later,
  }
}

/** Null when a former number's copy is posted; else the number, for the batch of the outcome. Never throws. */
async function postCopy(
  context: DeliverContext,
  login: Login,
  phoneSealed: string,
): Promise<string | null> {
  try {
    await postNotice(context, await copyNotice(login, phoneSealed))
    return null
  } catch (error) {
    logError('request.failed', { alert_id: login.alertId, ...errorFields(error) })
    return phoneSealed
  }
}
