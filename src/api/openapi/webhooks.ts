// Events out: what the exchange is told at CALLBACK_URL, and how long it is tried.

import type { UndeliveredReason } from '../../deliver/round.ts'
import type { CallbackType } from '../../exchange/callback.ts'
import type { PhoneChange } from '../../exchange/phone-changed.ts'
import type { LockVia } from '../../lock/hold.ts'
import { ACCOUNT_ID, ALERT_ID, LOCK_ID, SESSION_ID } from './examples.ts'
import { failureWords } from './login-schemas.ts'
import { jsonContent, WEBHOOK_SIGNATURE, webhookHeaders } from './operation-parts.ts'
import { instant, objectOf, oneWordOf, text, textOrNull, whole } from './schema-parts.ts'
import type { PathItem, Response, Schema } from './types.ts'

const viaWords: Readonly<Record<LockVia, string>> = {
  link: 'the link in the SMS',
  reply: 'an answer to the SMS with its code',
  code: 'number and code, typed into the lock page',
  portal: "the owner's pages",
  api: 'a call of this API',
}

const undeliveredWords: Readonly<Record<UndeliveredReason, string>> = {
  ...failureWords,
  no_route: 'no provider is set up for the number',
  too_old: 'the warning would have come too late to help',
  dead_letter: 'all retries were used',
}

type EventOut = {
  readonly operationId: string
  readonly schemaName: string
  readonly summary: string
  readonly description: string
  readonly data: Readonly<Record<string, Schema>>
  readonly example: Readonly<Record<string, unknown>>
}

const ACCOUNT_ID_FIELD = text('Your id of the account.')

const events: Readonly<Record<CallbackType, EventOut>> = {
  'account.locked': {
    operationId: 'onAccountLocked',
    schemaName: 'AccountLocked',
    summary: 'End all sessions and hold withdrawals',
    description:
      'Confirm only once both are done: the owner is then shown that the account is locked. Never dropped: repeated after 0, 1, 2, 5, 10 and 30 seconds, then within minutes, then hourly, even after 410.',
    data: {
      account_id: ACCOUNT_ID_FIELD,
      lock_id: text('Locks of one alert share it.'),
      alert_id: textOrNull('The alert whose link was used; null when you locked.'),
      via: oneWordOf<LockVia>('Who asked.', viaWords),
      hold_until: instant('Let no withdrawal out until then.'),
      session_ids: {
        type: 'array',
        items: { type: 'string' },
        description: 'The sessions known to be live, at most 1000. End all others too.',
      },
      actions: {
        type: 'array',
        items: { type: 'string', enum: ['sessions.revoke', 'withdrawals.hold'] },
        description: 'What is asked of you: always both.',
      },
    },
    example: {
      account_id: ACCOUNT_ID,
      lock_id: LOCK_ID,
      alert_id: ALERT_ID,
      via: 'link',
      hold_until: '2026-11-24T14:05:10.000Z',
      session_ids: [SESSION_ID],
      actions: ['sessions.revoke', 'withdrawals.hold'],
    },
  },
  'hold.lifted': {
    operationId: 'onHoldLifted',
    schemaName: 'HoldLifted',
    summary: 'Withdrawals may go out again',
    description: 'The hold was lifted early, by the API. A hold that runs out sends nothing.',
    data: {
      account_id: ACCOUNT_ID_FIELD,
      lock_id: textOrNull('The lock that made the hold.'),
      reason: text('As given when it was lifted.'),
      lifted_at: instant('When.'),
    },
    example: {
      account_id: ACCOUNT_ID,
      lock_id: LOCK_ID,
      reason: 'Owner identified by support',
      lifted_at: '2026-11-23T18:40:00.000Z',
    },
  },
  'session.revoked': {
    operationId: 'onSessionRevoked',
    schemaName: 'SessionRevoked',
    summary: 'End one session',
    description: 'It was revoked alone; a lock names its sessions in `account.locked` instead.',
    data: {
      account_id: ACCOUNT_ID_FIELD,
      session_id: text('Your id of the session.'),
      revoked_at: instant('When.'),
    },
    example: {
      account_id: ACCOUNT_ID,
      session_id: SESSION_ID,
      revoked_at: '2026-11-23T15:00:00.000Z',
    },
  },
  'session.confirmed': {
    operationId: 'onSessionConfirmed',
    schemaName: 'SessionConfirmed',
    summary: 'The owner says that a login was theirs',
    description:
      'With a passkey, beside the lock. It lifts no hold. A good reason to ask this session fewer questions.',
    data: {
      account_id: ACCOUNT_ID_FIELD,
      session_id: text('Your id of the session.'),
      alert_id: text('As answered to the login event.'),
      confirmed_at: instant('When.'),
      via: { type: 'string', enum: ['passkey'], description: 'By a passkey.' },
    },
    example: {
      account_id: ACCOUNT_ID,
      session_id: SESSION_ID,
      alert_id: ALERT_ID,
      confirmed_at: '2026-11-23T14:06:00.000Z',
      via: 'passkey',
    },
  },
  'phone.bound': {
    operationId: 'onPhoneBound',
    schemaName: 'PhoneBound',
    summary: 'An owner has bound their first number',
    description: 'Login alerts go there from now on. The number itself stays here.',
    data: {
      account_id: ACCOUNT_ID_FIELD,
      country: text('Of the number, ISO 3166-1 alpha-2.'),
      bound_at: instant('When.'),
    },
    example: { account_id: ACCOUNT_ID, country: 'DE', bound_at: '2026-11-23T14:06:00.000Z' },
  },
  'phone.changed': {
    operationId: 'onPhoneChanged',
    schemaName: 'PhoneChanged',
    summary: 'The number is another one, gone, muted, or heard again',
    description:
      'By an answer to an SMS (STOP, START), which whoever can send in the name of the number can give; after STOP no alert goes out, so warn the owner by other means. Or on the owner’s pages, with a code of the authenticator app; the former number is told, and of each alert for 72 hours more.',
    data: {
      account_id: ACCOUNT_ID_FIELD,
      change: oneWordOf<PhoneChange>('What changed.', {
        opted_out: 'alerts are muted by STOP',
        opted_in: 'alerts go out again after START',
        changed: 'another number is bound',
        removed: 'no number is bound any more',
      }),
      via: {
        type: 'string',
        enum: ['reply', 'portal'],
        description: 'By an answer to an SMS, or on the owner’s pages.',
      },
    },
    example: { account_id: ACCOUNT_ID, change: 'opted_out', via: 'reply' },
  },
  'alert.undelivered': {
    operationId: 'onAlertUndelivered',
    schemaName: 'AlertUndelivered',
    summary: 'The owner could not be warned',
    description: 'Every way was tried or ruled out. Warn the owner by other means.',
    data: {
      account_id: ACCOUNT_ID_FIELD,
      alert_id: text('As answered to the login event.'),
      alert_number: whole('As it would have stood in the SMS.'),
      session_id: text('The session of the login.'),
      reason: oneWordOf<UndeliveredReason>('Why.', undeliveredWords),
    },
    example: {
      account_id: ACCOUNT_ID,
      alert_id: ALERT_ID,
      alert_number: 42,
      session_id: SESSION_ID,
      reason: 'recipient_permanent',
    },
  },
}

