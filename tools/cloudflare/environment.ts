// One environment of wrangler.toml as plain data: what it is called, what it needs on the platform, what it is set to.
// Reads files only. Refuses environments that share a name with another: one of them would touch what is the other's.

import { relative, resolve } from 'node:path'
import { type Unstable_Config, unstable_readConfig } from 'wrangler'
import type { Settings } from '../../src/lib/settings.ts'

export type DatabaseWanted = {
  readonly binding: string
  readonly name: string
  /** Set where wrangler.toml names one by its id; else it is found by its name. */
  readonly id: string | null
  /** Absolute. */
  readonly migrationsFolder: string
}

export type ConsumerSettings = {
  readonly batch_size: number
  readonly max_retries: number
  readonly max_wait_time_ms: number
  readonly retry_delay: number
}

export type ConsumerWanted = {
  readonly queue: string
  readonly deadLetterQueue: string | null
  readonly settings: ConsumerSettings
}

export type Environment = {
  /** Empty: what stands above all environments. */
  readonly name: string
  readonly configPath: string
  readonly worker: string
  readonly vars: Settings
  readonly databases: readonly DatabaseWanted[]
  /** Every queue: written to, consumed, dead letters. */
  readonly queues: readonly string[]
  readonly consumers: readonly ConsumerWanted[]
  readonly crons: readonly string[]
  /** Host names that are the Worker's own. */
  readonly domains: readonly string[]
  /** Patterns of routes that are no domains. */
  readonly routes: readonly string[]
  readonly isOnWorkersDev: boolean
  readonly observability: unknown
  /** All of it that says nothing of where the file lies: a version is made of this and of code. */
  readonly content: unknown
}

/**
 * @param name of an environment in the file; empty for what stands above all of them
 * @throws with what is wrong with the file, or that there is no such environment
 */
export function readEnvironment(configPath: string, name: string): Environment {
  const known = namesOf(configPath)
  if (name !== '' && !known.includes(name)) {
    throw new Error(`There is no environment ${name}; there are: ${known.join(', ')}.`)
  }
  const environment = read(configPath, name)
  // What stands above them is one more: an environment that has no line of its own may go by its names.
  const others = ['', ...known]
    .filter((other) => other !== name)
    .map((other) => read(configPath, other))
  const shared = sharedNames(environment, others)
  if (shared.length > 0) {
    const label = name || 'what stands above the environments'
    throw new Error(
      `${relative('', configPath)}: ${label} shares ${shared.join(', ')} with another environment. ` +
        'Give each environment names of its own.',
    )
  }
  return environment
}

/** Environments that the file has. */
function namesOf(configPath: string): readonly string[] {
  return (
    unstable_readConfig({ config: configPath }, { hideWarnings: true }).definedEnvironments ?? []
  )
}

/** What of `one` is called as something of `others`, each with what it is. Pure. */
export function sharedNames(one: Environment, others: readonly Environment[]): readonly string[] {
  const taken = new Set(others.flatMap(resourceNames))
  return resourceNames(one).filter((name) => taken.has(name))
}

function resourceNames(environment: Environment): readonly string[] {
  return [
    `Worker ${environment.worker}`,
    ...environment.databases.map(({ name }) => `database ${name}`),
    ...environment.databases.flatMap(({ id }) => (id === null ? [] : [`database ${id}`])),
    ...environment.queues.map((name) => `queue ${name}`),
    ...environment.domains.map((host) => `domain ${host}`),
    ...environment.routes.map((pattern) => `route ${pattern}`),
  ]
}

function read(configPath: string, name: string): Environment {
  const env = name === '' ? {} : { env: name }
  const config = unstable_readConfig({ config: configPath, ...env }, { hideWarnings: true })
  const consumers = listOf<QueueConsumer>(config.queues.consumers).map(toConsumer)
  const producers = listOf<QueueProducer>(config.queues.producers)
  const databases = listOf<D1Binding>(config.d1_databases)
  const routes = routesOf(config)
  return {
    name,
    configPath,
    worker: config.name ?? '',
    vars: config.vars,
    databases: databases.map((database) => toDatabase(configPath, database)),
    queues: [
      ...new Set([
        ...producers.flatMap(({ queue }) => queue ?? []),
        ...consumers.map(({ queue }) => queue),
        ...consumers.flatMap(({ deadLetterQueue }) => deadLetterQueue ?? []),
      ]),
    ],
    consumers,
    crons: config.triggers.crons ?? [],
    domains: routes.filter(({ isDomain }) => isDomain).map(({ pattern }) => pattern),
    routes: routes.filter(({ isDomain }) => !isDomain).map(({ pattern }) => pattern),
    isOnWorkersDev: config.workers_dev ?? routes.length === 0,
    observability: config.observability,
    content: { ...config, main: null, configPath: null, userConfigPath: null },
  }
}

type D1Binding = Unstable_Config['d1_databases'][number]
type QueueProducer = NonNullable<Unstable_Config['queues']['producers']>[number]
type QueueConsumer = NonNullable<Unstable_Config['queues']['consumers']>[number]

/** Lists may be left out of the file. */
function listOf<T>(list: readonly T[] | undefined): readonly T[] {
  return list ?? []
}

function toDatabase(configPath: string, database: D1Binding): DatabaseWanted {
  const { binding, database_name, database_id, migrations_dir = 'migrations' } = database
  if (database_name === undefined) throw new Error(`${binding} needs a database_name.`)
  return {
    binding,
    name: database_name,
    id: database_id ?? null,
    migrationsFolder: resolve(configPath, '..', migrations_dir),
  }
}

/** What the platform would else guess: a test holds that wrangler.toml leaves nothing to it. */
function toConsumer(consumer: QueueConsumer): ConsumerWanted {
  return {
    queue: consumer.queue,
    deadLetterQueue: consumer.dead_letter_queue ?? null,
    settings: {
      batch_size: consumer.max_batch_size ?? 10,
      max_retries: consumer.max_retries ?? 3,
      max_wait_time_ms: (consumer.max_batch_timeout ?? 5) * 1_000,
      retry_delay: consumer.retry_delay ?? 0,
    },
  }
}

function routesOf(config: Unstable_Config) {
  const routes = [...(config.routes ?? []), ...(config.route === undefined ? [] : [config.route])]
  return routes.map((route) =>
    typeof route === 'string'
      ? { pattern: route, isDomain: false }
      : {
          pattern: route.pattern,
          isDomain: 'custom_domain' in route && route.custom_domain === true,
        },
  )
}
