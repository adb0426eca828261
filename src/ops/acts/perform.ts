// Every act by its name: one way in for the API and the operators' page.

import type { DeliverContext } from '../../deliver/deliver-context.ts'
import type { Act, ActResult } from './act.ts'
import { redriveCallback, redriveCallbacks } from './callbacks.ts'
import { allowCodes, stopCodes } from './codes.ts'
import { type DeadLetterActContext, redriveDeadLetters } from './dead-letters.ts'
import { moveSlot } from './move-slot.ts'
import { undoPhoneMark } from './phone-mark.ts'
import { orderProvider, trustProvider } from './providers.ts'
import { resendAlert } from './resend-alert.ts'

export type ActContext = DeliverContext & DeadLetterActContext

/** `who`: `key:` and the short hash of an API key, or the address of an operator who signed in. */
export function performAct(
  context: ActContext,
  act: Act,
  who: string,
  now: number,
): Promise<ActResult> {
  switch (act.act) {
    case 'order_provider':
      return orderProvider(context, act, who, now)
    case 'trust_provider':
      return trustProvider(context, act, who, now)
    case 'redrive_callback':
      return redriveCallback(context, act, who, now)
    case 'redrive_callbacks':
      return redriveCallbacks(context, act, who, now)
    case 'redrive_dead_letters':
      return redriveDeadLetters(context, act, who, now)
    case 'resend_alert':
      return resendAlert(context, act, who, now)
    case 'undo_phone_mark':
      return undoPhoneMark(context, act, who, now)
    case 'stop_codes':
      return stopCodes(context, act, who, now)
    case 'allow_codes':
      return allowCodes(context, act, who, now)
    case 'move_slot':
      return moveSlot(context, act, who, now)
  }
}
