// The composition root: Env → what a room may use. The same for HTTP, queues and cron. `Env` is named
// here and in index.ts only.

import { type Config, parseConfig } from './config.ts'
import type { AlertJob, CallbackJob } from './jobs.ts'
import { type Db, openDb } from './lib/db.ts'
import { logError } from './lib/log.ts'
import type { Ports } from './lib/ports.ts'
import { err, ok, type Result } from './lib/result.ts'
import type { SettingProblem } from './lib/settings.ts'
import { placeTable } from './place/data.ts'
import type { PlaceTable } from './place/place-table.ts'
import { type BreakerBoard, createBreakerBoard } from './routing/breaker-board.ts'
import { createRouteMemory, type RouteMemory } from './routing/route-memory.ts'

export type Context = Ports & {
  readonly config: Config
  readonly db: Db
  readonly alerts: Queue<AlertJob>
  readonly callbacks: Queue<CallbackJob>
  readonly placeTable: PlaceTable
  readonly breakers: BreakerBoard
  readonly routing: RouteMemory
}

/** What an isolate keeps between invocations: settings, query builder, its own view of providers. */
type Isolate = {
  readonly config: Result<Config, readonly SettingProblem[]>
  readonly db: Db
  readonly breakers: BreakerBoard
  readonly routing: RouteMemory
}

const ports: Ports = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fetch: (url, init) => fetch(url, init),
}

const isolates = new WeakMap<Env, Isolate>()

function isolateOf(env: Env): Isolate {
  let isolate = isolates.get(env)
  if (!isolate) {
    const config = parseConfig({ ...env })
    if (!config.ok) {
      for (const { setting, problem } of config.error) {
        logError('config.invalid', { setting, problem })
      }
    }
    isolate = {
      config,
      db: openDb(env.DB),
      breakers: createBreakerBoard(),
      routing: createRouteMemory(),
    }
    isolates.set(env, isolate)
  }
  return isolate
}

/** Everything a room needs, or every setting that is missing or malformed. */
export function createContext(env: Env): Result<Context, readonly SettingProblem[]> {
  const { config, db, breakers, routing } = isolateOf(env)
  if (!config.ok) return err(config.error)
  return ok({
    config: config.value,
    db,
    alerts: env.ALERTS,
    callbacks: env.CALLBACKS,
    placeTable,
    breakers,
    routing,
    ...ports,
  })
}
