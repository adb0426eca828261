// What wrangler.toml and migrations/ ask of the platform, as plain data: wrangler takes longer to load than to read
// them, so that it is asked once and not by every process that starts a runtime.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Unstable_Config, unstable_readConfig, unstable_splitSqlQuery } from 'wrangler'

/** A file of migrations/, by the statements that wrangler finds in it. */
export type Migration = { readonly name: string; readonly statements: readonly string[] }

export type Platform = ReturnType<typeof readConfig> & { readonly migrations: readonly Migration[] }

type QueueConsumer = NonNullable<Unstable_Config['queues']['consumers']>[number]
type QueueProducer = NonNullable<Unstable_Config['queues']['producers']>[number]
type D1Binding = Unstable_Config['d1_databases'][number]
type RateLimitBinding = NonNullable<Unstable_Config['ratelimits']>[number]

/** Settings of wrangler.toml that the local runtime needs in its own words. */
function readConfig(root: string) {
  const config = unstable_readConfig({ config: join(root, 'wrangler.toml') })
  const consumers = config.queues.consumers ?? []
  return {
    compatibilityDate: config.compatibility_date ?? '',
    d1Databases: Object.fromEntries(
      config.d1_databases.map(({ binding, database_name }: D1Binding) => [
        binding,
        database_name ?? binding,
      ]),
    ),
    queueProducers: Object.fromEntries(
      (config.queues.producers ?? []).map(({ binding, queue }: QueueProducer) => [binding, queue]),
    ),
    ratelimits: Object.fromEntries(
      (config.ratelimits ?? []).map(({ name, namespace_id, simple }: RateLimitBinding) => [
        name,
        { namespace_id, simple: { limit: simple.limit, period: simple.period } },
      ]),
    ),
    queueConsumers: Object.fromEntries(
      consumers.map((consumer: QueueConsumer) => [
        consumer.queue,
        {
          maxBatchSize: consumer.max_batch_size,
          maxBatchTimeout: consumer.max_batch_timeout,
          maxRetries: consumer.max_retries,
          retryDelay: consumer.retry_delay,
          deadLetterQueue: consumer.dead_letter_queue,
        },
      ]),
    ),
  }
}

/** `root` is the project's folder. */
export function readPlatform(root: string): Platform {
  return { ...readConfig(root), migrations: readMigrations(root) }
}

/** In the order of their numbers. */
function readMigrations(root: string): readonly Migration[] {
  const folder = join(root, 'migrations')
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => ({
    name,
    statements: unstable_splitSqlQuery(readFileSync(join(folder, name), 'utf8')),
  }))
}
