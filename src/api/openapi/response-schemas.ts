// The shapes the API answers with.

import { PROBLEMS } from '../../lib/problem.ts'
import { accountSchema } from './account-schema.ts'
import { ENTRY_LIFETIME } from './durations.ts'
import { attemptSchema, loginSchema, sessionSchema } from './login-schemas.ts'
import {
  flag,
  instant,
  instantOrNull,
  objectOf,
  oneWordOf,
  schemaRef,
  text,
  textOrNull,
  whole,
} from './schema-parts.ts'
import type { Schema } from './types.ts'

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
  Account: accountSchema,
  Login: loginSchema,
  Attempt: attemptSchema,
  LoginPage: objectOf({
    logins: { type: 'array', items: schemaRef('Login'), description: 'Newest first.' },
    next_cursor: textOrNull('The `cursor` of the next page; null on the last.'),
  }),
  Session: sessionSchema,
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
    expires_at: instant(`${ENTRY_LIFETIME} from now.`),
  }),
  Health: health,
  Problem: problem,
}
