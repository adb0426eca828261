// The Worker: fetch, queue and scheduled, each handed to its room. Nothing is decided here.

import { app, setupApp } from './app.ts'
import { createContext } from './context.ts'
import { runCron } from './cron.ts'
import { runQueue } from './queue.ts'

// Broken settings are mended by people: long enough for that, the queue keeps what it has.
const MISCONFIGURED_RETRY_SECONDS = 60

export default {
  fetch(request, env, executionContext) {
    const context = createContext(env)
    return context.ok
      ? app.fetch(request, { context: context.value }, executionContext)
      : setupApp.fetch(request, { problems: context.error }, executionContext)
  },
  async queue(batch, env) {
    const context = createContext(env)
    if (!context.ok) batch.retryAll({ delaySeconds: MISCONFIGURED_RETRY_SECONDS })
    else await runQueue(context.value, batch)
  },
  async scheduled(_controller, env) {
    const context = createContext(env)
    if (context.ok) await runCron(context.value)
  },
} satisfies ExportedHandler<Env>
