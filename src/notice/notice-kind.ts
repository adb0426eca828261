// The words a notice is stored with.

/**
 * kind | answers
 * --- | ---
 * `locked` | a lock by reply; subject: its callback. Says that it was asked for, until the exchange has confirmed; then a second one says that
 * `wrong_code` | a reply whose code fits no alert
 * `not_locked` | a text that meant to lock and could not: its code was used and the lock lifted since, too many tries, other words around it
 * `stopped` | STOP
 * `started` | START
 * `help` | HELP
 * `code` | a number that is to be bound; subject: the binding
 * `alert_copy` | a login, to the number the account had before; subject: the login's sequence
 * `phone_changed` | a change or removal of the number, to the one before
 * `drill` | the owner's wish for a test alert
 * `hold_lifted` | the exchange's lifting of a hold
 * `alerts_off` | the switching off of alerts, by the owner or by import, as the next ones
 * `alerts_unusual` | the owner's wish to hear of unusual logins only
 * `phrase_changed` | another anti-phishing phrase, or none
 * `language_changed` | another language, in the one before; subject: the locale before, if there was one
 * `authenticator_added` | an authenticator app that was set up, or its secret imported
 * `authenticator_removed` | an authenticator app that the exchange took away
 * `passkey_added` | a new passkey
 * `passkey_removed` | a passkey that was removed
 * `push_added` | a device registered for push
 * `push_removed` | a device registered no more
 * `proof_code` | a change that the present number is to prove; subject: the proof code
 * `copies_ended` | STOP of a former number, or of a trusted contact; the removal of a contact, to it
 * `contact_code` | a number that is to become the trusted contact; subject: the contact
 * `contact_added` | the same number, once the code was typed: what it may do now
 * `contact_locked` | the contact's word, which was right
 * `contact_refused` | the contact's word, which was wrong
 * `ways_changed` | a lock card or trusted contact that came or went
 * `lock_asked` | a lock by a way of which the last one was lifted: the owner confirms it
 * `hold_planned` | a hold that the owner planned
 * `lift_asked` | the exchange's wish to lift a hold, due later; subject: the request's number
 * `lift_loosened` | the owner's wish that the exchange may lift holds again
 */
export const NOTICE_KINDS = [
  'locked',
  'wrong_code',
  'not_locked',
  'stopped',
  'started',
  'help',
  'code',
  'alert_copy',
  'phone_changed',
  'drill',
  'hold_lifted',
  'alerts_off',
  'alerts_unusual',
  'phrase_changed',
  'language_changed',
  'authenticator_added',
  'authenticator_removed',
  'passkey_added',
  'passkey_removed',
  'push_added',
  'push_removed',
  'proof_code',
  'copies_ended',
  'contact_code',
  'contact_added',
  'contact_locked',
  'contact_refused',
  'ways_changed',
  'lock_asked',
  'hold_planned',
  'lift_asked',
  'lift_loosened',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** `open`: to be sent · `accepted`: a provider took it · `failed`: nobody took it in time. */
export type NoticeState = 'open' | 'accepted' | 'failed'
