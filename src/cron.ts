// The minute's work: alerts, notices and callbacks whose queue message was lost. Each part runs though another
// fails.

import type { Context } from './context.ts'
import { sweepNotices } from './deliver/deliver-notice.ts'
import { sweepAlerts } from './deliver/sweep.ts'
import { sweepCallbacks } from './exchange/sweep.ts'
import { errorFields, logError, logInfo } from './lib/log.ts'
import { deleteExpired } from './ops/retention.ts'
import { learnRoutes } from './routing/route-learning.ts'

export async function runCron(context: Context): Promise<void> {
  const [alerts, notices, callbacks, expired] = await Promise.all([
    attempt('alerts', () => sweepAlerts(context)),
    attempt('notices', () => sweepNotices(context)),
    attempt('callbacks', () => sweepCallbacks(context)),
    attempt('retention', () => deleteExpired(context.db, context.now())),
  ])
  // After the sweep, whose missing receipts are evidence.
  const routes = await attempt('routes', () => learnRoutes(context))
  logInfo('sweep.done', { alerts, notices, callbacks, expired, routes })
}

async function attempt(part: string, run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    logError('job.failed', { queue: 'cron', kind: part, ...errorFields(error) })
    return 0
  }
}
