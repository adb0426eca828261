// Live sessions, revoking one, and introspection, declared.

import * as v from 'valibot'
import {
  flag,
  instant,
  instantOrNull,
  listOf,
  named,
  text,
  textOrNull,
  whole,
} from '../lib/answer-spec.ts'
import { formBody, jsonAnswer } from '../lib/body-spec.ts'
import { ACCOUNT_ID, ALERT_ID, LOGGED_IN_AT, SESSION_ID } from '../lib/example-spec.ts'
import type { RouteSpecs } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'
import { deviceSchema, maskedIp, SESSION_LIFETIME } from './login-spec.ts'
import { accountIdParameter, cursorParameter, sessionIdParameter } from './parameter-spec.ts'
import { IntrospectSchema, SESSIONS_PAGE_MAX, SessionsPageSizeSchema } from './requests.ts'

const SessionSchema = named(
  'Session',
  v.object({
    session_id: text('As in the login event.'),
    alert_id: text('The alert of its login.'),
    started_at: instant('When the login happened.'),
    expires_at: instantOrNull(`As in the event; null counts as ${SESSION_LIFETIME}.`),
    place: v.object({
      country: textOrNull('Two letters.'),
      city: textOrNull('As in the event.'),
      ip: maskedIp,
    }),
    device: deviceSchema,
  }),
)
export type SessionAnswer = v.InferOutput<typeof SessionSchema>

const SessionListSchema = named(
  'SessionList',
  v.object({
    sessions: listOf('Newest first.', SessionSchema),
    next_cursor: textOrNull('The `cursor` of the next page; null on the last.'),
  }),
)
export type SessionListAnswer = v.InferOutput<typeof SessionListSchema>

const IntrospectionSchema = named(
  'Introspection',
  v.pipe(
    v.object({
      active: flag('False: refuse whatever the session asks for.'),
      sub: v.optional(text('The account; absent where several have a session of this id.')),
      iat: v.optional(whole('The login, in seconds since 1970.')),
      exp: v.optional(whole('The expiry, in seconds since 1970; absent when the event had none.')),
    }),
    v.description(
      'For anything that is not active, the answer is just `{"active":false}` (RFC 7662 section 2.2).',
    ),
  ),
)
export type IntrospectionAnswer = v.InferOutput<typeof IntrospectionSchema>

const SESSION: SessionAnswer = {
  session_id: SESSION_ID,
  alert_id: ALERT_ID,
  started_at: LOGGED_IN_AT,
  expires_at: '2026-11-24T14:03:27.000Z',
  place: { country: 'DE', city: 'Frankfurt', ip: '…13.77' },
  device: { browser: 'Safari', os: 'iOS', name: 'iPhone 15' },
}

const TAG = 'Sessions'

export const sessionSpecs: RouteSpecs = {
  [paths.accountSessions]: {
    get: {
      operationId: 'listSessions',
      tag: TAG,
      summary: 'List live sessions',
      description:
        'Sessions that have not ended, expired or been revoked. One without an expiry counts as live for ' +
        `${SESSION_LIFETIME}.`,
      access: 'api_key',
      parameters: [
        accountIdParameter,
        cursorParameter,
        {
          name: 'limit',
          in: 'query',
          required: false,
          description: 'Sessions per page.',
          schema: v.optional(SessionsPageSizeSchema, SESSIONS_PAGE_MAX),
        },
      ],
      answers: {
        200: jsonAnswer('The live sessions; maybe none.', SessionListSchema, {
          sessions: { value: { sessions: [SESSION], next_cursor: null } },
        }),
      },
      problems: ['invalid_request'],
    },
  },
  [paths.accountSession]: {
    delete: {
      operationId: 'revokeSession',
      tag: TAG,
      summary: 'Revoke one session',
      description:
        'From now on introspection answers `false`, and `session.revoked` is sent. Withdrawals are not put on hold. Revoking it again changes nothing.',
      access: 'api_key',
      parameters: [accountIdParameter, sessionIdParameter],
      answers: { 204: { description: 'Revoked, or already over.' } },
      problems: ['not_found', 'invalid_request'],
    },
  },
  [paths.introspect]: {
    post: {
      operationId: 'introspect',
      tag: TAG,
      summary: 'Ask whether a session may go on',
      description:
        'Token introspection (RFC 7662), for gateways: the token is the session id. A session that was never reported is not active. Session ids are to be unique across accounts; else send `account_id` along.',
      access: 'api_key',
      request: {
        required: true,
        body: formBody(IntrospectSchema, {
          live: {
            summary: 'A session of this account',
            value: { token: SESSION_ID, account_id: ACCOUNT_ID },
          },
          over: { summary: 'A session that has ended', value: { token: 's_41c0' } },
        }),
      },
      answers: {
        200: jsonAnswer('The state of the session; never cached.', IntrospectionSchema, {
          live: {
            summary: 'Live',
            value: { active: true, sub: ACCOUNT_ID, iat: 1795442607, exp: 1795529007 },
          },
          over: {
            summary: 'Ended, expired, revoked, locked or unknown',
            value: { active: false },
          },
        }),
      },
      problems: ['unsupported_media_type', 'invalid_request'],
    },
  },
}
