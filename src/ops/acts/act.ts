// What an operator can do by hand, as plain data: from a form of the operators' page or from the API, it is the same act.

import type { Result } from '../../lib/result.ts'
import type { MoveStep } from '../slots/move-slot.ts'

/** Of every act: who did it stands beside it. */
type WithReason = { readonly reason: string }

export type OrderProvider = WithReason & {
  readonly act: 'order_provider'
  readonly provider: string
  /** ISO 3166-1 alpha-2; null: everywhere. */
  readonly country: string | null
  /** `usual`: as it would be without anybody's word. */
  readonly place: 'first' | 'last' | 'usual'
}
export type TrustProvider = WithReason & {
  readonly act: 'trust_provider'
  readonly provider: string
  readonly country: string | null
}
export type RedriveCallback = WithReason & {
  readonly act: 'redrive_callback'
  readonly accountId: string
  readonly callbackId: string
}
export type RedriveCallbacks = WithReason & {
  readonly act: 'redrive_callbacks'
  /** Those written since. */
  readonly sinceAt: number
  /** `next` of the call before; null for the first. */
  readonly from: string | null
}
export type RedriveDeadLetters = WithReason & {
  readonly act: 'redrive_dead_letters'
  /** Null: the next of all. */
  readonly messageIds: readonly string[] | null
  readonly from: string | null
}
export type ResendAlert = WithReason & { readonly act: 'resend_alert'; readonly alertId: string }
export type UndoPhoneMark = WithReason & {
  readonly act: 'undo_phone_mark'
  readonly accountId: string
}
export type StopCodes = WithReason & {
  readonly act: 'stop_codes'
  readonly country: string
  readonly lasts: 'hour' | 'day' | 'until_allowed'
}
export type AllowCodes = WithReason & { readonly act: 'allow_codes'; readonly country: string }

export type MoveSlot = WithReason & {
  readonly act: 'move_slot'
  readonly slot: number
  /** The binding of the database that is to have it. */
  readonly to: string
  /** `next` of the call before; null for the first. How far it has come stands in the databases: it decides about the record alone. */
  readonly from: MoveStep['next']
}

export type Act =
  | OrderProvider
  | TrustProvider
  | RedriveCallback
  | RedriveCallbacks
  | RedriveDeadLetters
  | ResendAlert
  | UndoPhoneMark
  | StopCodes
  | AllowCodes
  | MoveSlot

export type ActDone = {
  readonly actId: string
  /** How many rows were changed or messages sent; 0 where all was so already. */
  readonly count: number
  /** Until when it holds; null where that is not limited, or nothing lasts. */
  readonly untilAt: number | null
  /** Where the next call goes on; null where nothing is left. */
  readonly next: string | null
}

export type ActRefusal =
  | { readonly kind: 'invalid'; readonly pointer: string; readonly detail: string }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'not_possible'; readonly detail: string }

export type ActResult = Result<ActDone, ActRefusal>
