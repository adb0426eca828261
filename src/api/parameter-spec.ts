// What the routes of the REST API have in common: ids in the path, pages of a list, and how a body is refused.

import { ACCOUNT_ID, SESSION_ID } from '../lib/example-spec.ts'
import { AccountIdSchema, SessionIdSchema } from '../lib/fields.ts'
import type { ParameterSpec } from '../lib/route-spec.ts'
import { CursorSchema } from './requests.ts'

export const accountIdParameter: ParameterSpec = {
  name: 'accountId',
  in: 'path',
  required: true,
  description: 'Your id of the account, as in the events.',
  schema: AccountIdSchema,
  example: ACCOUNT_ID,
}

export const sessionIdParameter: ParameterSpec = {
  name: 'sessionId',
  in: 'path',
  required: true,
  description: 'Your id of the session, as in the events.',
  schema: SessionIdSchema,
  example: SESSION_ID,
}

export const cursorParameter: ParameterSpec = {
  name: 'cursor',
  in: 'query',
  required: false,
  description: '`next_cursor` of the previous page.',
  schema: CursorSchema,
  example: '42',
}

/** What every call that reads a JSON body may be refused with. */
export const bodyProblems = ['malformed_json', 'unsupported_media_type', 'invalid_request'] as const
