// Events out, declared: what is posted to CALLBACK_URL, and what the exchange's answers mean. The events of
// other rooms are declared there, with `eventOut`.

import * as v from 'valibot'
import { instant, named, oneWordOf, text } from '../lib/answer-spec.ts'
import { jsonBody } from '../lib/body-spec.ts'
import { ACCOUNT_ID, ALERT_ID, LOCKED_AT, SESSION_ID } from '../lib/example-spec.ts'
import type { AnswerSpec, RouteSpec } from '../lib/route-spec.ts'
import { mapValues } from '../lib/table.ts'
import { webhookParameters } from '../lib/webhook-spec.ts'
import { type CallbackType, endsBy410 } from './callback.ts'
import type { PhoneChange } from './phone-changed.ts'
import { PROTECTION_CHANGES, type Proof, type ProtectionChange } from './protection-changed.ts'

type EventOut<Data> = {
  readonly operationId: string
  readonly schemaName: string
  readonly summary: string
  readonly description: string
  readonly data: v.GenericSchema<Data>
  readonly example: Data
}

export function eventOut<Data>(type: CallbackType, event: EventOut<Data>): RouteSpec {
  const { operationId, schemaName, summary, description, data, example } = event
  const schema = named(
    schemaName,
    v.object({
      type: v.pipe(v.literal(type), v.description('Names the event.')),
      timestamp: instant('When it happened.'),
      data: v.pipe(data, v.description('More fields may be added.')),
    }),
  )
  return {
    operationId,
    tag: 'Events out',
    summary,
    description,
    access: 'signed',
    parameters: webhookParameters,
    request: {
      required: true,
      body: jsonBody(schema, { event: { value: { type, timestamp: LOCKED_AT, data: example } } }),
    },
    answers: answersTo(type),
    problems: [],
  }
}

const RETRIED = 'Any other answer, no answer within 5 seconds, or a redirect: it is sent again'

function answersTo(type: CallbackType): Readonly<Record<string, AnswerSpec>> {
  const confirmed = { description: 'Confirms it. The body is not read.' }
  if (type === 'account.locked') {
    const answered = {
      description:
        'Delivered, and not sent again. Without a body, or with one that names neither `done` nor `failed`, it confirms all actions; else those that `done` names. At most 4 KiB are read.',
    }
    return { '2XX': answered, default: { description: `${RETRIED}.` } }
  }
  return {
    '2XX': confirmed,
    ...(endsBy410(type) && { 410: { description: 'Ends the retries of this event.' } }),
    default: {
      description: `${RETRIED}: after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours, then no more.`,
    },
  }
}

export const accountIdField = text('Your id of the account.')

const phoneChangeWords: Readonly<Record<PhoneChange, string>> = {
  opted_out: 'alerts are muted by STOP',
  opted_in: 'alerts go out again after START',
  changed: 'another number is bound',
  removed: 'no number is linked any more',
}

const protectionWords = mapValues<ProtectionChange, { readonly words: string }, string>(
  PROTECTION_CHANGES,
  ({ words }) => words,
)

const proofWords: Readonly<Record<Proof, string>> = {
  visit: 'by the visit alone',
  exchange_otp: 'you had just checked a one-time code (`amr`)',
  totp: 'a code from the authenticator app',
  passkey: 'a passkey',
  sms_code: 'a code sent to the number in question',
  reply: 'an SMS from the number',
  link: 'the link of an SMS to the number, or of a push',
}

