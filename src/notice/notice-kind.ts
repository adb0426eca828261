// The words a notice is stored with.

/**
 * kind | answers
 * --- | ---
 * `locked` | a lock by reply
 * `wrong_code` | a reply whose code fits no alert
 * `stopped` | STOP
 * `started` | START
 * `help` | HELP
 * `code` | a number that is to be bound; subject: the binding
 * `alert_copy` | a login, to the number the account had before; subject: the login's sequence
 * `phone_changed` | a change or removal of the number, to the one before
 * `drill` | the owner's wish for a test alert
 * `hold_lifted` | the exchange's lifting of a hold
 * `alerts_off` | the owner's switching off of alerts
 * `passkey_added` | a new passkey
 */
export type NoticeKind =
  | 'locked'
  | 'wrong_code'
  | 'stopped'
  | 'started'
  | 'help'
  | 'code'
  | 'alert_copy'
  | 'phone_changed'
  | 'drill'
  | 'hold_lifted'
  | 'alerts_off'
  | 'passkey_added'

/** `open`: to be sent · `accepted`: a provider took it · `failed`: nobody took it in time. */
export type NoticeState = 'open' | 'accepted' | 'failed'
