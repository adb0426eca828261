// What the lock and its pages need of the context.

import type { LiftPolicy } from '../account/owner-proofs.ts'
import type { NudgeContext } from '../exchange/exchange-context.ts'
import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { DbOf, Shards } from '../lib/shards.ts'
import type { NoticeContext } from '../notice/notice-context.ts'
import type { PageContext } from '../page/page-context.ts'
import type { LockAction } from './lock-actions.ts'

/** For an act: its batch, and the nudge that makes the exchange hear of it. */
export type ActContext = NudgeContext & Pick<Ports, 'now'> & { readonly dbOf: DbOf }

/** For a lock: what it asks the exchange for. */
export type LockActContext = ActContext & {
  readonly config: { readonly lockActions: readonly LockAction[] }
}

export type LockContext = LockActContext &
  NoticeContext &
  PageContext &
  Pick<Ports, 'after' | 'randomBytes'> & {
    readonly config: {
      readonly linkKeys: SealKeys
      readonly dataKeys: SealKeys
      readonly liftPolicy: LiftPolicy
      readonly liftDelayHours: number
    }
    /** Where tries of a number and of a place are counted. */
    readonly db: Db
    readonly shards: Shards
  }
