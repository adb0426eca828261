// One claimed alert on its way: open the number, compose, route, fail over, record. One log line per
// attempt; the number, the text and the link stay out of it.

import { openField } from '../account/accounts.ts'
import { parsePhone } from '../account/phone.ts'
import { composeAlert } from '../alert/compose.ts'
import { isTooOldToSend, type Login } from '../alert/login.ts'
import { wordsFor } from '../alert/words.ts'
import type { Context } from '../context.ts'
import { logInfo } from '../lib/log.ts'
import { lockUrl, mintLockToken } from '../lock/link.ts'
import { receiptPath } from '../paths.ts'
import { passGate } from './breaker-board.ts'
import type { Claim } from './claim.ts'
import { type CallResult, failOver } from './failover.ts'
import type { GroupWriter } from './group-writer.ts'
import { type BreakerNote, breakerScopes, noteOutcome } from './note-outcome.ts'
import { callProvider } from './providers/call-provider.ts'
import type { SmsProvider } from './providers/provider.ts'
import { makeReceiptRef } from './receipt-ref.ts'
import { recordRound } from './record.ts'
import { decideAfterRound, nextAttemptNumber, remainingRoute, toAttempt } from './round.ts'
import { chooseRoute } from './route.ts'

/** A provider that still holds the text after this long shall drop it. */
const VALIDITY_SECONDS = 120

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
  const to = await openField(config.dataKeys, accountId, 'phone', account?.phoneSealed ?? null)
  const phone = to === null ? null : parsePhone(to)
  if (!account || !phone?.ok) {
    // The number was taken away after the login was accepted.
    await recordRound(context, writer, login, () => SUPPRESSED_NO_NUMBER)
    return null
  }
  const { e164, country } = phone.value
  const phrase = await openField(config.dataKeys, accountId, 'phrase', account.phraseSealed)
  const message = await composeMessage(context, login, account.locale, phrase)

  const { providers, routes } = config
  const route = remainingRoute(chooseRoute(providers, routes, e164), login.attempts)
  const notes: BreakerNote[] = []
  const round = await failOver(
    route,
    nextAttemptNumber(login.attempts),
    (provider) => passGate(context.breakers, breakerScopes(provider.name, country), now()),
    async (provider, number) => {
      const result = await callOnce(context, login, {
        provider,
        number,
        to: e164,
        text: message.text,
      })
      const noted = { ...result, provider: provider.name, country }
      notes.push(...noteOutcome(context.breakers, noted, now()))
      logAttempt(login, result, country)
      return result
    },
  )
  const finished = {
    conclusion: route.length === 0 ? ('no_route' as const) : round.conclusion,
    attempts: round.calls.map((call) => toAttempt(call, message.segments)),
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

async function composeMessage(
  context: Context,
  login: Login,
  locale: string | null,
  phrase: string | null,
) {
  const { config } = context
  const alertNumber = login.alertNumber ?? 0
  const claims = { accountId: login.accountId, alertNumber }
  const token = await mintLockToken(config.linkKeys, claims, login.occurredAt)
  const facts = {
    ...login,
    alertNumber,
    exchangeName: config.exchangeName,
    phrase,
    lockUrl: lockUrl(config.publicOrigin, token),
  }
  return composeAlert(facts, wordsFor(locale ?? login.locale))
}

type Call = {
  readonly provider: SmsProvider
  readonly number: number
  readonly to: string
  readonly text: string
}

async function callOnce(context: Context, login: Login, call: Call): Promise<CallResult> {
  const { config, now } = context
  const { provider, number, to, text } = call
  const ref = await makeReceiptRef(config.dataKeys, {
    accountId: login.accountId,
    seq: login.seq,
    attempt: number,
  })
  const receiptUrl = config.publicOrigin + receiptPath(provider.name, ref)
  const message = {
    to,
    text,
    ref,
    receiptUrl,
    attempt: number,
    validitySeconds: VALIDITY_SECONDS,
  }
  const startedAt = now()
  const { outcome, durationMs } = await callProvider(provider, message, {
    timeoutMs: config.attemptTimeoutMs,
    fetch: context.fetch,
    now,
  })
  return { provider, number, outcome, startedAt, durationMs }
}

function logAttempt(login: Login, call: CallResult, country: string): void {
  const { outcome } = call
  logInfo('delivery.attempted', {
    alert_id: login.alertId,
    provider: call.provider.name,
    attempt: call.number,
    outcome: outcome.class,
    code: outcome.class === 'accepted' ? undefined : outcome.code,
    country,
    duration_ms: call.durationMs,
    age_ms: call.startedAt + call.durationMs - login.receivedAt,
  })
}
