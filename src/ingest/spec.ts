// POST /v1/events, declared: what the exchange posts, what it is answered.

import * as v from 'valibot'
import { flag, named, textOrNull } from '../lib/answer-spec.ts'
import { jsonAnswer, jsonBody } from '../lib/body-spec.ts'
import { ACCOUNT_ID, ALERT_ID, LOGGED_IN_AT, SESSION_ID } from '../lib/example-spec.ts'
import type { ParameterSpec, RouteSpecs } from '../lib/route-spec.ts'
import { webhookParameters } from '../lib/webhook-spec.ts'
import { paths } from '../paths.ts'
import { EventSchema } from './event.ts'

const LOGIN_EVENT = {
  type: 'login.succeeded',
  timestamp: LOGGED_IN_AT,
  data: {
    account_id: ACCOUNT_ID,
    session_id: SESSION_ID,
    ip: '203.0.113.77',
    user_agent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
    device_name: 'iPhone 15',
    locale: 'zh-TW',
    country: 'DE',
    city: 'Frankfurt',
    session_expires_at: '2026-11-24T14:03:27Z',
  },
}

const SESSION_ENDED_EVENT = {
  type: 'session.ended',
  timestamp: '2026-11-23T16:20:00.000Z',
  data: { account_id: ACCOUNT_ID, session_id: SESSION_ID },
}

const AcceptedSchema = named(
  'Accepted',
  v.object({
    alert_id: textOrNull('The alert made for a login; null for `session.ended`.'),
    duplicate: flag(
      'True: there was nothing left to do, since the login was already known, or the session was over or never reported. False also where that could not be determined.',
    ),
  }),
)
export type AcceptedAnswer = v.InferOutput<typeof AcceptedSchema>

/** Read, never required; what is no such header is as if it were absent. */
const traceParameter: ParameterSpec = {
  name: 'traceparent',
  in: 'header',
  required: false,
  description:
    'W3C Trace Context. The trace goes on in what follows from this login: our log, and the `traceparent` of the events that we post.',
  schema: v.string(),
  example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
}

export const eventSpecs: RouteSpecs = {
  [paths.events]: {
    post: {
      operationId: 'postEvent',
      tag: 'Events in',
      summary: 'Report a login or the end of a session',
      description:
        'Post `login.succeeded` for every successful login, and `session.ended` whenever a session ends on your side. 202 means it is stored durably: repeat anything else. An event is refused with 422 only for its `account_id`, `session_id`, `type` or `timestamp`; everything else is for display, and is cut, or treated as absent where it cannot be read, `""` and null included. Nobody is alerted to a refused login: treat 400, 413, 415 and 422 as an incident on your side, and report the login again with those four fields. A repetition with the same `webhook-id` gets the same answer, with `duplicate` true, and alerts nobody twice.\n\nThe signature is that of Standard Webhooks, over the raw body.',
      access: 'signed',
      parameters: [...webhookParameters, traceParameter],
      request: {
        required: true,
        description: 'At most 64 KiB. Unknown fields are ignored.',
        body: jsonBody(EventSchema, {
          login: { summary: 'A login', value: LOGIN_EVENT },
          session_ended: { summary: 'The end of a session', value: SESSION_ENDED_EVENT },
        }),
      },
      answers: {
        202: jsonAnswer('Stored durably.', AcceptedSchema, {
          login: { summary: 'A login', value: { alert_id: ALERT_ID, duplicate: false } },
          session_ended: {
            summary: 'The end of a session',
            value: { alert_id: null, duplicate: false },
          },
        }),
      },
      problems: [
        'malformed_json',
        'invalid_signature',
        'body_too_large',
        'unsupported_media_type',
        'invalid_event',
        'unavailable',
      ],
    },
  },
}