const RETRIED = 'Any other answer, none within 5 seconds, or a redirect: it is sent again'

function answers(type: CallbackType): Readonly<Record<string, Response>> {
  const confirmed = { description: 'Confirms it. The body is not read.' }
  if (type === 'account.locked')
    return { '2XX': confirmed, default: { description: `${RETRIED}.` } }
  return {
    '2XX': confirmed,
    410: { description: 'Ends the retries of this event.' },
    default: {
      description: `${RETRIED}: after 5 seconds, 5 and 30 minutes, 2, 5, 10 and 10 hours, then no more.`,
    },
  }
}

function toPathItem(type: CallbackType, event: EventOut): PathItem {
  const { operationId, schemaName, summary, description } = event
  const value = { type, timestamp: '2026-11-23T14:05:10.000Z', data: event.example }
  return {
    post: {
      operationId,
      tags: ['Events out'],
      summary,
      description,
      security: WEBHOOK_SIGNATURE,
      parameters: webhookHeaders,
      requestBody: { required: true, content: jsonContent(schemaName, { event: { value } }) },
      responses: answers(type),
    },
  }
}

const TYPES: readonly CallbackType[] = [
  'account.locked',
  'hold.lifted',
  'session.revoked',
  'session.confirmed',
  'phone.bound',
  'phone.changed',
  'alert.undelivered',
]

export const webhooks: Readonly<Record<string, PathItem>> = Object.fromEntries(
  TYPES.map((type) => [type, toPathItem(type, events[type])]),
)

export const webhookSchemas: Readonly<Record<string, Schema>> = Object.fromEntries(
  TYPES.map((type) => [
    events[type].schemaName,
    objectOf({
      type: { type: 'string', const: type, description: 'Names the event.' },
      timestamp: instant('When it happened.'),
      data: { ...objectOf(events[type].data), description: 'More fields may be added.' },
    }),
  ]),
)
