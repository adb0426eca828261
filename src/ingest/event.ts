// unknown → Event, or JSON pointers to what is wrong with it. Total; unknown fields are ignored, so
// that the exchange may send more than we read.

import * as v from 'valibot'
import { AccountIdSchema, instantField, SessionIdSchema, toFieldErrors } from '../lib/fields.ts'
import type { FieldError } from '../lib/problem.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { DAY_MS } from '../lib/time.ts'
import { SESSION_DEFAULT_LIFETIME_MS } from '../login/login.ts'
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

/** A field with what it means, for the API's description. */
function meaning<const Schema extends v.GenericSchema>(description: string, schema: Schema) {
  return v.pipe(schema, v.description(description))
}

const LoginDataSchema = v.pipe(
  v.object({
    account_id: meaning('Your id of the account; the owner never sees it.', AccountIdSchema),
    session_id: meaning(
      'Your id of the session, as you want it back when it is revoked.',
      SessionIdSchema,
    ),
    ip: meaning("The user's address as your server saw it, IPv4 or IPv6.", IpSchema),
    user_agent: meaning("The user's `User-Agent` header; may be empty.", boundedText(4_096)),
    device_name: v.nullish(
      meaning(
        'What your app knows of the device; shown beside what the user agent says.',
        boundedText(256),
      ),
    ),
    locale: v.nullish(
      v.pipe(
        v.string('must be a language tag'),
        v.regex(/^[A-Za-z0-9]{1,8}([-_][A-Za-z0-9]{1,8}){0,4}$/, 'must be a language tag'),
        v.description("The user's language; an account's own locale wins."),
      ),
    ),
    country: v.nullish(
      v.pipe(
        v.string('must be two letters'),
        v.regex(/^[A-Z]{2}$/, 'must be two capital letters'),
        v.description('Two capital letters, if you know better than a table of addresses.'),
      ),
    ),
    city: v.nullish(meaning('Shown as you send it.', boundedText(128))),
    session_expires_at: v.nullish(
      instantField(
        `When the session runs out; without it, it counts as ${SESSION_DEFAULT_LIFETIME_MS / DAY_MS} days.`,
      ),
    ),
  }),
  v.description('The login.'),
)

const SessionDataSchema = v.pipe(
  v.object({
    account_id: meaning('The account.', AccountIdSchema),
    session_id: meaning(
      'The session that logged out, ran out or was ended by you.',
      SessionIdSchema,
    ),
  }),
  v.description('The session.'),
)

const LoginSucceededSchema = v.pipe(
  v.object({
    type: meaning('Names the event.', v.literal('login.succeeded')),
    timestamp: instantField('When the login happened.'),
    data: LoginDataSchema,
  }),
  v.title('LoginSucceeded'),
)

const SessionEndedSchema = v.pipe(
  v.object({
    type: meaning('Names the event.', v.literal('session.ended')),
    timestamp: instantField('When the session ended.'),
    data: SessionDataSchema,
  }),
  v.title('SessionEnded'),
)

export const EventSchema = v.pipe(
  v.variant(
    'type',
    [LoginSucceededSchema, SessionEndedSchema],
    'must be login.succeeded or session.ended',
  ),
  v.title('Event'),
)

export type Event = v.InferOutput<typeof EventSchema>
export type LoginEvent = Extract<Event, { type: 'login.succeeded' }>

export function parseEvent(input: unknown): Result<Event, readonly FieldError[]> {
  const parsed = v.safeParse(EventSchema, input)
  return parsed.success ? ok(parsed.output) : err(toFieldErrors(parsed.issues))
}
