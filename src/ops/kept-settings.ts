// For how long what tells of people is kept, as the operator wants it. Each has a least, below which something that is still
// of use would be missing. What is not listed here has its time from what it is for: each room says so in its forget.ts.

import { DEAD_LETTERS_KEPT_MS } from '../dead-letter/forget.ts'
import { CALLBACKS_KEPT_MS } from '../exchange/forget.ts'
import { whole } from '../lib/setting-kinds.ts'
import { setting, type ValuesOf } from '../lib/settings.ts'
import { DAY_MS } from '../lib/time.ts'
import { LOGINS_KEPT_MS } from '../login/forget.ts'
import { NOTICES_KEPT_MS } from '../notice/forget.ts'
import { ACTS_KEPT_MS } from './acts/record.ts'

const days = (defaultMs: number, min: number) =>
  whole({ fallback: defaultMs / DAY_MS, min, max: 3_650 })

/** In days. */
export const KEPT_SETTINGS = {
  /** A session without an end of its own lives for 30 days, and its login's row is the session. */
  logins: setting('LOGINS_KEPT_DAYS', days(LOGINS_KEPT_MS, 30), {
    help: 'how long logins are kept with their alerts and attempts; an account’s newest one stays. A webhook that is older when it comes again is stored anew',
  }),
  /** A lock that is pressed again finds its callback, for as long as a link may lock and a hold last. */
  callbacks: setting('CALLBACKS_KEPT_DAYS', days(CALLBACKS_KEPT_MS, 7), {
    help: 'how long callbacks are kept that are confirmed or stopped; open ones stay',
  }),
  /** Receipts come for up to a week. */
  notices: setting('NOTICES_KEPT_DAYS', days(NOTICES_KEPT_MS, 7), {
    help: 'how long it is kept which SMS beside alerts went out',
  }),
  /** Somebody has to have the time to look at them. */
  deadLetters: setting('DEAD_LETTERS_KEPT_DAYS', days(DEAD_LETTERS_KEPT_MS, 7), {
    help: 'how long messages are kept that nobody could finish, sealed',
  }),
  acts: setting('OPS_ACTS_KEPT_DAYS', days(ACTS_KEPT_MS, 30), {
    help: 'how long it is kept who repaired what by hand, and why',
  }),
}

export type KeptDays = ValuesOf<typeof KEPT_SETTINGS>

export const KEPT_BY_DEFAULT: KeptDays = {
  logins: LOGINS_KEPT_MS / DAY_MS,
  callbacks: CALLBACKS_KEPT_MS / DAY_MS,
  notices: NOTICES_KEPT_MS / DAY_MS,
  deadLetters: DEAD_LETTERS_KEPT_MS / DAY_MS,
  acts: ACTS_KEPT_MS / DAY_MS,
}
