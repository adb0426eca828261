// How a queue message ends: acked, back after a while that its work asks for, or back after a pause because
// the work failed for a reason of ours. Knows nothing of what is in it.

import { errorFields, logError } from './log.ts'
import { queueDelaySeconds } from './queue-delay.ts'

/** For the log. */
export type QueueWork = { readonly queue: string; readonly kind: string }

/** Does `work`, which says in how many whole seconds it wants to be done again, or null when it is done. */
export async function settleMessage(
  message: Message<unknown>,
  of: QueueWork,
  work: () => Promise<number | null>,
): Promise<void> {
  try {
    const retryAfterSeconds = await work()
    if (retryAfterSeconds === null) message.ack()
    else message.retry({ delaySeconds: retryAfterSeconds })
  } catch (error) {
    logError('job.failed', { ...of, ...errorFields(error) })
    retryLater(message)
  }
}

/** Later each time. */
export function retryLater(message: Message<unknown>): void {
  message.retry({ delaySeconds: queueDelaySeconds(message.attempts) })
}
