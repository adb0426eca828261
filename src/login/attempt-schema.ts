// An attempt as it comes back from a queue: its maker may be an older deployment, or a newer one.

import * as v from 'valibot'
import { FAILURE_CLASSES } from '../sms/outcome-classes.ts'
import { ProviderNameSchema } from '../sms/registry.ts'
import { ATTEMPT_STATES, type Attempt } from './attempt.ts'

export const AttemptSchema: v.GenericSchema<unknown, Attempt> = v.object({
  number: v.number(),
  provider: ProviderNameSchema,
  country: v.exactOptional(v.string()),
  state: v.picklist(ATTEMPT_STATES),
  startedAt: v.number(),
  durationMs: v.number(),
  segments: v.number(),
  class: v.exactOptional(v.picklist(FAILURE_CLASSES)),
  code: v.exactOptional(v.string()),
  providerMessageId: v.exactOptional(v.string()),
  sentAt: v.exactOptional(v.number()),
  deliveredAt: v.exactOptional(v.number()),
  failedAt: v.exactOptional(v.number()),
})
