// The Worker: fetch, queue and scheduled, each handed to its room. Nothing is decided here.

import { createApp } from './app.ts'
import { createContext } from './context.ts'
import { consumeAlerts } from './deliver/consumer.ts'
import { consumeDeadAlerts } from './deliver/dead-alerts.ts'
import { consumeCallbacks } from './exchange/consumer.ts'
import { runLockJob } from './lock/lock-job.ts'
import { runCron } from './ops/cron.ts'
import { consumeDeadCallbacks } from './ops/dead-letters.ts'

const app = createApp()

function contextOf(env: Env) {
  const context = createContext(env)
  // The queue keeps the message and cron comes again: by then the settings may be mended.
  if (!context.ok) throw new Error('settings are missing or malformed; see config.invalid')
  return context.value
}

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    const context = contextOf(env)
    if (batch.queue === 'alerts') await consumeAlerts(context, batch)
    else if (batch.queue === 'alerts-dead') await consumeDeadAlerts(context, batch)
    else if (batch.queue === 'callbacks') await consumeCallbacks(context, batch, runLockJob)
    else await consumeDeadCallbacks(context, batch)
  },
  async scheduled(_controller, env) {
    await runCron(contextOf(env))
  },
} satisfies ExportedHandler<Env>
