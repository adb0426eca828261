// The hold on withdrawals, and the lock from the exchange's side.

import { HOLD_TIME } from './durations.ts'
import { HOLD, LOCK_ID, NO_HOLD } from './examples.ts'
import { API_KEY, jsonContent, jsonResponse, parameterRef } from './operation-parts.ts'
import { API_PROBLEMS, BODY_PROBLEMS, problemResponses } from './problems.ts'
import type { PathItem } from './types.ts'

const ACCOUNT_ID_ERROR = {
  invalid_request: [{ pointer: '', detail: 'account id must be 1–64 of [A-Za-z0-9_.:-]' }],
}
const TAGS = ['Hold and lock']

export const holdPaths = {
  accountHold: {
    get: {
      operationId: 'getHold',
      tags: TAGS,
      summary: 'Ask whether withdrawals are held',
      description:
        'Ask before every withdrawal. It tells of a lock as soon as the lock is stored, whether or not the event about it has reached you. An account that is not known is not held. If no answer comes, let no withdrawal out.',
      security: API_KEY,
      parameters: [parameterRef('accountId')],
      responses: {
        200: jsonResponse('The hold in force; never cached.', 'Hold', {
          held: { summary: 'Held', value: HOLD },
          free: { summary: 'Not held', value: NO_HOLD },
        }),
        ...problemResponses(['invalid_request', ...API_PROBLEMS], ACCOUNT_ID_ERROR),
      },
    },
    delete: {
      operationId: 'liftHold',
      tags: TAGS,
      summary: 'Lift the hold early',
      description:
        'Needs a reason, in a JSON body or, for clients whose DELETE has none, in the query. `hold.lifted` is sent. Lifting what is not held is no error and sends nothing. Sessions stay revoked.',
      security: API_KEY,
      parameters: [
        parameterRef('accountId'),
        {
          name: 'reason',
          in: 'query',
          required: false,
          description: 'Instead of the body; then no body is read.',
          schema: { type: 'string', minLength: 1, maxLength: 200 },
        },
      ],
      requestBody: {
        required: false,
        description: 'Required when the query has no `reason`.',
        content: jsonContent('HoldLift', {
          lift: { value: { reason: 'Owner identified by support' } },
        }),
      },
      responses: {
        200: jsonResponse('Nothing is held any more.', 'Hold', { free: { value: NO_HOLD } }),
        ...problemResponses([...BODY_PROBLEMS, ...API_PROBLEMS], {
          invalid_request: [{ pointer: '/reason', detail: 'is required' }],
        }),
      },
    },
  },
  accountLock: {
    post: {
      operationId: 'lockAccount',
      tags: TAGS,
      summary: 'Lock an account',
      description: `All sessions that are live are revoked and withdrawals held for ${HOLD_TIME}; \`account.locked\` is sent with \`via\` \`api\`. Each call is a lock of its own. A further lock of a held account never moves the end past ${HOLD_TIME} from the latest login. A body is not read.`,
      security: API_KEY,
      parameters: [parameterRef('accountId')],
      responses: {
        201: jsonResponse('Locked.', 'Lock', {
          lock: { value: { lock_id: LOCK_ID, hold_until: '2026-11-24T14:05:10.000Z' } },
        }),
        ...problemResponses(['invalid_request', ...API_PROBLEMS], ACCOUNT_ID_ERROR),
      },
    },
  },
} satisfies Readonly<Record<string, PathItem>>
