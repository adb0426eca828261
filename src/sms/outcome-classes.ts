// What an attempt that did not bring the text to the phone can mean: one table of who is at fault, how far the fault
// reaches and what is done next. Every provider's codes map into it (*/codes.ts), and whoever decides about an outcome
// (a round, a breaker, a sample, the API's description) asks it. It says nothing of whether a number exists: that takes
// more than one answer (number-verdict.ts).

/** `ours`: our account, sender, registration, route or text. */
export type AtFault = 'recipient' | 'ours' | 'provider' | 'network' | 'unknown'

/** What of the provider's service is in doubt: no more than this message, its country, or all of it. */
export type FaultScope = 'message' | 'country' | 'provider'

/**
 * next | the round
 * --- | ---
 * `next` | asks the next provider
 * `one_more` | asks one other provider: a handset that is off is off for all
 * `second_opinion` | asks the others; one provider's word is not enough to stop
 * `stop` | ends
 */
export type AfterFailure = 'next' | 'one_more' | 'second_opinion' | 'stop'

type OutcomeClass = {
  readonly atFault: AtFault
  /** Where a code says nothing else; see `Meaning`. */
  readonly scope: FaultScope
  readonly next: AfterFailure
  /** The same text would be refused again: that provider is not asked twice for one alert. */
  readonly isLasting: boolean
}

/**
 * A class that ends an alert early or mutes a number has to be sure: a code that may mean anything else is `unclear`,
 * as is every code we do not know and every 4xx without one. What is unclear is asked elsewhere now and here again later.
 */
const TABLE = {
  recipient_permanent: {
    atFault: 'recipient',
    scope: 'message',
    next: 'second_opinion',
    isLasting: false,
  },
  recipient_temporary: {
    atFault: 'recipient',
    scope: 'message',
    next: 'one_more',
    isLasting: false,
  },
  opted_out: {
    atFault: 'recipient',
    scope: 'message',
    next: 'stop',
    isLasting: true,
  },
  message_rejected: {
    atFault: 'ours',
    scope: 'message',
    next: 'next',
    isLasting: true,
  },
  provider_config: {
    atFault: 'ours',
    scope: 'provider',
    next: 'next',
    isLasting: false,
  },
  provider_transient: {
    atFault: 'provider',
    scope: 'provider',
    next: 'next',
    isLasting: false,
  },
  ambiguous: {
    atFault: 'network',
    scope: 'provider',
    next: 'next',
    isLasting: false,
  },
  expired: {
    atFault: 'network',
    scope: 'message',
    next: 'next',
    isLasting: false,
  },
  unclear: {
    atFault: 'unknown',
    scope: 'message',
    next: 'next',
    isLasting: false,
  },
} as const satisfies Readonly<Record<string, OutcomeClass>>

export type FailureClass = keyof typeof TABLE

export const OUTCOME_CLASSES: Readonly<Record<FailureClass, OutcomeClass>> = TABLE

const isFailureClass = (name: string): name is FailureClass => Object.hasOwn(TABLE, name)

export const FAILURE_CLASSES: readonly FailureClass[] = Object.keys(TABLE).filter(isFailureClass)
