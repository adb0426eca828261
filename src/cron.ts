// The minute's tick. It starts what queue messages then do, page by page, judges the routes by the evidence of the minute
// before, and looks at the health of it all. Each part runs though the others fail.

import type { Context } from './context.ts'
import { within } from './lib/deadline.ts'
import { errorFields, logError, logInfo } from './lib/log.ts'
import { SECOND_MS } from './lib/time.ts'
import { startSweep } from './ops/sweep.ts'
import { watchOver } from './ops/watch-over.ts'
import { learnRoutes } from './routing/route-learning.ts'

/** D1 may hang: what comes after it is to say so within seventy seconds of that, and the minute itself is sixty. */
const LEARN_DEADLINE_MS = 2.5 * SECOND_MS

export async function runCron(context: Context): Promise<void> {
  await attempt('sweep', () => startSweep(context))
  const learnt = await attempt('routes', () =>
    within(context.after, LEARN_DEADLINE_MS, learnRoutes(context)),
  )
  const incidents = await attempt('watch', () => watchOver(context, learnt?.cells))
  logInfo('tick.done', { routes: learnt?.moved ?? null, incidents })
}

async function attempt<T>(part: string, run: () => Promise<T>): Promise<T | null> {
  try {
    return await run()
  } catch (error) {
    logError('job.failed', { queue: 'cron', kind: part, ...errorFields(error) })
    return null
  }
}
