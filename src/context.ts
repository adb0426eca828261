// The composition root: Env → what a room may use. The same for HTTP, queues and cron. The one place that
// names the clock, timers, chance and the network of the runtime; everywhere else they are ports.

import { type Config, parseConfig } from './config.ts'
import { createDeliveryMemory, type DeliveryMemory } from './deliver/delivery-memory.ts'
import { createStorageHealth, type StorageHealth } from './ingest/storage-health.ts'
import type { AlertJob, CallbackJob, NetJob, SweepJob } from './jobs.ts'
import { type Db, openDb } from './lib/db.ts'
import { logError } from './lib/log.ts'
import type { Ports } from './lib/ports.ts'
import { err, ok, type Result } from './lib/result.ts'
import type { SettingProblem } from './lib/settings.ts'
import { SHARD_NAME } from './lib/shard-map.ts'
import { createShards, type DbOf, type Shard, type Shards } from './lib/shards.ts'
import { HOME } from './lib/slot-guard.ts'
import { createOpsMemory, type OpsMemory } from './ops/ops-memory.ts'
import { placeTable } from './place/data.ts'
import type { PlaceTable } from './place/place-table.ts'
import { createReceiptMemory, type ReceiptMemory } from './receipt/receipt-memory.ts'
import { type BreakerBoard, createBreakerBoard } from './routing/breaker-board.ts'
import { createRouteMemory, type RouteMemory } from './routing/route-memory.ts'
import { createWatchMemory, type WatchMemory } from './watch/watch-context.ts'

export type Context = Ports & {
  readonly config: Config
  /** Control data alone: what belongs to no account. */
  readonly db: Db
  /** What belongs to an account is in its own database. */
  readonly dbOf: DbOf
  readonly shards: Shards
  readonly alerts: Queue<AlertJob>
  readonly net: Queue<NetJob>
  readonly callbacks: Queue<CallbackJob>
  readonly sweep: Queue<SweepJob>
  /** The platform's own counters, where the deployment has them. */
  readonly strangers: RateLimit | null
  /** How `npm run deploy` named this version; null where something else put it there, or nothing did. */
  readonly release: string | null
  readonly placeTable: PlaceTable
  readonly breakers: BreakerBoard
  readonly routing: RouteMemory
  readonly delivery: DeliveryMemory
  readonly receipts: ReceiptMemory
  readonly storage: StorageHealth
  readonly watch: WatchMemory
  readonly ops: OpsMemory
  /** Analytics Engine, where the deployment has it. */
  readonly points: AnalyticsEngineDataset | null
}

/** Everything a room needs, or every setting that is missing or malformed. */
export type Contexts = (env: Env) => Result<Context, readonly SettingProblem[]>

/** Those of the runtime this is running in. */
export const realPorts: Ports = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fetch: (url, init) => fetch(url, init),
}

/**
 * Makes contexts of one isolate: what it keeps between invocations (settings, query builder, its own view
 * of providers) is kept per Env.
 */
export function createContexts(ports: Ports): Contexts {
  const known = new WeakMap<Env, ReturnType<Contexts>>()
  return function contextOf(env) {
    const kept = known.get(env)
    if (kept) return kept
    const context = createContext(env, ports)
    known.set(env, context)
    return context
  }
}

function createContext(env: Env, ports: Ports): ReturnType<Contexts> {
  const config = parseConfig({ ...env }, ports)
  if (!config.ok) {
    for (const { setting, problem } of config.error)
      logError('config.invalid', { setting, problem })
    return err(config.error)
  }
  const databases = boundDatabases(env)
  const unbound = new Set(
    config.value.shards.filter((name) => databases.every((db) => db.name !== name)),
  )
  if (unbound.size > 0) {
    const problem = `names databases that are not bound: ${[...unbound].join(', ')}`
    logError('config.invalid', { setting: 'SHARDS', problem })
    return err([{ setting: 'SHARDS', problem }])
  }
  const shards = createShards(databases, config.value.shards)
  return ok({
    ...ports,
    config: config.value,
    db: openDb(env.DB),
    dbOf: shards.dbOf,
    shards,
    alerts: env.ALERTS,
    net: env.NET,
    callbacks: env.CALLBACKS,
    sweep: env.SWEEP,
    strangers: env.STRANGERS ?? null,
    release: env.VERSION?.tag || null,
    placeTable,
    breakers: createBreakerBoard(),
    routing: createRouteMemory(),
    delivery: createDeliveryMemory(),
    receipts: createReceiptMemory(),
    storage: createStorageHealth(),
    watch: createWatchMemory(),
    ops: createOpsMemory(),
    points: pointsOf(env),
  })
}

/** A binding that wrangler.toml does not have by itself: docs/operations.md says how to add it. */
function pointsOf(env: Env): AnalyticsEngineDataset | null {
  return 'POINTS' in env && isDataset(env.POINTS) ? env.POINTS : null
}

function isDataset(binding: unknown): binding is AnalyticsEngineDataset {
  return typeof binding === 'object' && binding !== null && 'writeDataPoint' in binding
}

/** `DB` first, and every other of the names that SHARDS may use. */
function boundDatabases(env: Env): readonly [Shard, ...Shard[]] {
  const others = Object.entries({ ...env }).flatMap(([name, value]: [string, unknown]) =>
    SHARD_NAME.test(name) && name !== HOME && isDatabase(value) ? [shardOf(name, value)] : [],
  )
  return [shardOf(HOME, env.DB), ...others]
}

function shardOf(name: string, database: D1Database): Shard {
  return { name, database, db: openDb(database) }
}

function isDatabase(value: unknown): value is D1Database {
  return typeof value === 'object' && value !== null && 'prepare' in value && 'batch' in value
}
