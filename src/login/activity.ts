// What is done about each kind of activity: which hold withdrawals, which a stranger can cause without being in the
// account, and how many SMS and rows a kind may come to. Data and pure rules; what is decided at each is in
// insert-activity.ts.

import { HOUR_MS, MINUTE_MS } from '../lib/time.ts'
import { ACTIVITY_KINDS, type ActivityKind } from '../words/activity-words.ts'

type Activity = {
  /** Only somebody inside the account can cause it, and what he gains by it lasts. */
  readonly startsHold: boolean
  /** Anybody who knows a name or an address can cause it, as often as he likes. */
  readonly isStrangers: boolean
}

const INSIDE: Activity = { startsHold: true, isStrangers: false }
const STRANGERS: Activity = { startsHold: false, isStrangers: true }

export const ACTIVITIES: Readonly<Record<ActivityKind, Activity>> = {
  password_changed: INSIDE,
  two_factor_disabled: INSIDE,
  two_factor_changed: INSIDE,
  email_changed: INSIDE,
  phone_changed: INSIDE,
  api_key_created: INSIDE,
  address_added: INSIDE,
  logins_failed: STRANGERS,
  password_reset: STRANGERS,
  withdrawal_requested: STRANGERS,
  // Nobody here knows what it is: told, and no more.
  other: { startsHold: false, isStrangers: false },
}

/**
 * Any text: what is none of ours is `other`, and so is that word itself. Letters alone count (`API-Key created`, `apiKeyCreated`): a
 * kind that was not recognised would hold nothing, and nobody would notice.
 */
export function activityKindOf(kind: string): ActivityKind {
  const letters = lettersOf(kind)
  return ACTIVITY_KINDS.find((one) => lettersOf(one) === letters) ?? 'other'
}

const lettersOf = (kind: string) => kind.toLowerCase().replace(/[^a-z]/g, '')

/** Of a kind that strangers can cause, a day (UTC): the first at once, the second for what came after it. */
export const STRANGERS_SMS_PER_DAY = 2

/** Of any other kind, a day; beyond them one an hour, which tells of all that came in it. */
export const EAGER_SMS_PER_DAY = 5

/** After an SMS of its kind, activities are gathered for this long … */
export const GATHERED_MS = 10 * MINUTE_MS
/** … and beyond the day's five for this long. */
export const GATHERED_LATER_MS = HOUR_MS

/** Rows that one SMS tells of; what comes beyond them is counted, and its text says how many there were. */
export const ROWS_PER_SMS = 20