export const exchangeEventSpecs = {
  'session.revoked': eventOut('session.revoked', {
    operationId: 'onSessionRevoked',
    schemaName: 'SessionRevoked',
    summary: 'End one session',
    description:
      'Only this session was revoked; a lock names its sessions in `account.locked` instead.',
    data: v.object({
      account_id: accountIdField,
      session_id: text('Your id of the session.'),
      revoked_at: instant('When.'),
    }),
    example: { account_id: ACCOUNT_ID, session_id: SESSION_ID, revoked_at: LOCKED_AT },
  }),
  'session.confirmed': eventOut('session.confirmed', {
    operationId: 'onSessionConfirmed',
    schemaName: 'SessionConfirmed',
    summary: 'The owner says that a login was theirs',
    description:
      'With a passkey, on the page next to the lock. It lifts no hold. A good reason to ask this session fewer questions.',
    data: v.object({
      account_id: accountIdField,
      session_id: text('Your id of the session.'),
      alert_id: text('As answered to the login event.'),
      confirmed_at: instant('When.'),
      via: oneWordOf('How it was proven.', { passkey: 'by a passkey' }),
    }),
    example: {
      account_id: ACCOUNT_ID,
      session_id: SESSION_ID,
      alert_id: ALERT_ID,
      confirmed_at: LOCKED_AT,
      via: 'passkey',
    },
  }),
  'phone.bound': eventOut('phone.bound', {
    operationId: 'onPhoneBound',
    schemaName: 'PhoneBound',
    summary: 'An owner has linked their first number',
    description: 'Login alerts go there from now on. The number itself is not sent.',
    data: v.object({
      account_id: accountIdField,
      country: text('Of the number, ISO 3166-1 alpha-2.'),
      bound_at: instant('When.'),
    }),
    example: { account_id: ACCOUNT_ID, country: 'DE', bound_at: LOCKED_AT },
  }),
  'phone.changed': eventOut('phone.changed', {
    operationId: 'onPhoneChanged',
    schemaName: 'PhoneChanged',
    summary: 'The number was changed, removed, muted or unmuted',
    description:
      'By an answer to an SMS (STOP, START), which anybody can give who can send in the name of the number; after STOP no alert goes out, so warn the owner by other means. Or on the owner’s pages, with a code from the authenticator app; the former number is told, and gets each alert for 72 hours more.',
    data: v.object({
      account_id: accountIdField,
      change: oneWordOf('What changed.', phoneChangeWords),
      via: oneWordOf('Where.', {
        reply: 'by an answer to an SMS',
        portal: 'on the owner’s pages',
      }),
    }),
    example: { account_id: ACCOUNT_ID, change: 'opted_out', via: 'reply' },
  }),
  'alert.unserved': eventOut('alert.unserved', {
    operationId: 'onAlertUnserved',
    schemaName: 'AlertUnserved',
    summary: 'An imported number will get no alert by SMS',
    description:
      'Before the first login, once for a number and a reason: a rule of its country bars every sender that is set up. Register a sender there and name it in `SMS_SENDERS`, or warn the owner by other means.',
    data: v.object({
      account_id: accountIdField,
      country: text('Of the number, ISO 3166-1 alpha-2.'),
      reason: oneWordOf('Why.', {
        sender_branded: 'texts of our senders would be marked there as a likely fraud',
        sender_blocked: 'texts of our senders would be blocked there',
      }),
    }),
    example: { account_id: ACCOUNT_ID, country: 'AU', reason: 'sender_branded' },
  }),
  'passkey.added': eventOut('passkey.added', {
    operationId: 'onPasskeyAdded',
    schemaName: 'PasskeyAdded',
    summary: 'An owner has a new passkey',
    description:
      'Keep its public key, with the instant at which you learnt it: by it you can check for yourself what the owner signs, whatever anybody says who holds our keys. The first key of a credential is the one that counts.',
    data: v.object({
      account_id: accountIdField,
      credential_id: text('Of WebAuthn, base64url.'),
      jwk: v.pipe(
        v.object({
          kty: text('`EC`, `OKP` or `RSA`.'),
          crv: v.optional(text('`P-256` or `Ed25519`.')),
          x: v.optional(text('Of a curve.')),
          y: v.optional(text('Of P-256.')),
          n: v.optional(text('Of RSA.')),
          e: v.optional(text('Of RSA.')),
        }),
        v.description('The public key as a JWK (RFC 7517, 8037).'),
      ),
      alg: v.pipe(
        v.number(),
        v.integer(),
        v.description('IANA COSE Algorithms: -7 ES256, -8 EdDSA, -257 RS256.'),
      ),
      rp_id: text('The domain that it signs for: that of `PUBLIC_ORIGIN`.'),
    }),
    example: {
      account_id: ACCOUNT_ID,
      credential_id: 'bXktcGFzc2tleQ',
      jwk: {
        kty: 'EC',
        crv: 'P-256',
        x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
        y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
      },
      alg: -7,
      rp_id: 'lock.example.com',
    },
  }),
  'protection.changed': eventOut('protection.changed', {
    operationId: 'onProtectionChanged',
    schemaName: 'ProtectionChanged',
    summary: 'The protection of an account was changed',
    description:
      'Each change on the owner’s pages that weakens or strengthens it, and how it was proven; never a value. The linked number is told of each that weakens it, and of each new authenticator, passkey and push device; so is a former number while it gets copies. If there are several in a row, or one right after a doubtful login, ask the owner.',
    data: v.object({
      account_id: accountIdField,
      change: oneWordOf('What changed.', protectionWords),
      direction: oneWordOf('Which way.', {
        weakens: 'fewer alerts, or less is needed to act',
        strengthens: 'more alerts, or more is needed to act',
      }),
      proof: oneWordOf('How it was proven.', proofWords),
      via: oneWordOf('Where.', {
        portal: 'on the owner’s pages',
        reply: 'by an answer to an SMS',
        link: 'on the page behind a link',
      }),
      changed_at: instant('When.'),
    }),
    example: {
      account_id: ACCOUNT_ID,
      change: 'alerts_off',
      direction: 'weakens',
      proof: 'totp',
      via: 'portal',
      changed_at: LOCKED_AT,
    },
  }),
} as const
