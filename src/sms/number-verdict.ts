// What providers' answers, taken together, prove of a number. One provider's word is an opinion, and a report that comes
// later may be false or forged: neither mutes a number. Pure; the mark itself runs out and heals (account/phone-mark.ts).

import type { FailureClass } from './outcome-classes.ts'

/** One provider's word on a number. */
export type NumberReport = {
  readonly provider: string
  readonly class?: FailureClass | 'accepted' | undefined
  readonly code?: string | undefined
  /** It came as a receipt, later, and not as the answer to our own call. */
  readonly isReceipt: boolean
}

/**
 * Answers of providers that look the number up before they take the text, and so know. Whoever refuses its form only
 * (21211, 1170, 40310) may have an old numbering plan; what a receipt says is not asked for here at all.
 */
const KNOWS: Readonly<Record<string, ReadonlySet<string>>> = {
  // "Not a valid mobile number", "cannot be a landline": from Twilio's own look-up of the line.
  // https://www.twilio.com/docs/api/errors/21614, https://www.twilio.com/docs/api/errors/21635
  twilio: new Set(['21614', '21635']),
  // "Not routable: a landline or a non-routable wireless number", before it is queued.
  // https://developers.telnyx.com/docs/messaging/messages/error-codes
  telnyx: new Set(['40001']),
  // It made the number up.
  sandbox: new Set(['21211', '21614']),
}

/** Whether this alert shall not be given to anybody else: a STOP is not dodged, and two agree that there is no number. */
export function endsAsking(reports: readonly NumberReport[]): boolean {
  return reports.some((report) => report.class === 'opted_out') || doubters(reports).size > 1
}

/** Whether every provider there was to ask, so many, denies the number and one of them knows. */
export function isDeniedByAll(reports: readonly NumberReport[], providerCount: number): boolean {
  return doubters(reports).size === providerCount && reports.some(isKnown)
}

export type NumberVerdict = {
  readonly state: 'opted_out' | 'invalid'
  /** The place in `reports` of the word that decided. */
  readonly index: number
}

/** What is to be kept of the number once an alert to it was given up; null: nothing is proven. */
export function numberVerdict(reports: readonly NumberReport[]): NumberVerdict | null {
  const optedOut = reports.findLastIndex(
    (report) => report.class === 'opted_out' && !report.isReceipt,
  )
  if (optedOut >= 0) return { state: 'opted_out', index: optedOut }
  const isProven = doubters(reports).size > 1 || reports.some(isKnown)
  return isProven ? { state: 'invalid', index: reports.findLastIndex(deniesNumber) } : null
}

function deniesNumber(report: NumberReport): boolean {
  return report.class === 'recipient_permanent'
}

function isKnown(report: NumberReport): boolean {
  const knows = KNOWS[report.provider]?.has(report.code ?? '') ?? false
  return deniesNumber(report) && !report.isReceipt && knows
}

function doubters(reports: readonly NumberReport[]): ReadonlySet<string> {
  return new Set(reports.filter(deniesNumber).map(({ provider }) => provider))
}
