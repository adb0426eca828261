// The shapes the API answers with. A test holds them against the functions of api/views.ts, property
// by property.

import type { Account } from '../../account/accounts.ts'
import type { SenderKind } from '../../country/sender.ts'
import { PROBLEMS } from '../../lib/problem.ts'
import type { AttemptState } from '../../login/attempt.ts'
import type { AlertState, SessionEnd, SuppressionReason } from '../../login/state.ts'
import type { ReservedKind } from '../../place/reserved-range.ts'
import type { Service } from '../../routing/route.ts'
import type { FailureClass, ProviderName } from '../../sms/provider.ts'
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
import type { Schema } from './types.ts'

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

const providerWords: Readonly<Record<ProviderName, string>> = {
  twilio: 'Twilio',
  infobip: 'Infobip',
  vonage: 'Vonage',
  sinch: 'Sinch',
  telnyx: 'Telnyx',
  aws: 'AWS End User Messaging',
  http: "the exchange's own gateway",
  sandbox: 'no provider: for trying out',
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

const attempt = objectOf({
  number: whole('1, 2, 3 … within the alert.'),
  provider: oneWordOf<ProviderName>('The SMS provider called.', providerWords),
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

const login = objectOf({
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
    expires_at: instantOrNull('`session_expires_at` of the event. Null counts as 30 days.'),
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

const phoneStateWords: Readonly<Record<Account['phoneState'], string>> = {
  ok: 'nothing speaks against it',
  invalid: 'a provider says it cannot be reached',
  opted_out: 'the owner stopped messages at the carrier',
}

const alertPolicyWords: Readonly<Record<Account['alerts'], string>> = {
  all: 'every login',
  unusual: 'those that look unusual; at present that is every login',
  off: 'none',
}

const serviceWords: Readonly<Record<Service, string>> = {
  served: 'as far as is known, texts arrive',
  unregistered: 'senders have to be registered there first, and ours is not set in SMS_SENDERS',
  not_served:
    'no configured sender is accepted there, as far as is published; it is tried all the same, but warn the owner by other means too',
}

const senderWords: Readonly<Record<SenderKind, string>> = {
  number: 'a phone number',
  short_code: 'a short code',
  name: 'a name; nobody can answer it',
  pool: 'one of a pool of the provider',
}

const account = objectOf({
  account_id: text('As in the path.'),
  phone: {
    description: 'Null when none is stored.',
    anyOf: [
      objectOf({
        masked: text('The last four digits.'),
        country: text('Two letters.'),
        state: oneWordOf('Whether it can be alerted.', phoneStateWords),
        state_code: textOrNull("The provider's code behind `state`."),
        sms: objectOf({
          service: oneWordOf('Whether our senders may send there.', serviceWords),
          sender: {
            description: 'What the first sender tried is; null when there is none.',
            anyOf: [oneWordOf('Kind of sender.', senderWords), { type: 'null' }],
          },
          link: flag('False where links are banned: the text then has a code only.'),
        }),
      }),
      { type: 'null' },
    ],
  },
  locale: textOrNull('Language of the texts; without one, that of the login event.'),
  alerts: oneWordOf<Account['alerts']>('Which logins are told.', alertPolicyWords),
  has_phrase: flag('A phrase is stored; it is never shown.'),
  has_totp_secret: flag('A TOTP secret is stored; it is never shown.'),
  created_at: instant('First import, or first lock.'),
  updated_at: instant('Last change.'),
  held: flag('Withdrawals are held now.'),
})

const session = objectOf({
  session_id: text('As in the login event.'),
  alert_id: text('The alert of its login.'),
  started_at: instant('When the login happened.'),
  expires_at: instantOrNull('As in the event; null counts as 30 days.'),
  place: objectOf({
    country: textOrNull('Two letters.'),
    city: textOrNull('As in the event.'),
    ip: maskedIp,
  }),
  device,
})

const introspection: Schema = {
  type: 'object',
  description: 'Whatever is not active is only ever `{"active":false}` (RFC 7662 section 2.2).',
  properties: {
    active: flag('False: refuse whatever the session asks for.'),
    sub: text('The account.'),
    iat: whole('The login, in seconds since 1970.'),
    exp: whole('The expiry, in seconds since 1970; absent when the event had none.'),
  },
  required: ['active'],
}

const problem: Schema = {
  type: 'object',
  description: 'RFC 9457. Branch on `code`: it is stable, the texts are not.',
  properties: {
    type: { type: 'string', const: 'about:blank', description: 'Always this: see `code`.' },
    title: text('For people.'),
    status: whole('As in the status line.'),
    code: { type: 'string', enum: Object.keys(PROBLEMS), description: 'For programs.' },
    detail: text('More for people, sometimes.'),
    errors: {
      type: 'array',
      description: 'At most 20. Never the refused value itself.',
      items: objectOf({
        pointer: text('RFC 6901 pointer into the body, or to a query parameter by its name.'),
        detail: text('What is wrong there.'),
      }),
    },
  },
  required: ['type', 'title', 'status', 'code'],
}

const health: Schema = {
  type: 'object',
  properties: {
    status: oneWordOf('Whether the settings are complete.', {
      ok: 'complete',
      misconfigured: '`settings` names what is missing or malformed',
    }),
    place_data_date: text('Day of the data that addresses are placed with, when complete.'),
    settings: {
      type: 'array',
      description: 'Only when misconfigured.',
      items: objectOf({
        setting: text('Its name.'),
        problem: text('What is wrong; never its value.'),
      }),
    },
  },
  required: ['status'],
}

export const responseSchemas: Readonly<Record<string, Schema>> = {
  Accepted: objectOf({
    alert_id: textOrNull('The alert made of a login; null for `session.ended`.'),
    duplicate: flag(
      'True: nothing was left to do, since the login was known already, or the session was over or never reported. False also where that could not be told.',
    ),
  }),
  Account: account,
  Login: login,
  Attempt: attempt,
  LoginPage: objectOf({
    logins: { type: 'array', items: schemaRef('Login'), description: 'Newest first.' },
    next_cursor: textOrNull('The `cursor` of the next page; null on the last.'),
  }),
  Session: session,
  SessionList: objectOf({
    sessions: {
      type: 'array',
      items: schemaRef('Session'),
      description: 'Newest first, at most 200.',
    },
  }),
  Introspection: introspection,
  Hold: objectOf({
    held: flag('True: let no withdrawal out.'),
    until: instantOrNull('End of the hold.'),
    lock_id: textOrNull('The lock that made it.'),
  }),
  Lock: objectOf({
    lock_id: text('Also in `account.locked`.'),
    hold_until: instant('End of the hold.'),
  }),
  PortalEntry: objectOf({
    url: text(
      'Send the user there. It works once; opening it uses nothing up until its button is pressed.',
    ),
    expires_at: instant('Five minutes from now.'),
  }),
  Health: health,
  Problem: problem,
}
