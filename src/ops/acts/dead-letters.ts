// Dead letters put back into their queues, some of them with each call. Every job may be done twice, so one that is brought
// again in vain does no harm; and one that fails again is buried again. A letter goes only once its message is in its queue.

import {
  type DeadLetter,
  digUpStatement,
  findDeadLetters,
  nextDeadLetters,
  type RevivedMessage,
  reviveMessage,
} from '../../dead-letter/redrive.ts'
import type { AlertJob, CallbackJob, NetJob, SweepJob } from '../../jobs.ts'
import type { Db } from '../../lib/db.ts'
import type { Ports } from '../../lib/ports.ts'
import { ok } from '../../lib/result.ts'
import type { SealKeys } from '../../lib/seal.ts'
import type { ActResult, RedriveDeadLetters } from './act.ts'
import { actDone, newAct, recordStatement } from './record.ts'

export type DeadLetterActContext = Pick<Ports, 'randomBytes'> & {
  readonly db: Db
  readonly config: { readonly dataKeys: SealKeys }
  readonly alerts: Queue<AlertJob>
  readonly net: Queue<NetJob>
  readonly callbacks: Queue<CallbackJob>
  readonly sweep: Queue<SweepJob>
}

/** Each is one call of a queue. */
export const LETTERS_PER_CALL = 50

/** What cannot be sent again is passed over, and stays. */
export async function redriveDeadLetters(
  context: DeadLetterActContext,
  act: RedriveDeadLetters,
  who: string,
  now: number,
): Promise<ActResult> {
  const { db, config } = context
  const { messageIds, from } = act
  const subject = messageIds === null ? 'all' : messageIds.slice(0, 3).join(' ')
  const letters =
    messageIds === null
      ? await nextDeadLetters(db, from ?? '', LETTERS_PER_CALL)
      : await findDeadLetters(db, messageIds.slice(0, LETTERS_PER_CALL))
  const record = { ...newAct(context.randomBytes, act, subject, who, now), count: letters.length }
  await recordStatement(db, record)
  const sent: string[] = []
  for (const letter of letters) {
    const revived = await reviveMessage(config.dataKeys, letter)
    if (!revived) continue
    await sendAgain(context, revived)
    sent.push(letter.messageId)
  }
  if (sent.length > 0) await digUpStatement(db, sent)
  return ok(actDone(record, { count: sent.length, next: nextOf(act, letters) }))
}

function nextOf({ messageIds }: RedriveDeadLetters, letters: readonly DeadLetter[]): string | null {
  if (messageIds !== null || letters.length < LETTERS_PER_CALL) return null
  return letters.at(-1)?.messageId ?? null
}

async function sendAgain(context: DeadLetterActContext, message: RevivedMessage): Promise<void> {
  switch (message.queue) {
    case 'alerts':
      await context.alerts.send(message.job)
      return
    case 'net':
      await context.net.send(message.job)
      return
    case 'callbacks':
      await context.callbacks.send(message.job)
      return
    case 'sweep':
      await context.sweep.send(message.job)
  }
}
