// Events in: what the exchange posts.

import { ALERT_ID, LOGIN_EVENT, SESSION_ENDED_EVENT } from './examples.ts'
import { jsonContent, jsonResponse, WEBHOOK_SIGNATURE, webhookHeaders } from './operation-parts.ts'
import { problemResponses } from './problems.ts'
import type { PathItem } from './types.ts'

export const eventPaths = {
  events: {
    post: {
      operationId: 'postEvent',
      tags: ['Events in'],
      summary: 'Report a login or the end of a session',
      description:
        'Post `login.succeeded` for every successful login, and `session.ended` whenever a session ends on your side. 202 means it is stored durably: repeat anything else. A repetition with the same `webhook-id` is answered alike and alerts nobody twice.\n\nThe signature is that of Standard Webhooks, over the raw body.',
      security: WEBHOOK_SIGNATURE,
      parameters: webhookHeaders,
      requestBody: {
        required: true,
        description: 'At most 64 KiB. Unknown fields are ignored.',
        content: jsonContent('Event', {
          login: { summary: 'A login', value: LOGIN_EVENT },
          session_ended: { summary: 'The end of a session', value: SESSION_ENDED_EVENT },
        }),
      },
      responses: {
        202: jsonResponse('Stored durably.', 'Accepted', {
          login: { summary: 'A login', value: { alert_id: ALERT_ID, duplicate: false } },
          repeated: {
            summary: 'The same webhook-id again',
            value: { alert_id: ALERT_ID, duplicate: true },
          },
          session_ended: {
            summary: 'The end of a session',
            value: { alert_id: null, duplicate: false },
          },
        }),
        ...problemResponses(
          [
            'malformed_json',
            'invalid_signature',
            'body_too_large',
            'unsupported_media_type',
            'invalid_event',
            'internal',
            'unavailable',
          ],
          { invalid_event: [{ pointer: '/data/ip', detail: 'must be an IPv4 or IPv6 address' }] },
        ),
      },
    },
  },
} satisfies Readonly<Record<string, PathItem>>
