// The minute's tick. It only starts what queue messages then do, page by page, and judges the routes by the evidence of
// the minute before. Each part runs though the other fails.

import type { Context } from './context.ts'
import { errorFields, logError, logInfo } from './lib/log.ts'
import { startSweep } from './ops/sweep.ts'
import { learnRoutes } from './routing/route-learning.ts'

export async function runCron(context: Context): Promise<void> {
  await attempt('sweep', () => startSweep(context))
  const routes = await attempt('routes', () => learnRoutes(context))
  logInfo('tick.done', { routes })
}

async function attempt<T>(part: string, run: () => Promise<T>): Promise<T | null> {
  try {
    return await run()
  } catch (error) {
    logError('job.failed', { queue: 'cron', kind: part, ...errorFields(error) })
    return null
  }
}
