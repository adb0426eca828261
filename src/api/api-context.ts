// What the exchange's API needs of the context.

import type { HeldProfile } from '../country/profile-setting.ts'
import type { FrontLimitContext } from '../guard/front-limit.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { LockContext } from '../lock/lock-context.ts'
import type { NoticeContext } from '../notice/notice-context.ts'
import type { RouteSettings } from '../routing/route.ts'
import type { ApiKey } from './api-keys.ts'

export type ApiContext = LockContext &
  NoticeContext &
  FrontLimitContext & {
    readonly config: RouteSettings & {
      readonly apiKeys: readonly ApiKey[]
      readonly publicOrigin: string
      readonly linkKeys: SealKeys
      readonly dataKeys: SealKeys
      readonly profile: HeldProfile
    }
  }
