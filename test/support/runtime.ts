// The Worker in the local runtime: bundled by wrangler, configured from wrangler.toml, run by workerd.
// Used by the tests, by the bench and by `npm start`; knows nothing of the simulated world.

import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import type { Bundle } from './bundle.ts'
import { fetchedModules, ownModules, serveModules } from './modules.ts'
import type { Migration, Platform } from './platform.ts'
import { firstSlots, shardNames } from './shards.ts'
import { workerPorts } from './worker-ports.ts'

export type RuntimeOptions = {
  readonly bundle: Bundle
  readonly settings: Readonly<Record<string, string>>
  readonly port: number
  /**
   * One more isolate listens on each. They share the database and nothing else; what one puts into a
   * queue, another one gets.
   */
  readonly morePorts?: readonly number[]
  /** Of those isolates, where they are another version's; else they have the same. */
  readonly moreSettings?: readonly Readonly<Record<string, string>>[]
  /** Where D1 lives; in memory when left out. */
  readonly persistPath?: string
  /** False: queue messages go nowhere, so that a bench sees the request's own work only. */
  readonly hasConsumers?: boolean
  /** True: requests come through the local runtime's own proxy, as with `wrangler dev`. */
  readonly hasFrontDoor?: boolean
  /** So many databases instead of one: DB, DB_1 and so on, the slots shared out among them while they are empty. */
  readonly shards?: number
  /** True: the platform's counters count, as wrangler.toml says; left out, there are none. */
  readonly hasLimits?: boolean
  readonly onLog?: (line: LogLine) => void
}

export type LogLine = { readonly level: string; readonly message: string }

export type Runtime = {
  readonly origin: string
  /** One for each isolate. */
  readonly origins: readonly string[]
  readonly fetch: typeof fetch
  /** Runs the cron trigger once and waits for it. */
  readonly tick: () => Promise<void>
  /** `DB`, unless another one is named. */
  readonly database: (name?: string) => Promise<Database>
  readonly alerts: () => Promise<Producer>
  readonly net: () => Promise<Producer>
  readonly callbacks: () => Promise<Producer>
  readonly stop: () => Promise<void>
}

export type Database = Awaited<ReturnType<Miniflare['getD1Database']>>
export type Producer = Awaited<ReturnType<Miniflare['getQueueProducer']>>

/** How far away the isolate is that gets what an isolate sends. */
const CONSUMER_DISTANCE = 7

/** Queues of isolate `index` of `count`: a lone one has those of wrangler.toml. The Worker knows them by how their names end. */
function queuesOf(config: Platform, index: number, count: number) {
  const name = (queue: string, isolate: number) =>
    count === 1 ? queue : `isolate-${isolate}-${queue}`
  const { queueProducers, queueConsumers } = config
  return {
    queueProducers: Object.fromEntries(
      Object.entries(queueProducers).map(([binding, queue]) => [
        binding,
        name(queue, (index + CONSUMER_DISTANCE) % count),
      ]),
    ),
    queueConsumers: Object.fromEntries(
      Object.entries(queueConsumers).map(([queue, { deadLetterQueue, ...options }]) => [
        name(queue, index),
        {
          ...options,
          ...(deadLetterQueue && { deadLetterQueue: name(deadLetterQueue, index) }),
        },
      ]),
    ),
  }
}

