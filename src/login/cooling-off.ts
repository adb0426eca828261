// Whether a login that is not recognised holds withdrawals: one table, read by a pure function and, for where logins are
// stored, as SQL. What the facts are is decided where they lie (insert-login.ts); nothing the one who logs in says counts
// against a hold but what the account was known by before.

/** What may be new of a login: the word of `hold.started`, the fact, the same as a column of the statement. */
export const COOLING_OFF_CAUSES = [
  { word: 'device', known: 'knowsDevice', column: 'knows_device' },
  { word: 'country', known: 'knowsCountry', column: 'knows_country' },
  { word: 'network', known: 'knowsNetwork', column: 'knows_network' },
] as const

/** What is no ground for a hold, whatever is new. */
export const COOLING_OFF_EXEMPTIONS = [
  { fact: 'isOff', column: 'is_cooling_off_off' },
  { fact: 'isInFirstDay', column: 'is_in_first_day' },
  { fact: 'isOfDroppedKey', column: 'is_of_dropped_key' },
] as const

type KnownFact = (typeof COOLING_OFF_CAUSES)[number]['known']
type ExemptFact = (typeof COOLING_OFF_EXEMPTIONS)[number]['fact']

/**
 * `isOff`: COOLING_OFF_HOURS is 0 · `isInFirstDay`: of the account, after its first import · `isOfDroppedKey`: whatever the account
 * was known by was written with a key of DATA_SECRETS that is gone.
 */
export type CoolingOffFacts = Readonly<Record<KnownFact | ExemptFact, boolean>> & {
  /** When the login was received: its own clock may be anybody's. */
  readonly receivedAt: number
  readonly coolingOffMs: number
  /** The end of the hold that an earlier login began, while it runs; else null. */
  readonly runningUntil: number | null
}

export type CoolingOff = {
  readonly until: number
  /** False where it comes into a hold that runs: that is not made longer. */
  readonly begins: boolean
  /** Words of `COOLING_OFF_CAUSES`, in their order. */
  readonly cause: string
}

/** Null where the login holds nothing. */
export function decideCoolingOff(facts: CoolingOffFacts): CoolingOff | null {
  const causes = COOLING_OFF_CAUSES.filter(({ known }) => !facts[known])
  const isExempt = COOLING_OFF_EXEMPTIONS.some(({ fact }) => facts[fact])
  if (causes.length === 0 || isExempt) return null
  const { runningUntil, receivedAt, coolingOffMs } = facts
  return {
    until: runningUntil ?? receivedAt + coolingOffMs,
    begins: runningUntil === null,
    cause: causes.map(({ word }) => word).join(' '),
  }
}

const oneOf = (conditions: readonly string[]) => `(${conditions.join(' OR ')})`

/** The same over a row with the columns of both lists, `running_until`, and the parameters `:receivedAt` and `:coolingOffMs`. */
export const COOLING_OFF_UNTIL = `CASE
  WHEN ${oneOf(COOLING_OFF_EXEMPTIONS.map(({ column }) => column))} THEN NULL
  WHEN ${oneOf(COOLING_OFF_CAUSES.map(({ column }) => `NOT ${column}`))}
  THEN coalesce(running_until, :receivedAt + :coolingOffMs) END`

/** And of what was new. */
export const COOLING_OFF_CAUSE = `rtrim(${COOLING_OFF_CAUSES.map(
  ({ word, column }) => `CASE WHEN ${column} THEN '' ELSE '${word} ' END`,
).join(' || ')})`
