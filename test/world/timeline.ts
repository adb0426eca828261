// What became of each login, told from the world's own evidence alone: when the exchange posted it,
// which carrier was called and how that ended, what reached the phone, which callbacks came. Pure.

import type { CarrierCall } from './carrier.ts'
import { CARRIER_KITS } from './carrier-kits.ts'
import type { CarrierName } from './carrier-protocol.ts'
import type { ReceivedCallback } from './exchange-callbacks.ts'
import { textField } from './json.ts'
import type { ReceiptPost } from './receipts.ts'
import type { LoginRecord } from './told.ts'

export type Tone = 'good' | 'bad' | 'wait' | 'plain'

export type TimelineStep = {
  /** Milliseconds since the login was posted. */
  readonly afterMs: number
  readonly tone: Tone
  readonly title: string
  readonly detail: string
}

export type LoginTimeline = {
  readonly loginId: number
  readonly label: string
  readonly sentAt: number
  readonly alertNumber: number | null
  /** Until the first provider said yes; null while none has. */
  readonly acceptedAfterMs: number | null
  /** The carriers in the order in which they were called, and whether each took the message. */
  readonly route: readonly { readonly label: string; readonly tone: Tone; readonly ms: number }[]
  /** One carrier failed, and the message was taken all the same. */
  readonly failedOver: boolean
  readonly steps: readonly TimelineStep[]
}

export type Evidence = {
  /** Of one account, in any order. */
  readonly logins: readonly LoginRecord[]
  /** To that account's phone, in any order. */
  readonly calls: readonly CarrierCall[]
  readonly receipts: readonly ReceiptPost[]
  readonly callbacks: readonly ReceivedCallback[]
  readonly alertNumberOf: (text: string) => number | null
  /** Carriers that refused every connection at that time: they cannot have seen a call. */
  readonly downAt: (at: number) => readonly CarrierName[]
}

/** An alert that starts later than this after a login is not that login's. */
const MATCH_WITHIN_MS = 60_000

/** Newest login first. */
export function buildTimelines(evidence: Evidence): readonly LoginTimeline[] {
  const logins = [...evidence.logins].sort((a, b) => a.sentAt - b.sentAt)
  const matched = matchAlerts(logins, evidence)
  return logins.map((login) => timelineOf(login, matched.get(login.id), evidence)).reverse()
}

type AlertCalls = { readonly number: number; readonly calls: readonly CarrierCall[] }

/**
 * Alerts are numbered in the order of the logins they tell of. Each takes the earliest login still
 * without one that was posted before the alert's first call.
 */
function matchAlerts(logins: readonly LoginRecord[], evidence: Evidence): Map<number, AlertCalls> {
  const alerts = new Map<number, CarrierCall[]>()
  for (const call of [...evidence.calls].sort((a, b) => a.at - b.at)) {
    const number = call.text === null ? null : evidence.alertNumberOf(call.text)
    if (number === null) continue
    alerts.set(number, [...(alerts.get(number) ?? []), call])
  }
  const matched = new Map<number, AlertCalls>()
  for (const [number, calls] of [...alerts].sort(([a], [b]) => a - b)) {
    const firstAt = calls[0]?.at ?? 0
    const login = logins.find(
      ({ id, sentAt }) =>
        !matched.has(id) && sentAt <= firstAt && firstAt - sentAt <= MATCH_WITHIN_MS,
    )
    if (login !== undefined) matched.set(login.id, { number, calls })
  }
  return matched
}

function timelineOf(
  login: LoginRecord,
  alert: AlertCalls | undefined,
  evidence: Evidence,
): LoginTimeline {
  const calls = alert?.calls ?? []
  const since = (at: number) => Math.max(0, at - login.sentAt)
  const title = login.activity === null ? 'Login posted' : 'Activity posted'
  const steps: TimelineStep[] = [
    {
      ...{ afterMs: 0, tone: 'plain', title },
      detail: login.sessionId === '' ? (login.activity ?? '') : `Session ${login.sessionId}`,
    },
    answerStep(login),
  ]
  for (const call of calls) {
    const { tone, text } = describeCall(call)
    const title = CARRIER_KITS[call.provider].label
    steps.push({
      afterMs: since(call.answeredAt ?? call.abandonedAt ?? call.at),
      tone,
      title,
      detail: text,
    })
  }
  const down = evidence.downAt(login.answeredAt)
  for (const name of down) {
    const detail = 'down: it refuses connections, so no call can reach it'
    const afterMs = since(login.answeredAt)
    steps.push({ afterMs, tone: 'bad', title: CARRIER_KITS[name].label, detail })
  }
  const ids = new Set(calls.flatMap((call) => call.providerMessageIds))
  for (const receipt of evidence.receipts) {
    if (!ids.has(receipt.providerMessageId)) continue
    steps.push({ afterMs: since(receipt.at), ...describeReceipt(receipt) })
  }
  for (const callback of evidence.callbacks) {
    if (!belongsTo(callback, login)) continue
    steps.push({ afterMs: since(callback.at), ...describeCallback(callback) })
  }
  const acceptedAts = calls.flatMap((call) =>
    call.answeredAt !== null && call.providerMessageIds.length > 0 ? [call.answeredAt] : [],
  )
  const acceptedAt = acceptedAts.length === 0 ? null : Math.min(...acceptedAts)
  const failedBefore = calls.some(
    (call) => acceptedAt !== null && call.at < acceptedAt && describeCall(call).tone === 'bad',
  )
  return {
    loginId: login.id,
    label: login.label,
    sentAt: login.sentAt,
    alertNumber: alert?.number ?? null,
    acceptedAfterMs: acceptedAt === null ? null : since(acceptedAt),
    route: calls.map((call) => ({
      label: CARRIER_KITS[call.provider].label,
      tone: describeCall(call).tone,
      ms: since(call.answeredAt ?? call.abandonedAt ?? call.at),
    })),
    failedOver: acceptedAt !== null && (failedBefore || down.length > 0),
    steps: steps.sort((a, b) => a.afterMs - b.afterMs),
  }
}

