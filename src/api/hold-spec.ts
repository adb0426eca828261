// The hold on withdrawals, and the lock from the exchange's side, declared.

import * as v from 'valibot'
import {
  flag,
  instant,
  instantOrNull,
  named,
  oneWordOrNull,
  text,
  textOrNull,
} from '../lib/answer-spec.ts'
import { jsonAnswer, jsonBody } from '../lib/body-spec.ts'
import { durationInWords } from '../lib/duration-spec.ts'
import { HELD_UNTIL, LOCK_ID } from '../lib/example-spec.ts'
import type { RouteSpecs } from '../lib/route-spec.ts'
import { holdReasonWords } from '../lock/event-spec.ts'
import { HOLD_MS } from '../lock/hold.ts'
import { paths } from '../paths.ts'
import { accountIdParameter, bodyProblems } from './parameter-spec.ts'
import { LiftLockSchema, LiftReasonSchema, LiftSchema } from './requests.ts'

const HoldSchema = named(
  'Hold',
  v.object({
    held: flag('True: let no withdrawal out.'),
    until: instantOrNull('When the last of all holds ends.'),
    reason: oneWordOrNull('What holds; of several the strongest, in this order.', holdReasonWords),
    hold_id: textOrNull('Of that one, as in `hold.started`; of a lock’s hold, the lock’s id.'),
    lock_id: textOrNull('The newest lock in force, whatever else holds.'),
    known: flag(
      'False: this account was neither imported nor seen in a login. If you know it, its id is written differently here and in the events, and you would never see a hold on it.',
    ),
  }),
)
export type HoldAnswer = v.InferOutput<typeof HoldSchema>

const LiftLaterSchema = named(
  'LiftLater',
  v.object({
    due_at: instant('When the holds end, unless the owner stops it, or somebody locks.'),
  }),
)
export type LiftLaterAnswer = v.InferOutput<typeof LiftLaterSchema>

const LockSchema = named(
  'Lock',
  v.object({
    lock_id: text('Also in `account.locked`.'),
    hold_until: instant('End of the hold.'),
  }),
)
export type LockAnswer = v.InferOutput<typeof LockSchema>

const LockKeptSchema = named(
  'LockKept',
  v.object({
    lock_id: text('The id of the lock once it is stored; then also in `account.locked`.'),
  }),
)
export type LockKeptAnswer = v.InferOutput<typeof LockKeptSchema>

const HOLD: HoldAnswer = {
  held: true,
  until: HELD_UNTIL,
  reason: 'lock',
  hold_id: LOCK_ID,
  lock_id: LOCK_ID,
  known: true,
}
const COOLING_OFF: HoldAnswer = {
  ...HOLD,
  reason: 'cooling_off',
  hold_id: 'hld_3w5xv0cq1n8rz7m2k9jtdfa4be',
  lock_id: null,
}
const NO_HOLD: HoldAnswer = {
  held: false,
  until: null,
  reason: null,
  hold_id: null,
  lock_id: null,
  known: true,
}
const UNKNOWN: HoldAnswer = { ...NO_HOLD, known: false }

const HOLD_TIME = durationInWords(HOLD_MS)
const TAG = 'Hold and lock'

export const holdSpecs: RouteSpecs = {
  [paths.accountHold]: {
    get: {
      operationId: 'getHold',
      tag: TAG,
      summary: 'Ask whether withdrawals are held',
      description:
        'Ask before every withdrawal. The answer shows a lock as soon as it is stored, whether or not the event about it has reached you. An account that was neither imported nor seen in a login is not known, and `known` says so, also while a lock holds it: ask before you let anything out. If no answer comes, let no withdrawal out.',
      access: 'api_key',
      parameters: [accountIdParameter],
      answers: {
        200: jsonAnswer('The hold in force; never cached.', HoldSchema, {
          held: { summary: 'Held', value: HOLD },
          cooling_off: { summary: 'Held by an unrecognised login', value: COOLING_OFF },
          free: { summary: 'Not held', value: NO_HOLD },
          unknown: { summary: 'Never seen', value: UNKNOWN },
        }),
      },
      problems: ['invalid_request'],
    },
    delete: {
      operationId: 'liftHold',
      tag: TAG,
      summary: 'Lift the hold early',
      description:
        'Ends all holds but one that the owner has planned: while that runs nothing is lifted, 409 `hold_planned`. Needs a reason, in a JSON body or, for clients whose DELETE has none, in the query. `hold.lifted` is sent for each. Under `LIFT_POLICY` `owner`, or where the owner chose so, a hold of an owner who had a passkey 72 hours before it is not ended at once: 409 `owner_required`, or 202 where `LIFT_DELAY_HOURS` is set; once stopped it is 409 `lift_stopped` for that hold. With `lock_id`, an account that has been locked again since is not released: 409 `lock_changed`. Lifting where nothing is held is not an error and sends nothing. Sessions stay revoked.',
      access: 'api_key',
      parameters: [
        accountIdParameter,
        {
          name: 'reason',
          in: 'query',
          required: false,
          description: 'In place of the body, which is then not read.',
          schema: LiftReasonSchema,
        },
        {
          name: 'lock_id',
          in: 'query',
          required: false,
          description: 'As in the body; read where `reason` is in the query.',
          schema: LiftLockSchema,
        },
      ],
      request: {
        required: false,
        description: 'Required when the query has no `reason`.',
        body: jsonBody(LiftSchema, {
          lift: { value: { reason: 'Owner identified by support', lock_id: LOCK_ID } },
        }),
      },
      answers: {
        200: jsonAnswer(
          'How it stands after it: not held, unless another hold has just begun.',
          HoldSchema,
          { lift: { value: NO_HOLD } },
        ),
        202: jsonAnswer(
          'Under `LIFT_POLICY` `owner` with `LIFT_DELAY_HOURS`: asked for, and not lifted yet. The owner is told at once and can stop it. The same wish again gives the same answer; holds that begin later are not meant.',
          LiftLaterSchema,
          { lift: { value: { due_at: HELD_UNTIL } } },
        ),
      },
      problems: [...bodyProblems, 'lock_changed', 'hold_planned', 'owner_required', 'lift_stopped'],
    },
  },
  [paths.accountLock]: {
    post: {
      operationId: 'lockAccount',
      tag: TAG,
      summary: 'Lock an account',
      description: `All live sessions are revoked and withdrawals put on hold for ${HOLD_TIME}; \`account.locked\` is sent with \`via\` \`api\`. Each call makes a lock of its own. A further lock of a held account never moves the end past ${HOLD_TIME} from the latest login. A body is ignored.`,
      access: 'api_key',
      parameters: [accountIdParameter],
      answers: {
        201: jsonAnswer('Locked.', LockSchema, {
          lock: { value: { lock_id: LOCK_ID, hold_until: HELD_UNTIL } },
        }),
        202: jsonAnswer(
          'The database is away; the lock is kept, and stored and sent as soon as it is back. Nothing is held yet; ask `GET …/hold`.',
          LockKeptSchema,
          { kept: { value: { lock_id: LOCK_ID } } },
        ),
      },
      problems: ['invalid_request'],
    },
  },
}
