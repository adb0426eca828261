// Every figure that people are drawn by: how soon thieves act, who reads what and when. None is measured here; where it is
// from stands beside it, and docs/takeovers.md prints all of it.

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export const THIEVES = ['password', 'session', 'sms', 'sim', 'insider', 'phone'] as const
export type ThiefKind = (typeof THIEVES)[number]

export const OWNERS = ['sleeping', 'slow', 'quick', 'travelling'] as const
export type OwnerKind = (typeof OWNERS)[number]

/** How a thief comes in, or with what he goes on; those that the rules see worst of all are rows of their own. */
export const GUISES = ['abroad', 'worst', 'same_network', 'owners_address'] as const
export type Guise = (typeof GUISES)[number]

/** What a guise is drawn by. */
export const GUISE_WEIGHTS: Readonly<Record<Guise, number>> = {
  abroad: 4,
  worst: 4,
  same_network: 1,
  owners_address: 1,
}

/** From the thief's first act to the withdrawal, beside the worst case, who asks for everything in one instant. */
export const QUICK_SHARE = 0.88
export const QUICK_MS = [10_000, 10 * MINUTE_MS] as const
export const PATIENT_MS = [10 * MINUTE_MS, 10 * HOUR_MS] as const

export const ACTING_SHARE = 0.22

/** From the text on the phone to the tap, of owners who act. */
export const READS_AFTER_MS: Readonly<Record<OwnerKind, readonly [number, number]>> = {
  sleeping: [3 * HOUR_MS, 8 * HOUR_MS],
  slow: [30 * MINUTE_MS, 3 * HOUR_MS],
  quick: [20_000, 5 * MINUTE_MS],
  travelling: [10 * MINUTE_MS, 90 * MINUTE_MS],
}
/** A stolen phone is missed, and the exchange is called. Of all owners, whatever their kind. */
export const MISSES_PHONE_MS = [10 * MINUTE_MS, 6 * HOUR_MS] as const

/** Owners who have a passkey at Lockline, made long before. */
export const PASSKEY_SHARE = 0.5

/** Of an owner's own withdrawals: what was new of the login before it. */
export const OCCASIONS = ['usual', 'network', 'abroad', 'phone'] as const
export type Occasion = (typeof OCCASIONS)[number]
const AT_HOME = { usual: 92, network: 4, abroad: 2, phone: 2 } as const
export const OCCASION_WEIGHTS: Readonly<Record<OwnerKind, Readonly<Record<Occasion, number>>>> = {
  sleeping: AT_HOME,
  slow: AT_HOME,
  quick: AT_HOME,
  travelling: { usual: 28, network: 20, abroad: 50, phone: 2 },
}
/** From a page that is there to a passkey that has signed: two taps. */
export const RELEASES_AFTER_MS = [5_000, 30_000] as const

export type Assumption = { readonly what: string; readonly source: string }

export const ASSUMPTIONS: readonly Assumption[] = [
  {
    what: 'Of owners told of a login that was not theirs, 22 of 100 act on it, whatever their kind.',
    source:
      'Markert, Lassak, Golla, Dürmuth, [“Understanding Users’ Interaction with Login Notifications”](https://doi.org/10.1145/3613904.3642823), CHI 2024: 22 % changed their password after a notice of a malicious login. That was e-mail, and no money was at stake; a tap is less than a new password.',
  },
  {
    what: '88 of 100 thieves ask for the money within ten minutes of their first act, at any moment of them; the others within ten hours. In the worst case all is asked for in the instant of the login, by a script.',
    source:
      'An assumption: we know of no public source for 88 %. What holds here does not depend on it: the worst case has no minutes.',
  },
  {
    what: 'A withdrawal that is held waits, and goes out by itself when the hold is over: nobody has to come back for it.',
    source: 'The example exchange. One that cancels what was asked for while held is better off.',
  },
  {
    what: 'Thieves with read SMS delete them, and a moved number gets them: these owners never see a text. Of a stolen phone 22 of 100 owners call the exchange, after 10 minutes to 6 hours.',
    source: 'Assumed, as bad as it can be for the first two.',
  },
  {
    what: 'From the text to the tap: sleeping 3–8 h, slow ½–3 h, quick 20 s–5 min, travelling 10–90 min.',
    source: 'Assumed.',
  },
  {
    what: 'Every thief asks for the whole balance, and all balances are alike: money lost is the share of thefts that succeed.',
    source: 'Assumed.',
  },
  {
    what: 'Half of the owners have a passkey here, made a week before or more.',
    source: 'Assumed.',
  },
  {
    what: 'Owners’ own withdrawals: 4 of 100 from a new network, 2 from abroad, 2 from a new phone; of travellers 20, 50 and 2.',
    source: 'Assumed; a year of an owner is replayed in [cooling-off.md](cooling-off.md).',
  },
]
