// What an activity is before it is a row: as ingest makes it, and as the queue carries it while D1 is away. Parsed as it
// comes from there. Everything but account, kind and instants is only shown.

import * as v from 'valibot'
import { AccountIdSchema } from '../lib/fields.ts'
import { RESERVED_KINDS } from '../place/reserved-range.ts'
import { activityKindOf } from './activity.ts'

const Text = v.nullable(v.string())

export const ActivityFactsSchema = v.object({
  alertId: v.string(),
  accountId: AccountIdSchema,
  activity: v.pipe(v.string(), v.transform(activityKindOf)),
  /** What the exchange calls it, where that is no kind of ours. */
  activityAsSent: Text,
  /** The empty text for none. */
  sessionId: v.string(),
  detail: Text,
  occurredAt: v.number(),
  receivedAt: v.number(),
  country: Text,
  hosting: Text,
  reserved: v.nullable(v.picklist(RESERVED_KINDS)),
  ipTail: v.string(),
  browser: Text,
  os: Text,
  trace: Text,
})
export type ActivityFacts = v.InferOutput<typeof ActivityFactsSchema>
