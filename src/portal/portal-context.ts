// What the owner's pages need of the context: they act through nearly every room below them.

import type { ProfileRules } from '../country/profile-rules.ts'
import type { CodePolicy } from '../guard/code-policy.ts'
import type { FrontLimitContext } from '../guard/front-limit.ts'
import type { CoolingOffConfig } from '../lock/hold-settings.ts'
import type { LockContext } from '../lock/lock-context.ts'
import type { NoticeContext } from '../notice/notice-context.ts'
import type { PushContext } from '../push/push-context.ts'
import type { RouteSettings } from '../routing/route.ts'

export type PortalContext = LockContext &
  FrontLimitContext &
  NoticeContext &
  PushContext & {
    readonly config: RouteSettings &
      CoolingOffConfig & {
        readonly codePolicy: CodePolicy
        readonly profile: ProfileRules
      }
  }
