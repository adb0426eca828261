// The service itself: health, and this document.

import { htmlResponse, jsonResponse, PUBLIC } from './operation-parts.ts'
import { problemResponses } from './problems.ts'
import type { PathItem } from './types.ts'

const TAGS = ['Service']

export const servicePaths = {
  health: {
    get: {
      operationId: 'getHealth',
      tags: TAGS,
      summary: 'Ask whether the settings are complete',
      description:
        'Asks neither the database nor a provider: it says whether requests can be taken.',
      security: PUBLIC,
      responses: {
        200: jsonResponse('Complete.', 'Health', {
          ok: { value: { status: 'ok', place_data_date: '2026-06-17' } },
        }),
        503: jsonResponse('Settings are missing or malformed; each is named.', 'Health', {
          misconfigured: {
            value: {
              status: 'misconfigured',
              settings: [{ setting: 'API_KEYS', problem: 'is missing' }],
            },
          },
        }),
        ...problemResponses(['internal']),
      },
    },
  },
  openapi: {
    get: {
      operationId: 'getOpenApi',
      tags: TAGS,
      summary: 'Read this document',
      description: 'Any origin may read it.',
      security: PUBLIC,
      responses: {
        200: {
          description: 'OpenAPI 3.1.',
          content: { 'application/json': { schema: { type: 'object' } } },
        },
        ...problemResponses(['internal']),
      },
    },
  },
  docs: {
    get: {
      operationId: 'showDocs',
      tags: TAGS,
      summary: 'Read it as a page',
      security: PUBLIC,
      responses: { 200: htmlResponse('The page.'), ...problemResponses(['internal']) },
    },
  },
} satisfies Readonly<Record<string, PathItem>>
