// What delivery needs of the context: what routes, callbacks, notices and pushes need, and what texts are
// made of.

import type { ProfileRules } from '../country/profile-rules.ts'
import type { NudgeContext } from '../exchange/exchange-context.ts'
import type { AlertJob, NetJob } from '../jobs.ts'
import type { Ports } from '../lib/ports.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { Shards } from '../lib/shards.ts'
import type { NoticeContext } from '../notice/notice-context.ts'
import type { PushContext } from '../push/push-context.ts'
import type { RoutingContext } from '../routing/routing-context.ts'
import type { WatchContext } from '../watch/watch-context.ts'
import type { DeliveryMemory } from './delivery-memory.ts'

export type DeliverContext = RoutingContext &
  WatchContext &
  NudgeContext &
  NoticeContext &
  PushContext &
  Pick<Ports, 'after' | 'fetch'> & {
    readonly config: {
      readonly exchangeName: string
      readonly publicOrigin: string
      readonly linkKeys: SealKeys
      readonly dataKeys: SealKeys
      /** For one call of one provider. */
      readonly attemptTimeoutMs: number
      readonly receiptWaitMs: number
      readonly alertsPerWindow: number
      readonly alertsPerDay: number
      readonly warningSegmentsMax: number
      readonly profile: ProfileRules
      readonly coolingOffHours: number
    }
    readonly alerts: Queue<AlertJob>
    readonly net: Queue<NetJob>
    readonly delivery: DeliveryMemory
    readonly shards: Shards
  }
