// A D1 call of a round's outcome, tried again for a moment: a provider has the text by now, and losing the note of it would
// send it again.

import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import { pause } from '../lib/pause.ts'
import type { Ports } from '../lib/ports.ts'
import { isSlotAway } from '../lib/slot-guard.ts'
import { SECOND_MS } from '../lib/time.ts'

/** Between the tries of one batch. */
const RETRY_PAUSES_MS = [100, 400]

/** A batch that is late may still be stored: `work` must be safe to repeat. */
const BATCH_DEADLINE_MS = 2 * SECOND_MS

/** A slot that is on its way takes longer than this has time for. */
export async function withRetry<T>(
  { after }: Pick<Ports, 'after'>,
  work: () => Promise<T>,
): Promise<T> {
  for (const pauseMs of RETRY_PAUSES_MS) {
    try {
      return await within(after, BATCH_DEADLINE_MS, work())
    } catch (error) {
      if (isSlotAway(error)) throw error
      logError('job.failed', { queue: 'none', kind: 'outcome', ...errorFields(error) })
      await pause(after, pauseMs)
    }
  }
  return within(after, BATCH_DEADLINE_MS, work())
}
