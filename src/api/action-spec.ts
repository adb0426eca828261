// What the exchange says of a lock's actions by the API, declared.

import * as v from 'valibot'
import { instantOrNull, listOf, named, oneWordOf, text } from '../lib/answer-spec.ts'
import { jsonAnswer, jsonBody } from '../lib/body-spec.ts'
import { LOCK_ID, LOCKED_AT } from '../lib/example-spec.ts'
import type { RouteSpecs } from '../lib/route-spec.ts'
import { LOCK_ACTIONS } from '../lock/lock-actions.ts'
import { paths } from '../paths.ts'
import { accountIdParameter, bodyProblems } from './parameter-spec.ts'
import { ActionsDoneSchema, LockIdSchema } from './requests.ts'

const LockActionsSchema = named(
  'LockActions',
  v.object({
    lock_id: text('As in the path.'),
    actions: listOf(
      'Each action that the lock asked for.',
      v.object({
        action: oneWordOf('What it asked you to do.', LOCK_ACTIONS),
        state: oneWordOf('As far as you have said.', {
          asked: 'nothing is known of it',
          done: 'you said that it is done',
          failed: 'you said that it failed',
        }),
        at: instantOrNull('When you first said so; null while it is only asked for.'),
      }),
    ),
    confirmed_at: instantOrNull('When the last of them was done; null while one is not.'),
  }),
)
export type LockActionsAnswer = v.InferOutput<typeof LockActionsSchema>

export const actionSpecs: RouteSpecs = {
  [paths.accountLockActions]: {
    post: {
      operationId: 'confirmLockActions',
      tag: 'Hold and lock',
      summary: 'Say what was done of a lock',
      description:
        'For what was not done yet when you answered `account.locked`: name each action as it is done. Repeating it changes nothing; an action that is done stays done; where both lists name one, it is done. What this lock did not ask for is ignored. Without a body, the states are answered as they are.',
      access: 'api_key',
      parameters: [
        accountIdParameter,
        {
          name: 'lockId',
          in: 'path',
          required: true,
          description: '`lock_id` of `account.locked`.',
          schema: LockIdSchema,
          example: LOCK_ID,
        },
      ],
      request: {
        required: false,
        body: jsonBody(ActionsDoneSchema, {
          partly: { value: { done: ['api_keys.revoke'], failed: ['orders.cancel'] } },
        }),
      },
      answers: {
        200: jsonAnswer('The state of each action.', LockActionsSchema, {
          partly: {
            value: {
              lock_id: LOCK_ID,
              actions: [
                { action: 'sessions.revoke', state: 'done', at: LOCKED_AT },
                { action: 'withdrawals.hold', state: 'done', at: LOCKED_AT },
                { action: 'api_keys.revoke', state: 'done', at: '2026-11-23T14:04:02.000Z' },
                { action: 'orders.cancel', state: 'failed', at: '2026-11-23T14:04:02.000Z' },
              ],
              confirmed_at: null,
            },
          },
        }),
      },
      problems: [...bodyProblems, 'not_found'],
    },
  },
}