export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  // The runtime would fetch and store every log line for a dashboard nobody opens here.
  process.env.X_LOCAL_OBSERVABILITY = 'false'
  const config = options.bundle.platform
  const onLog = options.onLog ?? (() => {})
  const ports = [options.port, ...(options.morePorts ?? [])]
  const names = shardNames(options.shards ?? 1)
  const databaseId = (name: string) =>
    name === 'DB' ? (config.d1Databases.DB ?? name) : `${config.d1Databases.DB}-${name}`
  const nameOf = (index: number) => (index === 0 ? 'lockline' : `lockline-${index}`)
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      ...(options.hasFrontDoor ? { port: options.port } : {}),
      cf: false,
      ...(options.persistPath === undefined
        ? {}
        : { resourcePersistencePath: options.persistPath }),
      handleStructuredLogs: ({ level, message }) => onLog({ level, message }),
      unsafeModuleFallbackService: serveModules(options.bundle),
      workers: ports.map((port, index) => {
        const { queueProducers, queueConsumers } = queuesOf(config, index, ports.length)
        return {
          name: nameOf(index),
          ...(ports.length === 1 ? ownModules(options.bundle) : fetchedModules(options.bundle)),
          compatibilityDate: config.compatibilityDate,
          bindings: { ...(options.moreSettings?.[index - 1] ?? options.settings) },
          d1Databases: Object.fromEntries(names.map((name) => [name, databaseId(name)])),
          ...(options.hasLimits ? { ratelimits: config.ratelimits } : {}),
          queueProducers,
          queueConsumers: options.hasConsumers === false ? {} : queueConsumers,
          // Straight to the Worker: the development proxy in front of it costs more than the Worker.
          ...(options.hasFrontDoor ? {} : { unsafeDirectSockets: [{ host: '127.0.0.1', port }] }),
        }
      }),
    }),
  )
  await miniflare.ready
  workerPorts.add(options.port)
  const origins = ports.map((port) => `http://127.0.0.1:${port}`)
  const origin = `http://127.0.0.1:${options.port}`
  const database = (name = 'DB') => miniflare.getD1Database(name)
  const bring = options.persistPath === undefined ? createTables : migrate
  for (const name of names) await bring(await database(name), config.migrations)
  if (names.length > 1) await shareOut(await Promise.all(names.map(database)))
  return {
    origin,
    origins,
    fetch: (input, init) => fetch(new URL(String(input), origin), init),
    tick: async () => {
      const worker = await miniflare.getWorker()
      await worker.scheduled({ cron: '* * * * *' })
    },
    database,
    alerts: () => miniflare.getQueueProducer('ALERTS'),
    net: () => miniflare.getQueueProducer('NET'),
    callbacks: () => miniflare.getQueueProducer('CALLBACKS'),
    stop: () => miniflare.dispose(),
  }
}

/** As long as there is no account whose rows would have to move. */
async function shareOut(databases: readonly Database[]): Promise<void> {
  const found = await Promise.all(
    databases.map((one) =>
      one.prepare('SELECT account_id FROM accounts UNION ALL SELECT slot FROM slots LIMIT 1').all(),
    ),
  )
  if (found.some(({ results }) => results.length > 0)) return
  for (const [index, one] of databases.entries()) {
    await one
      .prepare(
        `INSERT INTO slots (slot, state, moved_to, changed_at)
          SELECT value ->> 'slot', value ->> 'state', value ->> 'movedTo', 0 FROM json_each(?1)`,
      )
      .bind(JSON.stringify(firstSlots(databases.length, index)))
      .run()
  }
}

/**
 * All of migrations/ in one call, which need not be one transaction where the database dies with the runtime: to prepare each
 * statement costs half a second of every start.
 */
async function createTables(database: Database, migrations: readonly Migration[]): Promise<void> {
  const lines = migrations.flatMap(({ statements }) => statements).map(onOneLine)
  await database.exec(lines.join('\n'))
}

/** `exec` takes each line for a statement. */
function onOneLine(statement: string): string {
  return statement
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join(' ')
}

/** Applies what is new in migrations/, noting it where `wrangler d1 migrations apply` does. */
async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
  await database.exec(
    'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
  )
  const applied = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>()
  const names = new Set(applied.results.map((row) => row.name))
  for (const { name, statements } of migrations) {
    if (names.has(name)) continue
    const note = database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name)
    await database.batch([...statements.map((sql) => database.prepare(sql)), note])
  }
}
