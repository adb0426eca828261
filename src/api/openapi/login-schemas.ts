// What the API says of a login: its attempts, its alert, its session. A test holds the shapes against the
// functions of api/views.ts, property by property.

import type { AttemptState } from '../../login/attempt.ts'
import type { AlertState, SessionEnd, SuppressionReason } from '../../login/state.ts'
import type { ReservedKind } from '../../place/reserved-range.ts'
import type { FailureClass } from '../../sms/provider.ts'
import { PROVIDER_LABELS, type ProviderName } from '../../sms/registry.ts'
import { SESSION_LIFETIME } from './durations.ts'
import {
  flag,
  instant,
  instantOrNull,
  objectOf,
  oneWordOf,
  oneWordOrNull,
  schemaRef,
  text,
  textOrNull,
  whole,
} from './schema-parts.ts'

export const failureWords: Readonly<Record<FailureClass, string>> = {
  recipient_permanent: 'no provider can reach the number; no other one was tried',
  recipient_temporary: 'the phone could not be reached for now',
  opted_out: 'the owner stopped messages; nothing dodges that',
  message_rejected: 'this provider refused the text',
  provider_config: 'our account with the provider is at fault',
  provider_transient: 'the provider was down, slow or busy',
  ambiguous: 'no answer we could read: the message may or may not have gone out',
  expired: 'the provider gave up after its validity period',
}

const alertStateWords: Readonly<Record<AlertState, string>> = {
  suppressed: 'no SMS is to go out; `reason` says why',
  merged: 'one of many in ten minutes, of known devices: told together with others in one SMS',
  queued: 'waits to be sent',
  sending: 'is being sent',
  accepted: 'a provider took it: no more is known',
  sent: 'a receipt says it left towards the carrier',
  delivered: 'a receipt says it reached the phone',
  undelivered: 'given up; `alert.undelivered` was sent',
}

const suppressionWords: Readonly<Record<SuppressionReason, string>> = {
  no_number: 'the account has no phone number',
  alerts_off: 'the account wants none',
  number_invalid: 'the number was found unreachable; import another',
  opted_out: 'the owner stopped messages at the carrier',
  usual: 'device and country were known, and the account wants unusual logins only',
  login_too_old: 'the login was more than a day old when it was reported',
}

const attemptStateWords: Readonly<Record<AttemptState, string>> = {
  accepted: 'the provider took it',
  sent: 'a receipt says it left towards the carrier',
  delivered: 'a receipt says it reached the phone',
  failed: 'refused, or reported as failed later',
  unknown: 'no answer we could read',
}

const sessionEndWords: Readonly<Record<SessionEnd, string>> = {
  ended: 'the exchange said so',
  revoked: 'by a lock or by the API',
}

const reservedWords: Readonly<Record<ReservedKind, string>> = {
  private: 'an internal network',
  loopback: 'the same machine',
  link_local: 'the same link',
  carrier_nat: "inside a carrier's network",
  documentation: 'set aside for examples',
  multicast: 'not a single host',
  reserved: 'given to nobody',
}

const maskedIp = text('The last digits of the address after `…`; the rest is not kept.')

const device = objectOf({
  browser: textOrNull('From the user agent: what the client says of itself.'),
  os: textOrNull('Without a version.'),
  name: textOrNull('`device_name` of the event.'),
})

export const attemptSchema = objectOf({
  number: whole('1, 2, 3 … within the alert.'),
  provider: oneWordOf<ProviderName>('The SMS provider called.', PROVIDER_LABELS),
  state: oneWordOf<AttemptState>('How far it is known to have come.', attemptStateWords),
  failure: oneWordOrNull<FailureClass>('Why it failed.', failureWords),
  code: textOrNull("The provider's own code, or `http_503`, `timeout` and the like."),
  provider_message_id: textOrNull('The id under which the provider knows it.'),
  segments: whole('SMS segments, which are what a provider bills.'),
  started_at: instant('When the provider was called.'),
  duration_ms: whole('How long its answer took, in milliseconds.'),
  sent_at: instantOrNull('From a receipt.'),
  delivered_at: instantOrNull('From a receipt.'),
  failed_at: instantOrNull('From a receipt.'),
})

export const loginSchema = objectOf({
  alert_id: text('As answered to the event.'),
  session_id: text('As in the event.'),
  occurred_at: instant("The event's `timestamp`, or the time of receipt if that was earlier."),
  received_at: instant('When the event was taken.'),
  place: objectOf({
    country: textOrNull('Two letters: yours if the event had one, else looked up.'),
    city: textOrNull('As in the event; never looked up.'),
    hosting: textOrNull('The data-centre network the address appears to belong to.'),
    reserved: oneWordOrNull<ReservedKind>(
      'Set when the address belongs to no place at all.',
      reservedWords,
    ),
    ip: maskedIp,
  }),
  device,
  parallel_session: flag('Another session of the account was live at this login.'),
  session: objectOf({
    expires_at: instantOrNull(
      `\`session_expires_at\` of the event. Null counts as ${SESSION_LIFETIME}.`,
    ),
    ended_at: instantOrNull('Null while it is live or ran out.'),
    end: oneWordOrNull<SessionEnd>('How it ended.', sessionEndWords),
  }),
  alert: objectOf({
    number: {
      type: ['integer', 'null'],
      description: "The account's 1, 2, 3 … as shown in the SMS; null when suppressed.",
    },
    state: oneWordOf<AlertState>('Never more than evidence supports.', alertStateWords),
    reason: oneWordOrNull<SuppressionReason>('Why no SMS is to go out.', suppressionWords),
    wave: whole('1, or 2 after a receipt failed or stayed away and it was sent again.'),
    attempts: { type: 'array', items: schemaRef('Attempt'), description: 'Every provider call.' },
  }),
})

export const sessionSchema = objectOf({
  session_id: text('As in the login event.'),
  alert_id: text('The alert of its login.'),
  started_at: instant('When the login happened.'),
  expires_at: instantOrNull(`As in the event; null counts as ${SESSION_LIFETIME}.`),
  place: objectOf({
    country: textOrNull('Two letters.'),
    city: textOrNull('As in the event.'),
    ip: maskedIp,
  }),
  device,
})
