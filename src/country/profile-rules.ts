// What a regulator's profile can ask of a deployment, and which of two askings is the stricter. Which regulator asks for
// what stands in profiles.ts; nothing here knows a country.

import { strictest } from '../lib/strictest.ts'

/**
 * Each setting from the least strict step to the strictest; the first is how things are without a profile.
 *
 * setting | steps
 * --- | ---
 * `links` | whether an SMS may hold a link, where its country lets it
 * `phoneNumbers` | whether a text may hold a number to call
 * `alerts` | the fewest alerts that an owner may choose
 * `numberChange` | what a change or removal of the number takes on the owner's pages: a code of the authenticator app, never one by SMS alone, or a passkey
 * `coolingOffHours` | for how many hours at least an unrecognised login holds withdrawals by itself
 */
export const STEPS = {
  links: ['allowed', 'none'],
  phoneNumbers: ['allowed', 'none'],
  alerts: ['off', 'unusual', 'all'],
  numberChange: ['app', 'passkey'],
  coolingOffHours: [0, 12, 24],
} as const

export type RuleName = keyof typeof STEPS

export type ProfileRules = { readonly [Name in RuleName]: (typeof STEPS)[Name][number] }

/** How many alerts an owner wants, or has to get. */
export type AlertChoice = ProfileRules['alerts']

/** One thing asked, as a setting of ours. */
export type Asked = {
  readonly [Name in RuleName]: { readonly setting: Name; readonly step: ProfileRules[Name] }
}[RuleName]

/** The strictest of all that is asked; with nothing asked, how things are without a profile. */
export function rulesOf(asked: readonly Asked[]): ProfileRules {
  const stepsOf = (name: RuleName) =>
    asked.filter(({ setting }) => setting === name).map(({ step }) => step)
  return {
    links: strictest(STEPS.links, stepsOf('links')),
    phoneNumbers: strictest(STEPS.phoneNumbers, stepsOf('phoneNumbers')),
    alerts: strictest(STEPS.alerts, stepsOf('alerts')),
    numberChange: strictest(STEPS.numberChange, stepsOf('numberChange')),
    coolingOffHours: strictest(STEPS.coolingOffHours, stepsOf('coolingOffHours')),
  }
}

/** What an owner gets who has chosen `chosen`: a profile may ask for more, and never takes any away. */
export function alertsFor(chosen: AlertChoice, { alerts }: Pick<ProfileRules, 'alerts'>) {
  return strictest(STEPS.alerts, [chosen, alerts])
}

/** What an owner may choose from, the most alerts first. */
export function alertChoices(rules: Pick<ProfileRules, 'alerts'>): readonly AlertChoice[] {
  return STEPS.alerts.filter((choice) => alertsFor(choice, rules) === choice).toReversed()
}

export type Clause = Asked & {
  readonly regulator: string
  /** Name and number. */
  readonly document: string
  /** Dates as YYYY, YYYY-MM or YYYY-MM-DD, as exact as they were found; null where none was. */
  readonly issued: string | null
  readonly effective: string | null
  /** When `source` was read. */
  readonly read: string
  /** The regulator’s own where `isPrimary`; else its text was not read, and these pages report it. */
  readonly source: string
  readonly alsoRead?: string
  readonly isPrimary: boolean
  readonly asks: string
  /** Of this clause, what the setting does not hold. */
  readonly notCovered: string
}

export type Profile = {
  readonly country: string
  readonly clauses: readonly Clause[]
  /** Of the same rules, what no setting holds. */
  readonly notCovered: string
}
