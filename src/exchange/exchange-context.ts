// What telling the exchange needs of the context.

import type { CallbackJob } from '../jobs.ts'
import type { Ports } from '../lib/ports.ts'
import type { DbOf } from '../lib/shards.ts'
import type { WebhookSecret } from '../lib/webhook-secret.ts'

/** Enough to make the queue bring a callback that is stored. */
export type NudgeContext = { readonly callbacks: Queue<CallbackJob> }

export type ExchangeContext = NudgeContext &
  Pick<Ports, 'now' | 'after' | 'fetch' | 'randomBytes'> & {
    readonly dbOf: DbOf
    readonly config: {
      readonly callbackUrl: string
      readonly callbackSecrets: readonly WebhookSecret[]
    }
  }
