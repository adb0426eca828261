// What a refusal says, and what the caller can do about each. Statuses and titles are lib/problem.ts's own.

import * as v from 'valibot'
import { listOf, named, text, whole } from './answer-spec.ts'
import { PROBLEMS, type ProblemCode } from './problem.ts'
import type { HeaderSpec } from './route-spec.ts'

export const problemAdvice: Readonly<Record<ProblemCode, string>> = {
  malformed_json: 'Send UTF-8 JSON. Do not repeat it unchanged.',
  invalid_signature:
    'One answer for every cause: a missing header, another secret, a body changed after it was signed, a clock more than five minutes off, or a `webhook-id` with spaces.',
  unauthorized: 'Send `Authorization: Bearer` and one of the keys in `API_KEYS`.',
  insufficient_scope:
    'The key is valid, but its scopes do not reach this call: `WWW-Authenticate` names the one that is missing.',
  forbidden:
    'A form of the owner’s pages was posted from another site; no call of yours gets this answer.',
  not_found: 'The path, the account or the session is not known.',
  method_not_allowed: 'A method that is not described here. `Allow` names those that are.',
  body_too_large: 'Events may have 64 KiB, the lock page’s form 4 KiB, other bodies 16 KiB.',
  unsupported_media_type:
    'Set `Content-Type` to the type that `detail` names: introspection alone takes a form, the others JSON.',
  invalid_event: '`errors` points at each field. Do not repeat it unchanged.',
  invalid_request: '`errors` points at each field. Do not repeat it unchanged.',
  rate_limited:
    'Too many wrong keys from this address. Wait for the seconds in `Retry-After`; the right key is always accepted.',
  lock_changed: 'The account was locked again since: `GET …/hold` shows by which lock.',
  hold_planned: 'Nothing was lifted. `GET …/hold` shows until when.',
  account_held:
    'Nothing was changed. Repeat it once `GET …/hold` says that nothing is held: whoever takes an account over has its number or its authenticator changed.',
  owner_required:
    'Nothing was lifted, and repeating changes nothing: its owner can end it by passkey, or it runs out.',
  lift_stopped:
    'The owner wants the hold, or somebody locked after you had asked. Talk to the owner; it runs out by itself.',
  not_possible: '`detail` says why. Repeated later it may be.',
  internal:
    'Repeat it later. Repeating is safe; only locking through this API makes a new lock each time.',
  unavailable: 'Repeat it after the seconds in `Retry-After`: it may or may not have taken effect.',
}

export const retryAfterHeader: HeaderSpec = {
  description: 'Seconds to wait before the request is repeated.',
  schema: v.pipe(v.string(), v.regex(/^[0-9]+$/)),
}

/** Headers that come with a code. */
export const problemHeaders: Readonly<
  Partial<Record<ProblemCode, Readonly<Record<string, HeaderSpec>>>>
> = {
  unauthorized: {
    'WWW-Authenticate': {
      description: 'The scheme to use (RFC 6750).',
      schema: v.literal('Bearer'),
    },
  },
  insufficient_scope: {
    'WWW-Authenticate': {
      description: 'The scope that is missing (RFC 6750).',
      schema: v.pipe(v.string(), v.regex(/^Bearer error="insufficient_scope", scope="[a-z.]+"$/)),
    },
  },
  method_not_allowed: {
    Allow: { description: 'The methods that are.', schema: v.string() },
  },
  rate_limited: { 'Retry-After': retryAfterHeader },
  unavailable: { 'Retry-After': retryAfterHeader },
}

export const ProblemSchema = named(
  'Problem',
  v.pipe(
    v.object({
      type: v.pipe(v.literal('about:blank'), v.description('Always this: see `code`.')),
      title: text('For people.'),
      status: whole('As in the status line.'),
      code: v.pipe(v.picklist(Object.keys(PROBLEMS)), v.description('For programs.')),
      detail: v.optional(text('Sometimes more, for people.')),
      errors: v.optional(
        listOf(
          'At most 20. Never contains the refused value itself.',
          v.object({
            pointer: text(
              'RFC 6901 pointer into the body, or to a query parameter by its name; empty for the path.',
            ),
            detail: text('What is wrong there.'),
          }),
        ),
      ),
    }),
    v.description('RFC 9457. Branch on `code`: it is stable, the texts are not.'),
  ),
)
