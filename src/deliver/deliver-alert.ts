// One claimed alert on its way: open the number, compose, route, send, record.

import { openField } from '../account/accounts.ts'
import { openPhone } from '../account/open-phone.ts'
import { composeAlert } from '../alert/compose.ts'
import type { AlertFacts } from '../alert/facts.ts'
import { isTooOldToSend, type Login } from '../alert/login.ts'
import { listMerged } from '../alert/logins.ts'
import type { Context } from '../context.ts'
import { deriveLockCodes } from '../lock/code.ts'
import { lockClaims, lockUrl, mintLockToken } from '../lock/link.ts'
import { chooseLanguage } from '../words/languages.ts'
import type { Claim } from './claim.ts'
import type { GroupWriter } from './group-writer.ts'
import { orderForText } from './order-route.ts'
import { recordRound } from './record.ts'
import { decideAfterRound, nextAttemptNumber, remainingRoute, toAttempt } from './round.ts'
import { chooseRoute, type RouteStep } from './route.ts'
import { sendText } from './send-text.ts'
import { textRules } from './text-rules.ts'

/** Whole seconds until the queue shall bring the alert again, or null when this alert is settled. */
export async function deliverAlert(
  context: Context,
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
  const phone = await openPhone(config.dataKeys, account)
  if (!account || !phone) {
    // The number was taken away after the login was accepted.
    await recordRound(context, writer, login, () => SUPPRESSED_NO_NUMBER)
    return null
  }
  const phrase = await openField(config.dataKeys, accountId, 'phrase', account.phraseSealed)
  const facts = await readFacts(context, login, phrase)
  const language = chooseLanguage([account.locale, login.locale])
  const textFor = (step: RouteStep) =>
    composeAlert(facts, textRules(step, phone, config.exchangeName), language)

  const remaining = remainingRoute(chooseRoute(config, phone), login.attempts)
  const { country } = phone
  const route = orderForText(context, remaining, { id: login.alertId, country })
  const { round, notes } = await sendText(context, route, {
    to: phone,
    accountId,
    seq: login.seq,
    id: login.alertId,
    receivedAt: login.receivedAt,
    firstAttempt: nextAttemptNumber(login.attempts),
    textFor,
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

/** The facts of the SMS; the text waits for the sender it will come from. */
async function readFacts(
  context: Context,
  login: Login,
  phrase: string | null,
): Promise<AlertFacts> {
  const { config } = context
  const merged = login.mergedInto === login.seq ? await listMerged(context.db, login) : [login]
  const alertNumber = login.alertNumber ?? 0
  const claims = lockClaims(login.accountId, alertNumber, login.occurredAt)
  // Of the current key only: older ones are for reading.
  const [lockCode] = await deriveLockCodes([config.linkKeys[0]], claims)
  const token = await mintLockToken(config.linkKeys, claims)
  return {
    // Several are told by the newest of them; the link and the code are the first one's.
    ...(merged.at(-1) ?? login),
    alertNumber,
    exchangeName: config.exchangeName,
    phrase,
    lockUrl: lockUrl(config.publicOrigin, token),
    lockCode,
    mergedNumbers: merged.map((one) => one.alertNumber ?? alertNumber),
  }
}
