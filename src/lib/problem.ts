// RFC 9457 problem details: the one place where an error gets its HTTP shape. Says what the caller
// can change; never which secret, which check or which row was at fault.

export type ProblemCode =
  | 'malformed_json'
  | 'invalid_signature'
  | 'unauthorized'
  | 'insufficient_scope'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'invalid_event'
  | 'invalid_request'
  | 'rate_limited'
  | 'lock_changed'
  | 'hold_planned'
  | 'account_held'
  | 'owner_required'
  | 'lift_stopped'
  | 'not_possible'
  | 'internal'
  | 'unavailable'

export type FieldError = { readonly pointer: string; readonly detail: string }

/** The wire's shape of every code; the OpenAPI document is built from it. */
export const PROBLEMS: Readonly<Record<ProblemCode, { status: number; title: string }>> = {
  malformed_json: { status: 400, title: 'The body is not JSON.' },
  invalid_signature: { status: 401, title: 'The signature could not be verified.' },
  unauthorized: { status: 401, title: 'A valid API key is required.' },
  insufficient_scope: { status: 403, title: 'This API key may not do that.' },
  forbidden: { status: 403, title: 'This request came from another site.' },
  not_found: { status: 404, title: 'There is nothing here.' },
  method_not_allowed: { status: 405, title: 'This method is not allowed here.' },
  body_too_large: { status: 413, title: 'The body is too large.' },
  unsupported_media_type: {
    status: 415,
    title: 'The body is of a media type that is not taken here.',
  },
  lock_changed: { status: 409, title: 'Another lock than the one named is in force.' },
  hold_planned: { status: 409, title: 'The owner has planned this hold; nobody ends it early.' },
  account_held: {
    status: 409,
    title: 'Withdrawals are held: number, authenticator and account stay as they are.',
  },
  owner_required: { status: 409, title: 'The owner alone ends this hold early, with a passkey.' },
  lift_stopped: {
    status: 409,
    title: 'The lift of this hold was stopped; it is not to be asked again.',
  },
  not_possible: { status: 409, title: 'This cannot be done as things stand.' },
  invalid_event: { status: 422, title: 'The event is not valid.' },
  invalid_request: { status: 422, title: 'The request is not valid.' },
  rate_limited: { status: 429, title: 'Too many requests with a wrong key.' },
  internal: { status: 500, title: 'Something went wrong on our side.' },
  unavailable: { status: 503, title: 'Not available at the moment; please retry.' },
}

export type ProblemExtras = {
  readonly detail?: string
  readonly errors?: readonly FieldError[]
  readonly headers?: Readonly<Record<string, string>>
}

/** A ready `application/problem+json` response. */
export function problem(code: ProblemCode, extras: ProblemExtras = {}): Response {
  const { status, title } = PROBLEMS[code]
  const body = {
    type: 'about:blank',
    title,
    status,
    code,
    ...(extras.detail === undefined ? {} : { detail: extras.detail }),
    ...(extras.errors === undefined ? {} : { errors: extras.errors }),
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...extras.headers,
    },
  })
}
