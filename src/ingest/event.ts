// unknown → Event, or JSON pointers to what is wrong with it. Total. Account, session (of an activity: that there is a
// kind), type and timestamp alone can refuse one: a login that is refused is told to nobody. Unknown fields are ignored, so that the exchange may send more
// than we read.

import * as v from 'valibot'
import { AccountIdSchema, instantField, SessionIdSchema, toFieldErrors } from '../lib/fields.ts'
import type { FieldError } from '../lib/problem.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { DAY_MS } from '../lib/time.ts'
import { ACTIVITY_KINDS } from '../words/activity-words.ts'
import { ACTIVITY_FIELDS, DISPLAY_FIELDS } from './display-fields.ts'

/** A field with what it means, for the API's description. */
function meaning<const Schema extends v.GenericSchema>(description: string, schema: Schema) {
  return v.pipe(schema, v.description(description))
}

/** Those that have a text of their own. */
const KINDS = ACTIVITY_KINDS.filter((kind) => kind !== 'other')
  .map((kind) => `\`${kind}\``)
  .join(', ')

const LoginDataSchema = v.pipe(
  v.object({
    account_id: meaning('Your id of the account; the owner never sees it.', AccountIdSchema),
    session_id: meaning(
      'Your id of the session, as you want it back when it is revoked; unique across accounts.',
      SessionIdSchema,
    ),
    ...DISPLAY_FIELDS,
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
    timestamp: instantField(
      'When the login happened: at most a year ago, and at most a day ahead of our clock. Of a login more than a day old the owner is not told; `alert.undelivered` says so.',
    ),
    data: LoginDataSchema,
  }),
  v.title('LoginSucceeded'),
)

const SessionEndedSchema = v.pipe(
  v.object({
    type: meaning('Names the event.', v.literal('session.ended')),
    timestamp: instantField(
      'When the session ended: at most a year ago, and at most a day ahead of our clock.',
    ),
    data: SessionDataSchema,
  }),
  v.title('SessionEnded'),
)

const ActivityDataSchema = v.pipe(
  v.object({
    account_id: meaning('The account.', AccountIdSchema),
    kind: meaning(
      `What happened: ${KINDS}. Of how it is written letters alone count: \`API-KEY-CREATED\` and \`apiKeyCreated\` are read as \`api_key_created\`. Any other is accepted too, and told as “a change to your account”.`,
      v.string(),
    ),
    ...ACTIVITY_FIELDS,
  }),
  v.description('What happened.'),
)

const ActivityOccurredSchema = v.pipe(
  v.object({
    type: meaning('Names the event.', v.literal('activity.occurred')),
    timestamp: instantField(
      'When it happened: at most a year ago, and at most a day ahead of our clock. Of an activity more than a day old the owner is not told; `alert.undelivered` says so.',
    ),
    data: ActivityDataSchema,
  }),
  v.title('ActivityOccurred'),
)

export const EventSchema = v.pipe(
  v.variant(
    'type',
    [LoginSucceededSchema, SessionEndedSchema, ActivityOccurredSchema],
    'must be login.succeeded, session.ended or activity.occurred',
  ),
  v.title('Event'),
)

export type Event = v.InferOutput<typeof EventSchema>
export type LoginEvent = Extract<Event, { type: 'login.succeeded' }>
export type ActivityEvent = Extract<Event, { type: 'activity.occurred' }>

/** Nobody reports this late, and no clock is this fast: the instant was written in another unit, 1970 for seconds. */
export const EVENT_MAX_AGE_MS = 366 * DAY_MS
export const EVENT_MAX_LEAD_MS = DAY_MS

export function parseEvent(input: unknown, now: number): Result<Event, readonly FieldError[]> {
  const parsed = v.safeParse(EventSchema, input)
  if (!parsed.success) return err(toFieldErrors(parsed.issues))
  const { timestamp } = parsed.output
  if (timestamp < now - EVENT_MAX_AGE_MS) {
    return err([{ pointer: '/timestamp', detail: 'is more than a year ago' }])
  }
  if (timestamp > now + EVENT_MAX_LEAD_MS) {
    return err([{ pointer: '/timestamp', detail: 'is more than a day ahead' }])
  }
  return ok(parsed.output)
}
