// The service itself, declared: health, and its description.

import * as v from 'valibot'
import { listOf, named, oneWordOf, orNull, text } from '../lib/answer-spec.ts'
import { jsonAnswer, pageAnswer } from '../lib/body-spec.ts'
import type { RouteSpecs } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'
import { HEALTH_WORDS } from './ops-spec.ts'

const HealthSchema = named(
  'Health',
  v.object({
    status: oneWordOf('How it is.', {
      ...HEALTH_WORDS,
      misconfigured: '`settings` names what is missing or malformed',
    }),
    since: v.optional(orNull('Since when it is not well; absent when misconfigured.', v.string())),
    settings: v.optional(
      listOf(
        'Only when misconfigured.',
        v.object({
          setting: text('Its name.'),
          problem: text('What is wrong; never its value.'),
        }),
      ),
    ),
  }),
)

const TAG = 'Service'

export const serviceSpecs: RouteSpecs = {
  [paths.health]: {
    get: {
      operationId: 'getHealth',
      tag: TAG,
      summary: 'Ask whether it is well',
      description:
        'One word and since when, as it was a few seconds ago at most. What is sick is told to whoever has a key: `GET /v1/ops/status`.',
      access: 'public',
      answers: {
        200: jsonAnswer('Well or degraded.', HealthSchema, {
          well: { value: { status: 'well', since: null } },
        }),
        503: jsonAnswer(
          'Down; or settings are missing or malformed, and each is named.',
          HealthSchema,
          {
            misconfigured: {
              value: {
                status: 'misconfigured',
                settings: [{ setting: 'API_KEYS', problem: 'is missing' }],
              },
            },
          },
        ),
      },
      problems: [],
    },
  },
  [paths.openapi]: {
    get: {
      operationId: 'getOpenApi',
      tag: TAG,
      summary: 'Read this document',
      description: 'Any origin may read it.',
      access: 'public',
      answers: { 200: jsonAnswer('OpenAPI 3.1.', v.looseObject({ openapi: text('3.1.1') })) },
      problems: [],
    },
  },
  [paths.docs]: {
    get: {
      operationId: 'showDocs',
      tag: TAG,
      summary: 'Read it as a page',
      description: 'For people, without script.',
      access: 'public',
      answers: { 200: pageAnswer('The page.') },
      problems: [],
    },
  },
}
