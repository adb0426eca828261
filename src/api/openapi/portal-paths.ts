// The way into the owner's pages, and the key that checks what their owner saves there.

import { ENTRY_LIFETIME } from './durations.ts'
import { API_KEY, jsonContent, jsonResponse, PUBLIC, parameterRef } from './operation-parts.ts'
import { API_PROBLEMS, BODY_PROBLEMS, problemResponses } from './problems.ts'
import type { PathItem } from './types.ts'

const TAGS = ["Owner's pages"]

const KEYS = {
  keys: [
    {
      kty: 'OKP',
      crv: 'Ed25519',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      use: 'sig',
      alg: 'EdDSA',
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    },
  ],
}

export const portalPaths = {
  accountPortalLinks: {
    post: {
      operationId: 'createPortalLink',
      tags: TAGS,
      summary: 'Let an owner into their pages',
      description: `For a user who is signed in with you: number, alerts, sessions, history, passkeys, push. Answers with a link that works once, within ${ENTRY_LIFETIME}; redirect to it at once. The account need not have been imported.`,
      security: API_KEY,
      parameters: [parameterRef('accountId')],
      requestBody: {
        required: false,
        description: 'How you have just checked the user, if you have.',
        content: jsonContent('PortalLink', { otp: { value: { amr: ['otp'] } } }),
      },
      responses: {
        201: jsonResponse('A link; never cached.', 'PortalEntry', {
          link: {
            value: {
              url: 'https://lock.example.com/enter/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMDQ4MjExMyJ9.c2lnbmF0dXJl',
              expires_at: '2026-11-23T14:10:10.000Z',
            },
          },
        }),
        ...problemResponses([...BODY_PROBLEMS, ...API_PROBLEMS], {
          invalid_request: [{ pointer: '/amr', detail: 'must be a list' }],
        }),
      },
    },
  },
  receiptKeys: {
    get: {
      operationId: 'getReceiptKeys',
      tags: TAGS,
      summary: 'Read the keys of lock receipts',
      description:
        'The public halves (RFC 7517, Ed25519) for checking a receipt that an owner saved from the page of a hold: a JWT of type `lock-receipt+jwt`.',
      security: PUBLIC,
      responses: {
        200: {
          description: 'One key per secret, the current one first.',
          content: {
            'application/json': { schema: { type: 'object' }, examples: { keys: { value: KEYS } } },
          },
        },
        ...problemResponses(['internal', 'unavailable']),
      },
    },
  },
} satisfies Readonly<Record<string, PathItem>>
