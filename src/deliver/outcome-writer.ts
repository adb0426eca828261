// What finishes together is written together. A round leaves its outcome with the isolate and ends; the invocation that
// finds nobody attending attends itself: it waits a few milliseconds for others and writes all there is in one D1 batch.
// D1 works through calls one by one, so calls, not rows, are what a burst of logins runs out of. Nobody waits for the
// writer (a request of a Worker may not await what another one does); what dies with it is found by its lease.

import { pause } from '../lib/pause.ts'
import { SECOND_MS } from '../lib/time.ts'
import type { DeliverContext } from './deliver-context.ts'
import { nudgeAlerts } from './nudge.ts'
import { type OutcomeToWrite, sealOutcome } from './outcome.ts'
import { writeOutcomes } from './write-outcomes.ts'

/** Long enough for answers of one provider to come in together, short beside any network. */
const GATHER_MS = 10

/** So many fit into one call of D1 with room to spare. */
const BATCH_MAX = 40

/** One invocation does not live for ever: after this it lets somebody else attend. */
const ATTEND_MS = 3 * SECOND_MS

/** A batch with all its tries takes less than this; an invocation that died attends no longer. */
const WRITE_MS = 8 * SECOND_MS

/** Leaves an outcome to be stored, and stores it where nobody else is about to. Never throws. */
export async function leaveOutcome(context: DeliverContext, left: OutcomeToWrite): Promise<void> {
  const { delivery, now } = context
  delivery.outcomes.push(left)
  const attended = delivery.attendedUntil - now()
  // More than anybody claims: the clock was set back since, and nobody may be there.
  if (attended > 0 && attended <= WRITE_MS) return
  delivery.attendedUntil = now() + WRITE_MS
  const attendUntil = now() + ATTEND_MS
  await pause(context.after, GATHER_MS)
  while (delivery.outcomes.length > 0) {
    const taken = delivery.outcomes.splice(0, BATCH_MAX)
    // Whoever comes while the last batch is written attends himself.
    const isLast = now() >= attendUntil && delivery.outcomes.length === 0
    delivery.attendedUntil = isLast ? 0 : now() + WRITE_MS
    await writeOrQueue(context, taken)
    if (isLast) return
  }
  delivery.attendedUntil = 0
}

/** What D1 does not take, the queue does, at once: the provider has the text. If neither does, the lease finds it. */
async function writeOrQueue(
  context: DeliverContext,
  entries: readonly OutcomeToWrite[],
): Promise<void> {
  const refused = await writeOutcomes(context, entries)
  await Promise.all(refused.map((entry) => queueOutcome(context, entry)))
}

async function queueOutcome(context: DeliverContext, { outcome }: OutcomeToWrite): Promise<void> {
  const { accountId, alertId } = outcome
  const sealed = await sealOutcome(context.randomBytes, context.config.dataKeys, outcome)
  await nudgeAlerts(context, { kind: 'outcome', accountId, alertId, sealed })
}
