// What a login and the end of a session are before they are rows: as ingest makes them, and as the queue
// carries them while D1 is away. Parsed as they come from there: their maker may be an older deployment.

import * as v from 'valibot'
import { AccountIdSchema } from '../lib/fields.ts'
import { RESERVED_KINDS } from '../place/reserved-range.ts'

const Text = v.nullable(v.string())
const Marks = v.pipe(v.array(v.string()), v.readonly())

/** A login as it is stored: the full address and user agent are already gone. */
export const LoginFactsSchema = v.object({
  alertId: v.string(),
  accountId: AccountIdSchema,
  sessionId: v.string(),
  occurredAt: v.number(),
  receivedAt: v.number(),
  country: Text,
  city: Text,
  hosting: Text,
  reserved: v.nullable(v.picklist(RESERVED_KINDS)),
  ipTail: v.string(),
  browser: Text,
  os: Text,
  deviceName: Text,
  locale: Text,
  sessionExpiresAt: v.nullable(v.number()),
  // Absent in a login that an older deployment put into the queue: then nothing is known of it.
  deviceMark: v.optional(v.nullable(v.string()), null),
  networkMark: v.optional(v.nullable(v.string()), null),
  olderDeviceMarks: v.optional(Marks, []),
  olderNetworkMarks: v.optional(Marks, []),
  formerNetworkMarks: v.optional(Marks, []),
  trace: v.optional(v.nullable(v.string()), null),
})
export type LoginFacts = v.InferOutput<typeof LoginFactsSchema>

export const SessionEndSchema = v.object({
  accountId: AccountIdSchema,
  sessionId: v.string(),
  endedAt: v.number(),
})
export type SessionEndFacts = v.InferOutput<typeof SessionEndSchema>
