// What may happen in an account beside a login, and the words for it. `{name}` in a text is replaced by that part; a text's
// parts are named beside it.

/** Of somebody inside, with what he gains lasting: each may hold withdrawals, and its texts can say so. */
export const HOLDING_KINDS = [
  'password_changed',
  'two_factor_disabled',
  'two_factor_changed',
  'email_changed',
  'phone_changed',
  'api_key_created',
  'address_added',
] as const

export const ACTIVITY_KINDS = [
  ...HOLDING_KINDS,
  'logins_failed',
  'password_reset',
  'withdrawal_requested',
  /** Whatever else the exchange names. */
  'other',
] as const
export type ActivityKind = (typeof ACTIVITY_KINDS)[number]

export type ActivityWords = {
  /** Of an SMS: `{exchange} {number} {activity} {details}`; right-to-left languages begin it with a word of their script. */
  readonly opening: string
  /** Several of one kind in one SMS: `{exchange} {numbers} {activity} {count} {details}`; the details are the newest's. */
  readonly several: string
  /** Of a push notification: `{exchange} {number} {activity}` */
  readonly title: string
  /** What happened, in the fewest words; in an SMS, so spelled as its alphabet can. */
  readonly kinds: Readonly<Record<ActivityKind, string>>
  /** As pages and notifications write them, where an SMS leaves accents out. */
  readonly kindsOnPages?: Readonly<Partial<Record<ActivityKind, string>>>
}
