// What carriers of a country do with a sender, by its kind, and what their receipts are worth. Facts as one
// aggregator published them (NOTICE), by dial code; a country without facts is unknown, not forbidden. What a
// country's law or its carriers say with a date is sender-law.ts's, and goes before this.

import { findByLongestPrefix } from '../lib/longest-prefix.ts'
import type { SenderKind } from './sender.ts'
import { type LawUse, lawStanding } from './sender-law.ts'
import { SENDER_RULES } from './sender-rules-data.ts'
import { ORDER, type SenderClass, type Standing } from './standing.ts'

/** `handset`: the phone has it. `carrier`: the carrier says so. */
export type ReceiptQuality = 'handset' | 'carrier' | 'none' | 'unknown'

const STANDINGS: ReadonlyMap<string, Standing> = new Map<string, Standing>([
  ['a', 'allowed'],
  ['l', 'limited'],
  ['c', 'converted'],
  ['r', 'registration'],
  ['n', 'refused'],
])

const QUALITIES: ReadonlyMap<string, ReceiptQuality> = new Map<string, ReceiptQuality>([
  ['h', 'handset'],
  ['c', 'carrier'],
  ['n', 'none'],
])

const COLUMN: Readonly<Record<SenderClass, number>> = {
  name: 0,
  domestic_number: 1,
  foreign_number: 1,
  short_code: 2,
}
const RECEIPTS_COLUMN = 3
const DIAL_CODE_MAX_LENGTH = 6

const rulesByDialCode: ReadonlyMap<string, string> = new Map(SENDER_RULES)

/** Where a message goes: `e164` with its plus. */
export type Destination = { readonly e164: string; readonly country: string }

/** `from` as the provider's API takes it. A pool stands as its best class does: the provider picks. */
export function senderStanding(
  sender: { readonly from: string; readonly kind: SenderKind },
  to: Destination,
  use: LawUse,
): Standing {
  const standings = classesOf(sender, to).map((one) => standingOf(one, to, use))
  return ORDER.find((standing) => standings.includes(standing)) ?? 'unknown'
}

export function receiptQuality(e164: string): ReceiptQuality {
  return QUALITIES.get(rulesFor(e164).charAt(RECEIPTS_COLUMN)) ?? 'unknown'
}

const CLASSES: readonly SenderClass[] = ['name', 'domestic_number', 'foreign_number', 'short_code']

function classesOf(
  { from, kind }: { readonly from: string; readonly kind: SenderKind },
  to: Destination,
): readonly SenderClass[] {
  if (kind === 'pool') return CLASSES
  if (kind !== 'number') return [kind]
  const isDomestic = dialCodeOf(`+${from.replace(/^\+/, '')}`) === dialCodeOf(to.e164)
  return [isDomestic ? 'domestic_number' : 'foreign_number']
}

function standingOf(sender: SenderClass, to: Destination, use: LawUse): Standing {
  const byLaw = lawStanding(sender, to.country, use)
  if (byLaw !== null) return byLaw
  const published = STANDINGS.get(rulesFor(to.e164).charAt(COLUMN[sender])) ?? 'unknown'
  if (published === 'registration' && use.isRegistered) return 'allowed'
  // The table was made by somebody who sends from abroad.
  return published === 'refused' && sender === 'domestic_number' ? 'unknown' : published
}

/** The longest dial code wins: +1 242 is not +1. */
function dialCodeOf(e164: string): string | undefined {
  const digits = e164.slice(1, 1 + DIAL_CODE_MAX_LENGTH)
  return findByLongestPrefix(digits, (code) => (rulesByDialCode.has(code) ? code : undefined))
}

function rulesFor(e164: string): string {
  return rulesByDialCode.get(dialCodeOf(e164) ?? '') ?? ''
}
