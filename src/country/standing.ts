// The words in which a sender's chances in a country are told, and the shape of a dated rule. Knows no country.

import type { ProviderName } from '../sms/registry.ts'

/**
 * standing | meaning
 * --- | ---
 * `allowed` | arrives as it is, or is registered there
 * `limited` | arrives, often under another number, or some carriers only
 * `converted` | arrives under a sender of the carrier's: nobody can answer it
 * `registration` | has to be registered there first
 * `refused` | does not arrive everywhere, or not at all, as is said: asked last, not left out
 * `branded` | by a dated rule: arrives as "Likely scam", "Unverified", "Unknown"
 * `blocked` | by a dated rule: does not arrive
 * `unknown` | nothing is published
 */
export type Standing =
  | 'allowed'
  | 'limited'
  | 'converted'
  | 'registration'
  | 'refused'
  | 'branded'
  | 'blocked'
  | 'unknown'

/**
 * What carriers look at. A number of the country itself and one from abroad are two things: registers and filters
 * against spoofing are made for the second.
 */
export type SenderClass = 'name' | 'domestic_number' | 'foreign_number' | 'short_code'

/** From the best to the worst to have. */
export const ORDER: readonly Standing[] = [
  'allowed',
  'limited',
  'converted',
  'unknown',
  'registration',
  'refused',
  'branded',
  'blocked',
]

/** A text that is marked as a fraud is worse than none: it teaches its reader not to believe the next. */
export function isBarred(standing: Standing): standing is 'branded' | 'blocked' {
  return standing === 'branded' || standing === 'blocked'
}

/**
 * One dated rule, compact. `unregistered`: what becomes of a sender that is not; null where nobody says, or where only
 * some carriers act.
 */
export type LawRow = readonly [
  country: string,
  sender: SenderClass,
  standing: Standing,
  unregistered: 'branded' | 'blocked' | 'converted' | null,
  sinceAt: number,
  /** The row is of this provider alone. */
  provider: ProviderName | null,
]
