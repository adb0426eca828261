// The service itself, declared: health, and its description.

import * as v from 'valibot'
import { listOf, named, oneWordOf, text } from '../lib/answer-spec.ts'
import { jsonAnswer, pageAnswer } from '../lib/body-spec.ts'
import type { RouteSpecs } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'

const HealthSchema = named(
  'Health',
  v.object({
    status: oneWordOf('Whether the settings are complete.', {
      ok: 'complete',
      misconfigured: '`settings` names what is missing or malformed',
    }),
    place_data_date: v.optional(
      text('Day of the data that addresses are placed with, when complete.'),
    ),
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
      summary: 'Ask whether the settings are complete',
      description:
        'Asks neither the database nor a provider: it says whether requests can be taken.',
      access: 'public',
      answers: {
        200: jsonAnswer('Complete.', HealthSchema, {
          ok: { value: { status: 'ok', place_data_date: '2026-06-17' } },
        }),
        503: jsonAnswer('Settings are missing or malformed; each is named.', HealthSchema, {
          misconfigured: {
            value: {
              status: 'misconfigured',
              settings: [{ setting: 'API_KEYS', problem: 'is missing' }],
            },
          },
        }),
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
