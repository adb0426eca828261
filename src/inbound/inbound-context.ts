// What texts that come back need of the context: each may lock, mute, or be answered.

import type { SealKeys } from '../lib/seal.ts'
import type { LockContext } from '../lock/lock-context.ts'
import type { NoticeContext } from '../notice/notice-context.ts'
import type { SmsProvider } from '../sms/registry.ts'

export type InboundContext = LockContext &
  NoticeContext & {
    readonly config: {
      readonly providers: readonly SmsProvider[]
      readonly publicOrigin: string
      readonly dataKeys: SealKeys
    }
  }
