// Durations that descriptions name, in English, each from the constant that decides it.

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/time.ts'
import { HOLD_MS } from '../../lock/hold.ts'
import { LINK_LIFETIME_MS } from '../../lock/link.ts'
import { SESSION_DEFAULT_LIFETIME_MS } from '../../login/login.ts'
import { ENTRY_LIFETIME_MS } from '../../portal/visit/entry-link.ts'

export const HOLD_TIME = `${HOLD_MS / HOUR_MS} hours`
export const LINK_LIFETIME = `${LINK_LIFETIME_MS / HOUR_MS} hours`
export const ENTRY_LIFETIME = `${ENTRY_LIFETIME_MS / MINUTE_MS} minutes`
export const SESSION_LIFETIME = `${SESSION_DEFAULT_LIFETIME_MS / DAY_MS} days`
