// What every call may be refused with: each problem code with advice, grouped into the responses of an
// operation. Statuses and titles are lib/problem.ts's own.

import { type FieldError, PROBLEMS, type ProblemCode } from '../../lib/problem.ts'
import { schemaRef } from './schema-parts.ts'
import type { Example, Response } from './types.ts'

/** What the caller can do about each. */
export const problemAdvice: Readonly<Record<ProblemCode, string>> = {
  malformed_json: 'Send UTF-8 JSON. Do not repeat it unchanged.',
  invalid_signature:
    'One answer for every cause: a missing header, another secret, a body changed after it was signed, a clock more than five minutes off, or a `webhook-id` with spaces.',
  unauthorized: 'Send `Authorization: Bearer` and one of the keys in `API_KEYS`.',
  forbidden:
    'A form of the owner’s pages was posted from another site; no call of yours is answered so.',
  not_found: 'The path, the account or the session is not known.',
  method_not_allowed: 'The `Allow` header names those that are.',
  body_too_large: 'Events may have 64 KiB, other bodies 16 KiB.',
  unsupported_media_type: 'Set `Content-Type`; introspection alone takes a form.',
  invalid_event: '`errors` points at each field. Do not repeat it unchanged.',
  invalid_request: '`errors` points at each field. Do not repeat it unchanged.',
  internal: 'Repeat it later. Repeating is safe; only locking by this API makes a lock each time.',
  unavailable: 'Repeat it after the seconds in `Retry-After`: it may or may not have been done.',
}

/** Every code with its status, title and advice, as the docs page lists them. */
export function problemCodes() {
  return Object.entries(PROBLEMS).flatMap(([code, { status, title }]) =>
    isProblemCode(code) ? [{ code, status, title, advice: problemAdvice[code] }] : [],
  )
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
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
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, sameStatus]) => [status, problemResponse(sameStatus, errors)]),
  )
}

function problemResponse(codes: readonly ProblemCode[], errors: ProblemErrors): Response {
  const headers = codes.map((code) => HEADERS[code]).find((header) => header !== undefined)
  return {
    description: codes.map((code) => `\`${code}\`: ${problemAdvice[code]}`).join('\n\n'),
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
  const { status, title } = PROBLEMS[code]
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
