// What carriers of a country do with a sender, by its kind, and what their receipts are worth. Facts as
// published by others (NOTICE), by dial code; a country without facts is unknown, not forbidden.

import { findByLongestPrefix } from '../lib/longest-prefix.ts'
import type { SenderKind } from './sender.ts'
import { SENDER_RULES } from './sender-rules-data.ts'

/**
 * standing | meaning
 * --- | ---
 * `allowed` | arrives as it is
 * `limited` | arrives, often under another number, or some carriers only
 * `converted` | arrives under a sender of the carrier's: nobody can answer it
 * `registration` | has to be registered there first
 * `refused` | does not arrive
 * `unknown` | nothing is published
 */
export type Standing = 'allowed' | 'limited' | 'converted' | 'registration' | 'refused' | 'unknown'

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

const COLUMN = { name: 0, number: 1, short_code: 2 } as const
const RECEIPTS_COLUMN = 3
const DIAL_CODE_MAX_LENGTH = 6

const rulesByDialCode: ReadonlyMap<string, string> = new Map(SENDER_RULES)

/** `e164` with its plus. A pool stands as its best kind does: the provider picks. */
export function senderStanding(kind: SenderKind, e164: string): Standing {
  const rules = rulesFor(e164)
  if (kind !== 'pool') return standingAt(rules, COLUMN[kind])
  const standings = Object.values(COLUMN).map((column) => standingAt(rules, column))
  return ORDER.find((standing) => standings.includes(standing)) ?? 'unknown'
}

/** From the best to the worst to have. */
export const ORDER: readonly Standing[] = [
  'allowed',
  'limited',
  'converted',
  'unknown',
  'registration',
  'refused',
]

export function receiptQuality(e164: string): ReceiptQuality {
  return QUALITIES.get(rulesFor(e164).charAt(RECEIPTS_COLUMN)) ?? 'unknown'
}

function standingAt(rules: string, column: number): Standing {
  return STANDINGS.get(rules.charAt(column)) ?? 'unknown'
}

/** The longest dial code wins: +1 242 is not +1. */
function rulesFor(e164: string): string {
  const digits = e164.slice(1, 1 + DIAL_CODE_MAX_LENGTH)
  return findByLongestPrefix(digits, (dialCode) => rulesByDialCode.get(dialCode)) ?? ''
}
