// The headers of Standard Webhooks as the API's description shows them, for events in both directions. The
// signature itself is the document's security scheme.

import * as v from 'valibot'
import type { ParameterSpec } from './route-spec.ts'
import { WEBHOOK_ID, WEBHOOK_TIMESTAMP } from './webhook-headers.ts'

export const webhookParameters: readonly ParameterSpec[] = [
  {
    name: 'webhook-id',
    in: 'header',
    required: true,
    description:
      'Unique per event and the same whenever it is repeated: duplicates are recognised by it.',
    schema: v.pipe(v.string(), v.regex(WEBHOOK_ID)),
    example: 'login_s_9f2c',
  },
  {
    name: 'webhook-timestamp',
    in: 'header',
    required: true,
    description: 'When this request was sent, in seconds since 1970; at most five minutes off.',
    schema: v.pipe(v.string(), v.regex(WEBHOOK_TIMESTAMP)),
    example: '1795442607',
  },
]
