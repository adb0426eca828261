// What a provider is told of a callback we refuse: whether to come again, and nothing of the reason.

import { type ProblemCode, problem } from '../lib/problem.ts'
import type { CallbackRefusal } from './provider.ts'

const PROBLEMS: Readonly<Record<CallbackRefusal['reason'], ProblemCode>> = {
  unsigned: 'invalid_signature',
  stale: 'invalid_signature',
  signature_version: 'invalid_signature',
  malformed: 'invalid_request',
  // A 5xx is what makes SNS send it again; its 4xx is for good.
  unavailable: 'unavailable',
}

/** Problem details (RFC 9457); the reason itself is for the log. */
export function answerRefusedCallback({ reason }: CallbackRefusal): Response {
  return problem(PROBLEMS[reason])
}
