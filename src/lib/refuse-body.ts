// What a body must be before it is read: how large at most, and of which media type. A refusal says what this route
// takes, beside the title that it shares with the others (RFC 9457 section 3.1.3: a title does not vary).

import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { problem } from './problem.ts'

const KIB = 1024

/** 413 for a longer body, whether it says its length or not. */
export function limitBody(maxKib: number): MiddlewareHandler {
  const detail = `The body may have ${maxKib} KiB at most.`
  return bodyLimit({ maxSize: maxKib * KIB, onError: () => problem('body_too_large', { detail }) })
}

export type MediaType =
  | 'application/json'
  | 'application/x-ndjson'
  | 'application/x-www-form-urlencoded'

/** Null for a body of the type `wanted`, whatever parameters it has; else the 415. */
export function refuseMediaType(
  contentType: string | undefined,
  wanted: MediaType,
): Response | null {
  const [given = ''] = (contentType ?? '').split(';')
  if (given.trim().toLowerCase() === wanted) return null
  return problem('unsupported_media_type', { detail: `The body must be ${wanted}.` })
}
