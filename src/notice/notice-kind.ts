// The words a notice is stored with.

/**
 * kind | answers
 * --- | ---
 * `locked` | a lock by reply
 * `wrong_code` | a reply whose code fits no alert
 * `stopped` | STOP
 * `started` | START
 * `help` | HELP
 */
export type NoticeKind = 'locked' | 'wrong_code' | 'stopped' | 'started' | 'help'

/** `open`: to be sent · `accepted`: a provider took it · `failed`: nobody took it in time. */
export type NoticeState = 'open' | 'accepted' | 'failed'
