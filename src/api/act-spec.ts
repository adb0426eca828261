// /v1/ops/acts, declared.

import * as v from 'valibot'
import {
  instant,
  instantOrNull,
  listOf,
  named,
  text,
  textOrNull,
  whole,
} from '../lib/answer-spec.ts'
import { jsonAnswer, jsonBody } from '../lib/body-spec.ts'
import { ALERT_ID } from '../lib/example-spec.ts'
import type { RouteSpecs } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'
import { ActSchema } from './act-requests.ts'
import { bodyProblems } from './parameter-spec.ts'

const ACT_ID = 'act_4k8m2n6p0q3r7s1t5v9w2x6y0z'

const ActDoneSchema = named(
  'ActDone',
  v.object({
    act_id: text('Of its record, if this call has one of its own.'),
    count: whole('How many rows were changed or messages sent; 0 where it was so already.'),
    until: instantOrNull('Until when it holds; null where that has no end, or nothing lasts.'),
    next: textOrNull('Where to go on with `from`; null where nothing is left.'),
  }),
)
export type ActDoneAnswer = v.InferOutput<typeof ActDoneSchema>

const ActListSchema = named(
  'ActList',
  v.object({
    acts: listOf(
      'The newest first, 100 at most.',
      v.object({
        act_id: text('Of this record.'),
        at: instant('When.'),
        act: text('As in the request; more may come.'),
        subject: text('What it was done to.'),
        who: text(
          '`key:` and the first eight digits of the SHA-256 of the API key, or the address of who signed in to the operators’ page.',
        ),
        reason: text('As it was given.'),
        count: whole(
          'How many rows or messages it concerned, where that was known when it was recorded; else 0, as always of `move_slot`, which is recorded before it begins.',
        ),
        until: instantOrNull('Until when it holds, or held.'),
      }),
    ),
  }),
)
export type ActListAnswer = v.InferOutput<typeof ActListSchema>

const RESEND = { act: 'resend_alert', alert_id: ALERT_ID, reason: 'Owner on the phone, no SMS' }
const REST = {
  act: 'order_provider',
  provider: 'twilio',
  place: 'last',
  reason: 'Incident on their status page',
}
const DONE: ActDoneAnswer = { act_id: ACT_ID, count: 1, until: null, next: null }
const TAG = 'Operations'

export const actSpecs: RouteSpecs = {
  [paths.opsActs]: {
    post: {
      operationId: 'act',
      tag: TAG,
      summary: 'Repair something by hand',
      description:
        'Each act may be repeated, and is recorded with the key that did it and the reason; of `move_slot` the first call and, where it takes longer, one an hour. What is refused before anything was tried is not recorded. Where a call does a part, repeat it with `from` until `next` is null.',
      access: 'api_key',
      request: {
        required: true,
        body: jsonBody(ActSchema, {
          resend: { summary: 'An alert again', value: RESEND },
          rest: { summary: 'A provider last, for an hour', value: REST },
        }),
      },
      answers: {
        200: jsonAnswer('Done, or so already.', ActDoneSchema, {
          resend: { summary: 'An alert again', value: DONE },
          rest: {
            summary: 'A provider last, for an hour',
            value: { ...DONE, until: '2026-11-23T15:03:27.123Z' },
          },
        }),
      },
      problems: [...bodyProblems, 'not_found', 'not_possible'],
    },
    get: {
      operationId: 'listActs',
      tag: TAG,
      summary: 'Read who repaired what',
      description: 'Kept for 400 days.',
      access: 'api_key',
      answers: {
        200: jsonAnswer('The newest acts.', ActListSchema, {
          acts: {
            value: {
              acts: [
                {
                  act_id: ACT_ID,
                  at: '2026-11-23T14:03:27.123Z',
                  act: 'order_provider',
                  subject: 'twilio last',
                  who: 'key:9f2c1d03',
                  reason: REST.reason,
                  count: 1,
                  until: '2026-11-23T15:03:27.123Z',
                },
              ],
            },
          },
        }),
      },
      problems: [],
    },
  },
}
