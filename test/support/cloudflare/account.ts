// What a Cloudflare account has, in memory, as far as a deployment can see it: real tables (SQLite), queues with consumers,
// Workers with versions. Stands in for the platform in tests; knows no HTTP.

import { DatabaseSync } from 'node:sqlite'

export type FakeConsumer = {
  readonly consumer_id: string
  readonly type: string
  readonly script: string
  readonly dead_letter_queue: string | null
  readonly settings: Readonly<Record<string, unknown>>
}

export type FakeQueue = {
  readonly queue_id: string
  readonly queue_name: string
  isPaused: boolean
  consumers: readonly FakeConsumer[]
}

export type FakeDatabase = {
  readonly uuid: string
  readonly name: string
  readonly location: string | null
  readonly tables: DatabaseSync
  bookmark: number
}

export type FakeVersion = {
  readonly id: string
  readonly number: number
  readonly tag: string | null
  readonly message: string | null
  /** As uploaded: bindings among it. */
  readonly metadata: Readonly<Record<string, unknown>>
  readonly files: readonly string[]
}

export type FakeShare = { readonly version_id: string; readonly percentage: number }

export type FakeWorker = {
  readonly name: string
  versions: readonly FakeVersion[]
  /** Newest first. */
  deployments: readonly (readonly FakeShare[])[]
  secrets: ReadonlyMap<string, string>
  crons: readonly string[]
  domains: readonly string[]
  isOnWorkersDev: boolean
  hasPreviews: boolean
  observability: unknown
}

export type FakeAccount = {
  readonly databases: Map<string, FakeDatabase>
  readonly queues: Map<string, FakeQueue>
  readonly workers: Map<string, FakeWorker>
}

export function createAccount(): FakeAccount {
  return { databases: new Map(), queues: new Map(), workers: new Map() }
}

let made = 0

/** Like an id of Cloudflare's: a UUID, of the order in which things are made. */
export function nextId(): string {
  made += 1
  return `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`
}

export function addDatabase(
  account: FakeAccount,
  name: string,
  location: string | null,
): FakeDatabase {
  const tables = new DatabaseSync(':memory:')
  const database = { uuid: nextId(), name, location, tables, bookmark: 1 }
  account.databases.set(database.uuid, database)
  return database
}

export function addQueue(account: FakeAccount, name: string): FakeQueue {
  const queue = { queue_id: nextId(), queue_name: name, isPaused: false, consumers: [] }
  account.queues.set(queue.queue_id, queue)
  return queue
}

export function queueNamed(account: FakeAccount, name: string): FakeQueue | undefined {
  return [...account.queues.values()].find(({ queue_name }) => queue_name === name)
}

/** All statements or none, as D1 has it; the rows of a lone SELECT. */
export function runSql(database: FakeDatabase, sql: string): readonly unknown[] {
  if (/^\s*SELECT\b/i.test(sql)) return database.tables.prepare(sql).all()
  database.tables.exec('BEGIN')
  try {
    database.tables.exec(sql)
    database.tables.exec('COMMIT')
  } catch (error) {
    database.tables.exec('ROLLBACK')
    throw error
  }
  database.bookmark += 1
  return []
}

export type FakeUpload = {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly tag: string | null
  readonly message: string | null
  readonly files: readonly string[]
  readonly secrets?: Readonly<Record<string, string>>
}

/** The Worker is made where there is none. */
export function addVersion(account: FakeAccount, name: string, upload: FakeUpload): FakeVersion {
  const worker = account.workers.get(name) ?? emptyWorker(name)
  const { metadata, tag, message, files } = upload
  const version = {
    ...{ id: nextId(), number: worker.versions.length + 1 },
    ...{ metadata, tag, message, files },
  }
  worker.versions = [version, ...worker.versions]
  worker.secrets = new Map([...worker.secrets, ...Object.entries(upload.secrets ?? {})])
  account.workers.set(name, worker)
  return version
}

export function split(worker: FakeWorker, shares: readonly FakeShare[]): void {
  worker.deployments = [shares, ...worker.deployments]
}

export function setConsumer(queue: FakeQueue, consumer: FakeConsumer): void {
  const others = queue.consumers.filter(({ consumer_id }) => consumer_id !== consumer.consumer_id)
  queue.consumers = [...others, consumer]
}

function emptyWorker(name: string): FakeWorker {
  return {
    ...{ name, versions: [], deployments: [], secrets: new Map(), crons: [], domains: [] },
    ...{ isOnWorkersDev: false, hasPreviews: false, observability: null },
  }
}
