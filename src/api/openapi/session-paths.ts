// Live sessions, revoking one, and introspection.

import { SESSION_LIFETIME } from './durations.ts'
import { ACCOUNT_ID, SESSION, SESSION_ID } from './examples.ts'
import { API_KEY, jsonResponse, parameterRef } from './operation-parts.ts'
import { API_PROBLEMS, problemResponses } from './problems.ts'
import type { PathItem } from './types.ts'

const ACCOUNT_ID_ERROR = {
  invalid_request: [{ pointer: '', detail: 'account id must be 1–64 of [A-Za-z0-9_.:-]' }],
}
const TAGS = ['Sessions']

export const sessionPaths = {
  accountSessions: {
    get: {
      operationId: 'listSessions',
      tags: TAGS,
      summary: 'List live sessions',
      description:
        'Sessions that have neither ended nor run out nor been revoked. One without an expiry counts as live for ' +
        `${SESSION_LIFETIME}.`,
      security: API_KEY,
      parameters: [parameterRef('accountId')],
      responses: {
        200: jsonResponse('The live sessions; maybe none.', 'SessionList', {
          sessions: { value: { sessions: [SESSION] } },
        }),
        ...problemResponses(['invalid_request', ...API_PROBLEMS], ACCOUNT_ID_ERROR),
      },
    },
  },
  accountSession: {
    delete: {
      operationId: 'revokeSession',
      tags: TAGS,
      summary: 'Revoke one session',
      description:
        'From now on introspection answers `false`, and `session.revoked` is sent. Nothing is held. Revoking it again changes nothing.',
      security: API_KEY,
      parameters: [parameterRef('accountId'), parameterRef('sessionId')],
      responses: {
        204: { description: 'Revoked, or over already.' },
        ...problemResponses(['not_found', 'invalid_request', ...API_PROBLEMS], ACCOUNT_ID_ERROR),
      },
    },
  },
  introspect: {
    post: {
      operationId: 'introspect',
      tags: TAGS,
      summary: 'Ask whether a session may go on',
      description:
        'Token introspection (RFC 7662), for gateways: the token is the session id. A session that was never reported is not active.',
      security: API_KEY,
      requestBody: {
        required: true,
        content: {
          'application/x-www-form-urlencoded': {
            schema: {
              type: 'object',
              properties: { token: { type: 'string', description: 'The session id.' } },
              required: ['token'],
            },
            examples: { session: { value: { token: SESSION_ID } } },
          },
        },
      },
      responses: {
        200: jsonResponse('The state of the session; never cached.', 'Introspection', {
          live: {
            summary: 'Live',
            value: { active: true, sub: ACCOUNT_ID, iat: 1795442607, exp: 1795529007 },
          },
          over: {
            summary: 'Ended, run out, revoked, locked or unknown',
            value: { active: false },
          },
        }),
        ...problemResponses(['unsupported_media_type', 'invalid_request', ...API_PROBLEMS], {
          invalid_request: [{ pointer: '/token', detail: 'is required' }],
        }),
      },
    },
  },
} satisfies Readonly<Record<string, PathItem>>
