// What the platform has of an environment now. Reads only; every name asked for is the environment's own.

import type { Cloudflare } from '../cloudflare/api.ts'
import { findDatabase, queryDatabase } from '../cloudflare/databases.ts'
import type { DatabaseWanted, Environment } from '../cloudflare/environment.ts'
import { findQueues, type Queue } from '../cloudflare/queues.ts'
import {
  listSecretNames,
  listVersions,
  readCrons,
  readDomains,
  readObservability,
  readRoutes,
  readShares,
  type Share,
  type Version,
} from '../cloudflare/workers.ts'

export type DatabaseState = {
  readonly id: string
  /** File names, as wrangler notes them too. */
  readonly migrations: readonly string[]
}

export type WorkerState = {
  readonly shares: readonly Share[]
  /** Newest first. */
  readonly versions: readonly Version[]
  readonly secrets: readonly string[]
  readonly crons: readonly string[]
  readonly domains: readonly string[]
  readonly routes: readonly string[]
  readonly observability: unknown
}

export type PlatformState = {
  /** By binding; null where there is none of that name. */
  readonly databases: ReadonlyMap<string, DatabaseState | null>
  readonly queues: ReadonlyMap<string, Queue>
  /** Null before the first deployment. */
  readonly worker: WorkerState | null
}

export async function readState(
  cloudflare: Cloudflare,
  environment: Environment,
): Promise<PlatformState> {
  const databases = new Map<string, DatabaseState | null>()
  for (const database of environment.databases) {
    databases.set(database.binding, await readDatabase(cloudflare, database))
  }
  return {
    databases,
    queues: await findQueues(cloudflare, environment.queues),
    worker: await readWorker(cloudflare, environment.worker),
  }
}

async function readDatabase(
  cloudflare: Cloudflare,
  { name, id: given }: DatabaseWanted,
): Promise<DatabaseState | null> {
  const id = given ?? (await findDatabase(cloudflare, name))
  return id === null ? null : { id, migrations: await appliedMigrations(cloudflare, id) }
}

/** wrangler's own table of them; asking for it creates nothing. */
async function appliedMigrations(cloudflare: Cloudflare, id: string): Promise<readonly string[]> {
  const isThere = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'd1_migrations'"
  if ((await queryDatabase(cloudflare, id, isThere)).length === 0) return []
  const rows = await queryDatabase(cloudflare, id, 'SELECT name FROM d1_migrations ORDER BY id')
  return rows.flatMap(({ name }) => (typeof name === 'string' ? [name] : []))
}

export async function readWorker(
  cloudflare: Cloudflare,
  worker: string,
): Promise<WorkerState | null> {
  const shares = await readShares(cloudflare, worker)
  if (shares === null || shares.length === 0) return null
  const [versions, secrets, crons, domains, routes, observability] = await Promise.all([
    listVersions(cloudflare, worker),
    listSecretNames(cloudflare, worker),
    readCrons(cloudflare, worker),
    readDomains(cloudflare, worker),
    readRoutes(cloudflare, worker),
    readObservability(cloudflare, worker),
  ])
  return { shares, versions, secrets, crons, domains, routes, observability }
}
