// Accounts: import, read, erase, and the history of logins.

import { ACCOUNT, LOGIN } from './examples.ts'
import { API_KEY, jsonContent, jsonResponse, parameterRef } from './operation-parts.ts'
import { API_PROBLEMS, BODY_PROBLEMS, problemResponses } from './problems.ts'
import type { PathItem } from './types.ts'

const ACCOUNT_ID_ERROR = [{ pointer: '', detail: 'account id must be 1–64 of [A-Za-z0-9_.:-]' }]
const TAGS = ['Accounts']

export const accountPaths = {
  account: {
    put: {
      operationId: 'putAccount',
      tags: TAGS,
      summary: 'Import or change an account',
      description:
        'Every field is optional: what is absent stays as it is, what is null is cleared. Creates the account if need be. A phone number starts with a clean slate, also when it is the old one.',
      security: API_KEY,
      parameters: [parameterRef('accountId')],
      requestBody: {
        required: false,
        description: 'At most 16 Ki characters.',
        content: jsonContent('AccountChange', {
          import: {
            summary: 'Import',
            value: { phone: '+1 202 555 0123', locale: 'zh-TW', alerts: 'all' },
          },
          forget_phone: { summary: 'Forget the number', value: { phone: null } },
        }),
      },
      responses: {
        200: jsonResponse('The account as it is now.', 'Account', { account: { value: ACCOUNT } }),
        ...problemResponses([...BODY_PROBLEMS, ...API_PROBLEMS], {
          invalid_request: [{ pointer: '/phone', detail: 'is not a valid mobile number' }],
        }),
      },
    },
    get: {
      operationId: 'getAccount',
      tags: TAGS,
      summary: 'Read an account',
      description: 'The phone number is masked; phrase and TOTP secret are never shown.',
      security: API_KEY,
      parameters: [parameterRef('accountId')],
      responses: {
        200: jsonResponse('The account.', 'Account', { account: { value: ACCOUNT } }),
        ...problemResponses(['not_found', 'invalid_request', ...API_PROBLEMS], {
          invalid_request: ACCOUNT_ID_ERROR,
        }),
      },
    },
    delete: {
      operationId: 'deleteAccount',
      tags: TAGS,
      summary: 'Erase an account for good',
      description:
        'Account, logins, alerts and locks are gone, and with them a hold. Only `account.locked` events that you have not confirmed yet are still sent. Erasing what is not there is no error.',
      security: API_KEY,
      parameters: [parameterRef('accountId')],
      responses: {
        204: { description: 'Erased.' },
        ...problemResponses(['invalid_request', ...API_PROBLEMS], {
          invalid_request: ACCOUNT_ID_ERROR,
        }),
      },
    },
  },
  accountLogins: {
    get: {
      operationId: 'listLogins',
      tags: TAGS,
      summary: 'Read the history of logins',
      description:
        'Newest first, each with its alert and every call to an SMS provider. An account that is not known has an empty history.',
      security: API_KEY,
      parameters: [
        parameterRef('accountId'),
        {
          name: 'cursor',
          in: 'query',
          required: false,
          description: '`next_cursor` of the page before.',
          schema: { type: 'string', pattern: '^[1-9][0-9]{0,15}$' },
        },
        {
          name: 'limit',
          in: 'query',
          required: false,
          description: 'Logins per page.',
          schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
        },
      ],
      responses: {
        200: jsonResponse('One page.', 'LoginPage', {
          page: { value: { logins: [LOGIN], next_cursor: '41' } },
        }),
        ...problemResponses(['invalid_request', ...API_PROBLEMS], {
          invalid_request: [{ pointer: '/cursor', detail: 'must be a whole number from 1' }],
        }),
      },
    },
  },
} satisfies Readonly<Record<string, PathItem>>
