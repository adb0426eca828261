// What receipts need of the context: a failure may be told to the exchange, send the alert on, and be learnt from.

import type { ProfileRules } from '../country/profile-rules.ts'
import type { NudgeContext } from '../exchange/exchange-context.ts'
import type { AlertJob } from '../jobs.ts'
import type { Ports } from '../lib/ports.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { DbOf, Shards } from '../lib/shards.ts'
import type { RoutingContext } from '../routing/routing-context.ts'
import type { WatchContext } from '../watch/watch-context.ts'
import type { ReceiptMemory } from './receipt-memory.ts'

export type ReceiptContext = RoutingContext &
  WatchContext &
  NudgeContext &
  Pick<Ports, 'after'> & {
    readonly config: {
      readonly publicOrigin: string
      readonly dataKeys: SealKeys
      readonly profile: ProfileRules
    }
    readonly alerts: Queue<AlertJob>
    readonly receipts: ReceiptMemory
    readonly dbOf: DbOf
    readonly shards: Shards
  }
