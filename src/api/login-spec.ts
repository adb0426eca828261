// A login as the exchange is shown it: its place and device, its session, its alert with every call to an
// SMS provider.

import * as v from 'valibot'
import {
  flag,
  instant,
  instantOrNull,
  listOf,
  named,
  oneWordOf,
  oneWordOrNull,
  text,
  textOrNull,
  whole,
  wholeOrNull,
} from '../lib/answer-spec.ts'
import { durationInWords } from '../lib/duration-spec.ts'
import { ALERT_ID, LOGGED_IN_AT, SESSION_ID } from '../lib/example-spec.ts'
import type { AttemptState } from '../login/attempt.ts'
import { SESSION_DEFAULT_LIFETIME_MS } from '../login/login.ts'
import type { AlertState, SessionEnd, SuppressionReason } from '../login/state.ts'
import type { ReservedKind } from '../place/reserved-range.ts'
import { failureWords } from '../sms/failure-spec.ts'
import { HTTP_NAME } from '../sms/http/name.ts'
import { PROVIDER_LABELS } from '../sms/registry.ts'

export const SESSION_LIFETIME = durationInWords(SESSION_DEFAULT_LIFETIME_MS)

const alertStateWords: Readonly<Record<AlertState, string>> = {
  suppressed: 'no SMS will go out; `reason` says why',
  merged:
    'one of many in ten minutes, from known devices: reported with others in one SMS. If that SMS reached nobody, its outcome is shown here',
  queued: 'waits to be sent',
  sending: 'is being sent',
  accepted: 'a provider took it; nothing more is known',
  sent: 'a receipt says it left towards the carrier',
  delivered: 'a receipt says it reached the phone',
  undelivered: 'given up; `alert.undelivered` was sent',
}

const suppressionWords: Readonly<Record<SuppressionReason, string>> = {
  no_number: 'the account has no phone number',
  alerts_off: 'the account wants none',
  number_invalid:
    'providers had just said that there is no such number; it is tried again after a day',
  opted_out: 'the owner had stopped messages with STOP',
  usual:
    'device, country and network were known, and the account only wants alerts of unusual logins',
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

export const maskedIp = text('The last digits of the address after `…`; the rest is not kept.')

export const deviceSchema = v.object({
  browser: textOrNull('From the user agent: what the client says about itself.'),
  os: textOrNull('Without a version.'),
  name: textOrNull('`device_name` of the event.'),
})

const AttemptSchema = named(
  'Attempt',
  v.object({
    number: whole('1, 2, 3 … within the alert.'),
    provider: v.pipe(
      v.union([
        oneWordOf('One that is built in.', PROVIDER_LABELS),
        v.pipe(v.string(), v.regex(HTTP_NAME), v.description('A further API behind a template.')),
      ]),
      v.description(
        'The SMS provider called: one that is built in, or `http:` and the name of a further one.',
      ),
      v.metadata({ 'x-enumDescriptions': PROVIDER_LABELS }),
    ),
    state: oneWordOf('How far it is known to have got.', attemptStateWords),
    failure: oneWordOrNull('Why it failed.', failureWords),
    code: textOrNull("The provider's own code, or `http_503`, `timeout` and the like."),
    provider_message_id: textOrNull('The id that the provider gave it.'),
    segments: whole('SMS segments, which are what a provider bills.'),
    started_at: instant('When the provider was called.'),
    duration_ms: whole('How long its answer took, in milliseconds.'),
    sent_at: instantOrNull('From a receipt.'),
    delivered_at: instantOrNull('From a receipt.'),
    failed_at: instantOrNull('From a receipt.'),
  }),
)
export type AttemptAnswer = v.InferOutput<typeof AttemptSchema>

const LoginSchema = named(
  'Login',
  v.object({
    alert_id: text('As answered to the event.'),
    activity: v.pipe(
      v.nullable(
        v.object({
          kind: text('As you sent it; one that is not ours is cut after 64 characters.'),
          detail: textOrNull('As you sent it, cut after 128 characters.'),
        }),
      ),
      v.description('What happened, where it is an `activity.occurred`; null for a login.'),
    ),
    session_id: textOrNull('As in the event; null for an activity without one.'),
    occurred_at: instant("The event's `timestamp`, or the time of receipt if that was earlier."),
    received_at: instant('When the event was accepted.'),
    place: v.object({
      country: textOrNull('Two letters: yours if the event had one, else looked up.'),
      city: textOrNull('As in the event; never looked up.'),
      hosting: textOrNull('The data-centre network the address appears to belong to.'),
      relay: textOrNull(
        "The relay the address appears to belong to: iCloud Private Relay, a VPN or the gateway of a company. The place is then roughly the user's, or that of the exit.",
      ),
      reserved: oneWordOrNull('Set when the address belongs to no place at all.', reservedWords),
      ip: maskedIp,
    }),
    device: deviceSchema,
    parallel_session: flag('Another session of the account was live at this login.'),
    session: v.object({
      expires_at: instantOrNull(
        `\`session_expires_at\` of the event. Null counts as ${SESSION_LIFETIME}.`,
      ),
      ended_at: instantOrNull('Null while it is live, or if it expired.'),
      end: oneWordOrNull('How it ended.', sessionEndWords),
    }),
    alert: v.object({
      number: wholeOrNull("The account's 1, 2, 3 … as shown in the SMS; null when suppressed."),
      state: oneWordOf('Never more than evidence supports.', alertStateWords),
      reason: oneWordOrNull('Why no SMS is to go out.', suppressionWords),
      wave: whole('1, or 2 if it was sent again because a receipt reported failure or never came.'),
      attempts: listOf('Every provider call.', AttemptSchema),
    }),
  }),
)
export type LoginAnswer = v.InferOutput<typeof LoginSchema>

export const LoginPageSchema = named(
  'LoginPage',
  v.object({
    logins: listOf('Newest first.', LoginSchema),
    next_cursor: textOrNull('The `cursor` of the next page; null on the last.'),
  }),
)
export type LoginPageAnswer = v.InferOutput<typeof LoginPageSchema>

const ATTEMPTS = [
  {
    number: 1,
    provider: 'twilio',
    state: 'failed',
    failure: 'provider_transient',
    code: 'http_503',
    provider_message_id: null,
    segments: 1,
    started_at: '2026-11-23T14:03:27.402Z',
    duration_ms: 212,
    sent_at: null,
    delivered_at: null,
    failed_at: null,
  },
  {
    number: 2,
    provider: 'infobip',
    state: 'delivered',
    failure: null,
    code: null,
    provider_message_id: '4187012345678903',
    segments: 1,
    started_at: '2026-11-23T14:03:27.616Z',
    duration_ms: 180,
    sent_at: '2026-11-23T14:03:28.100Z',
    delivered_at: '2026-11-23T14:03:30.000Z',
    failed_at: null,
  },
] satisfies readonly AttemptAnswer[]

export const LOGIN = {
  alert_id: ALERT_ID,
  activity: null,
  session_id: SESSION_ID,
  occurred_at: LOGGED_IN_AT,
  received_at: '2026-11-23T14:03:27.310Z',
  place: {
    country: 'DE',
    city: 'Frankfurt',
    hosting: null,
    relay: null,
    reserved: null,
    ip: '…13.77',
  },
  device: { browser: 'Safari', os: 'iOS', name: 'iPhone 15' },
  parallel_session: false,
  session: { expires_at: '2026-11-24T14:03:27.000Z', ended_at: null, end: null },
  alert: { number: 42, state: 'delivered', reason: null, wave: 1, attempts: ATTEMPTS },
} satisfies LoginAnswer
