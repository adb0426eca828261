// What every call may be refused with: each problem code with its status, title and advice, grouped
// into the responses of an operation. A test holds statuses and titles against lib/problem.ts.

import type { FieldError, ProblemCode } from '../../lib/problem.ts'
import { schemaRef } from './schema-parts.ts'
import type { Example, Response } from './types.ts'

export type ProblemNote = {
  readonly status: number
  readonly title: string
  /** What the caller can do about it. */
  readonly advice: string
}

export const problemNotes: Readonly<Record<ProblemCode, ProblemNote>> = {
  malformed_json: {
    status: 400,
    title: 'The body is not JSON.',
    advice: 'Send UTF-8 JSON. Do not repeat it unchanged.',
  },
  invalid_signature: {
    status: 401,
    title: 'The signature could not be verified.',
    advice:
      'One answer for every cause: a missing header, another secret, a body changed after it was signed, a clock more than five minutes off, or a `webhook-id` with spaces.',
  },
  unauthorized: {
    status: 401,
    title: 'A valid API key is required.',
    advice: 'Send `Authorization: Bearer` and one of the keys in `API_KEYS`.',
  },
  not_found: {
    status: 404,
    title: 'There is nothing here.',
    advice: 'The path, the account or the session is not known.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This method is not allowed here.',
    advice: 'The `Allow` header names those that are.',
  },
  conflict: {
    status: 409,
    title: 'The request does not fit the present state.',
    advice: 'Read the resource again. No call answers with it at present.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large.',
    advice: 'Events may have 64 KiB, other bodies 16 Ki characters.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The body must be application/json.',
    advice: 'Set `Content-Type`; introspection alone takes a form.',
  },
  invalid_event: {
    status: 422,
    title: 'The event is not valid.',
    advice: '`errors` points at each field. Do not repeat it unchanged.',
  },
  invalid_request: {
    status: 422,
    title: 'The request is not valid.',
    advice: '`errors` points at each field. Do not repeat it unchanged.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side.',
    advice: 'Repeat it later; repeating is safe for every call except locking, which adds a lock.',
  },
  unavailable: {
    status: 503,
    title: 'Not available at the moment; please retry.',
    advice: 'Repeat it after the seconds in `Retry-After`. Nothing was stored.',
  },
}

/** Pointers that fit the call they are shown with; a code absent here carries no `errors`. */
export type ProblemErrors = Readonly<Partial<Record<ProblemCode, readonly FieldError[]>>>

/** Responses by status, one example per code. */
export function problemResponses(
  codes: readonly ProblemCode[],
  errors: ProblemErrors = {},
): Readonly<Record<string, Response>> {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of codes) {
    const { status } = problemNotes[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, sameStatus]) => [status, problemResponse(sameStatus, errors)]),
  )
}

function problemResponse(codes: readonly ProblemCode[], errors: ProblemErrors): Response {
  const headers = codes.map((code) => HEADERS[code]).find((header) => header !== undefined)
  return {
    description: codes.map((code) => `\`${code}\`: ${problemNotes[code].advice}`).join('\n\n'),
    ...(headers === undefined ? {} : { headers }),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            schemaRef('Problem'),
            { type: 'object', properties: { code: { type: 'string', enum: codes } } },
          ],
        },
        examples: Object.fromEntries(
          codes.map((code) => [code, problemExample(code, errors[code])]),
        ),
      },
    },
  }
}

function problemExample(code: ProblemCode, errors: readonly FieldError[] | undefined): Example {
  const { status, title } = problemNotes[code]
  const base = { type: 'about:blank', title, status, code }
  return { value: errors === undefined ? base : { ...base, errors } }
}

const HEADERS: Readonly<Partial<Record<ProblemCode, Response['headers']>>> = {
  unauthorized: {
    'WWW-Authenticate': {
      description: 'The scheme to use (RFC 6750).',
      schema: { type: 'string', const: 'Bearer' },
    },
  },
  unavailable: {
    'Retry-After': {
      description: 'Seconds to wait before the request is repeated.',
      schema: { type: 'string', pattern: '^[0-9]+$' },
    },
  },
  method_not_allowed: {
    Allow: { description: 'The methods that are.', schema: { type: 'string' } },
  },
}

/** What every call behind an API key may answer. */
export const API_PROBLEMS = ['unauthorized', 'internal', 'unavailable'] as const

/** And every call that reads a JSON body. */
export const BODY_PROBLEMS = [
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
  'invalid_request',
] as const
