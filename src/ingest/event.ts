// unknown → Event, or JSON pointers to what is wrong with it. Total; unknown fields are ignored, so
// that the exchange may send more than we read.

import * as v from 'valibot'
import { AccountIdSchema, InstantSchema, SessionIdSchema, toFieldErrors } from '../lib/fields.ts'
import type { FieldError } from '../lib/problem.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { parseIpAddress } from '../place/ip-address.ts'

const IpSchema = v.pipe(
  v.string('must be an IPv4 or IPv6 address'),
  v.check((text) => parseIpAddress(text) !== null, 'must be an IPv4 or IPv6 address'),
)

function boundedText(maxLength: number) {
  return v.pipe(
    v.string('must be a string'),
    v.maxLength(maxLength, `must have at most ${maxLength} characters`),
  )
}

const LoginDataSchema = v.object({
  account_id: AccountIdSchema,
  session_id: SessionIdSchema,
  ip: IpSchema,
  user_agent: boundedText(4_096),
  device_name: v.nullish(boundedText(256)),
  locale: v.nullish(
    v.pipe(
      v.string('must be a language tag'),
      v.regex(/^[A-Za-z0-9]{1,8}([-_][A-Za-z0-9]{1,8}){0,4}$/, 'must be a language tag'),
    ),
  ),
  country: v.nullish(
    v.pipe(v.string('must be two letters'), v.regex(/^[A-Z]{2}$/, 'must be two capital letters')),
  ),
  city: v.nullish(boundedText(128)),
  session_expires_at: v.nullish(InstantSchema),
})

const SessionDataSchema = v.object({ account_id: AccountIdSchema, session_id: SessionIdSchema })

export const EventSchema = v.variant(
  'type',
  [
    v.object({
      type: v.literal('login.succeeded'),
      timestamp: InstantSchema,
      data: LoginDataSchema,
    }),
    v.object({
      type: v.literal('session.ended'),
      timestamp: InstantSchema,
      data: SessionDataSchema,
    }),
  ],
  'must be login.succeeded or session.ended',
)

export type Event = v.InferOutput<typeof EventSchema>
export type LoginEvent = Extract<Event, { type: 'login.succeeded' }>

export function parseEvent(input: unknown): Result<Event, readonly FieldError[]> {
  const parsed = v.safeParse(EventSchema, input)
  return parsed.success ? ok(parsed.output) : err(toFieldErrors(parsed.issues))
}
