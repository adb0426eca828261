// The Worker as a function of its ports: fetch, queue and scheduled, each handed on. Nothing is decided here.
// Every call makes an isolate of its own, with its own memory of providers.

import { app, setupApp } from './app.ts'
import { createContexts } from './context.ts'
import { runCron } from './cron.ts'
import type { Ports } from './lib/ports.ts'
import { tellBroken } from './ops/tell-broken.ts'
import { runQueue } from './queue.ts'

// Broken settings are mended by people: long enough for that, the queue keeps what it has.
const MISCONFIGURED_RETRY_SECONDS = 60

export function createWorker(ports: Ports) {
  const { randomBytes, now } = ports
  const contextOf = createContexts(ports)
  return {
    fetch(request, env, executionContext) {
      const context = contextOf(env)
      return context.ok
        ? app.fetch(request, { context: context.value }, executionContext)
        : setupApp.fetch(request, { problems: context.error, randomBytes, now }, executionContext)
    },
    async queue(batch, env) {
      const context = contextOf(env)
      if (context.ok) await runQueue(context.value, batch)
      else batch.retryAll({ delaySeconds: MISCONFIGURED_RETRY_SECONDS })
    },
    async scheduled(_controller, env) {
      const context = contextOf(env)
      if (context.ok) await runCron(context.value)
      else await tellBroken(ports, { ...env }, context.error, env.DB)
    },
  } satisfies ExportedHandler<Env>
}