function answerStep(login: LoginRecord): TimelineStep {
  const afterMs = login.answeredAt - login.sentAt
  if (login.status === 202) {
    return { afterMs, tone: 'good', title: 'Lockline', detail: 'accepted: 202, stored for good' }
  }
  const why = login.problem === null ? '' : `: ${login.problem}`
  const detail = login.status === 0 ? `not reachable${why}` : `answered ${login.status}${why}`
  return { afterMs, tone: 'bad', title: 'Lockline', detail }
}

/** How one call to a carrier ended, as the carrier itself saw it. */
export function describeCall(call: CarrierCall): { readonly tone: Tone; readonly text: string } {
  const tookMs = (until: number) => `${(until - call.at).toLocaleString('en')} ms`
  if (call.answeredAt === null) {
    if (call.abandonedAt === null) return { tone: 'wait', text: 'called, no answer yet' }
    const took = tookMs(call.abandonedAt)
    if (call.mode === 'reset') return { tone: 'bad', text: `connection reset after ${took}` }
    const sent = call.wentOut ? 'SMS sent, but ' : ''
    return { tone: 'bad', text: `${sent}no answer, given up after ${took}` }
  }
  const took = tookMs(call.answeredAt)
  if (call.providerMessageIds.length > 0) return { tone: 'good', text: `accepted in ${took}` }
  if (call.refusal !== null) return { tone: 'bad', text: `refused in ${took}: ${call.refusal}` }
  if (call.mode === 'garbage') return { tone: 'bad', text: `answered with a web page in ${took}` }
  if (call.mode === 'rejected') return { tone: 'bad', text: `rejected in ${took} (${call.status})` }
  return { tone: 'bad', text: `answered ${call.status} in ${took}` }
}

function describeReceipt(receipt: ReceiptPost): Omit<TimelineStep, 'afterMs'> {
  const who = CARRIER_KITS[receipt.provider].label
  const kind = receipt.forged ? `forged receipt “${receipt.step}”` : `receipt “${receipt.step}”`
  const again = receipt.repeated || receipt.attempt > 1 ? ', again' : ''
  const taken = receipt.status !== null && receipt.status < 300
  const outcome = receipt.status === null ? 'no answer' : taken ? 'taken' : 'turned away'
  const status = receipt.status === null ? '' : ` (${receipt.status})`
  const good = receipt.forged ? !taken : taken && receipt.step !== 'undelivered'
  const tone = good ? 'good' : 'bad'
  return { tone, title: who, detail: `${kind}${again}: ${outcome}${status}` }
}

function belongsTo(callback: ReceivedCallback, login: LoginRecord): boolean {
  const data = callback.event?.data
  if (data === undefined) return false
  const alertId = textField(data, 'alert_id')
  return alertId !== null && alertId === login.alertId
}

/** What a verified callback says, in a few words. */
export function callbackMeaning(callback: ReceivedCallback): string {
  const { event } = callback
  if (event === null) return callback.problem ?? 'not verifiable'
  const via = textField(event.data, 'via')
  const named = event.data.session_ids
  const sessions = Array.isArray(named) ? named.length : 0
  switch (event.type) {
    case 'account.locked':
      return `Locked${via === null ? '' : ` by ${via}`}: ${sessions} ${sessions === 1 ? 'session' : 'sessions'} revoked, withdrawals held`
    case 'hold.started':
      return `Withdrawals held: ${textField(event.data, 'reason') ?? 'for no reason given'}`
    case 'hold.lifted':
      return 'Withdrawals released'
    case 'passkey.added':
      return 'The owner has a new passkey'
    case 'session.revoked':
      return 'Session revoked'
    case 'session.confirmed':
      return 'The owner confirmed the login'
    case 'alert.undelivered':
      return 'The alert could not be delivered'
    case 'alert.budget_used':
      return 'So many logins that several are told in one SMS'
    case 'alert.unserved':
      return 'No sender may be used for this number'
    default:
      return event.type
  }
}

function describeCallback(callback: ReceivedCallback): Omit<TimelineStep, 'afterMs'> {
  const confirmed = callback.status !== null && callback.status < 300
  const outcome = confirmed ? 'verified and confirmed' : `answered ${callback.status ?? 'nothing'}`
  return {
    tone: confirmed ? 'good' : 'bad',
    title: 'Exchange',
    detail: `${callbackMeaning(callback)}; callback ${outcome}`,
  }
}
