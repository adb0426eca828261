// The values all examples of the API's description share, so that one login can be followed through the
// whole document. A test validates every example against its schema.

export const ACCOUNT_ID = '10482113'
export const SESSION_ID = 's_9f2c'
export const ALERT_ID = 'alr_7jw1n0ye9s0q6c5b4t3v2x8kzm'
export const LOCK_ID = 'lck_2hc8m4k6e0r9wqz3x7vabn1ytd'

export const LOGGED_IN_AT = '2026-11-23T14:03:27.123Z'
export const LOCKED_AT = '2026-11-23T14:05:10.000Z'
export const HELD_UNTIL = '2026-11-24T14:05:10.000Z'
