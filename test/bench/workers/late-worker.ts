// The real Worker with D1 far away and queues late: for the bench only; the deployed entry is
// src/index.ts. What it exports beside its handlers is passed on, for bindings that name it.

import lockline from '../../../src/index.ts'
import { type Delays, lateEnv } from './late-bindings.ts'

export * from '../../../src/index.ts'

const worker: ExportedHandler<Env> = lockline
const delays: Delays = { d1Ms: 0, queueMs: 0 }
/** One for each environment: the Worker keeps its own things by it. */
const lateEnvs = new WeakMap<Env, Env>()

function lateEnvOf(env: Env): Env {
  const late = lateEnvs.get(env) ?? lateEnv(env, delays)
  lateEnvs.set(env, late)
  return late
}

/** The queue as wrangler.toml names it; each of many isolates has queues of its own. */
function named<T>(batch: MessageBatch<T>): MessageBatch<T> {
  return {
    queue: batch.queue.replace(/-\d+$/, ''),
    messages: batch.messages,
    metadata: batch.metadata,
    ackAll: () => batch.ackAll(),
    retryAll: (options) => batch.retryAll(options),
  }
}

export default {
  async fetch(request, env, executionContext) {
    if (new URL(request.url).pathname === '/__bench/delays') {
      Object.assign(delays, await request.json())
      return new Response(null, { status: 204 })
    }
    if (!worker.fetch) throw new Error('the Worker takes no requests')
    return worker.fetch(request, lateEnvOf(env), executionContext)
  },
  queue: (batch, env, executionContext) =>
    worker.queue?.(named(batch), lateEnvOf(env), executionContext),
  scheduled: (controller, env, executionContext) =>
    worker.scheduled?.(controller, lateEnvOf(env), executionContext),
} satisfies ExportedHandler<Env>
