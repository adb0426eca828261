// How the queues are set up, read from wrangler.toml, so that the simulated platform has no settings of its own.

import { readFileSync } from 'node:fs'

export type QueueSettings = {
  readonly name: string
  readonly maxBatchSize: number
  readonly maxBatchTimeoutMs: number
  readonly maxRetries: number
  readonly retryDelaySeconds: number
  readonly deadLetterQueue: string | null
  readonly maxConcurrency: number
}

export type Queues = {
  readonly consumers: readonly QueueSettings[]
  /** Binding → name of its queue. */
  readonly producers: ReadonlyMap<string, string>
}

const FILE = new URL('../../../wrangler.toml', import.meta.url)

/** What the platform allows at most. */
const CONCURRENCY_MAX = 250

export function readQueues(toml = readFileSync(FILE, 'utf8')): Queues {
  const producers = sections(toml, '[[queues.producers]]')
  return {
    consumers: sections(toml, '[[queues.consumers]]').map(toSettings),
    producers: new Map(producers.map((fields) => [text(fields, 'binding'), text(fields, 'queue')])),
  }
}

type Fields = ReadonlyMap<string, string>

/** The few shapes of TOML that stand in these tables: `key = "text"` and `key = number`. */
function sections(toml: string, heading: string): readonly Fields[] {
  return toml
    .split(/^(?=\[)/m)
    .filter((part) => part.startsWith(heading))
    .map((part) => new Map([...part.matchAll(/^(\w+)\s*=\s*"?([^"\n#]*)"?/gm)].map(toPair)))
}

function toPair(match: RegExpExecArray): [string, string] {
  return [match[1] ?? '', (match[2] ?? '').trim()]
}

function toSettings(fields: Fields): QueueSettings {
  return {
    name: text(fields, 'queue'),
    maxBatchSize: whole(fields, 'max_batch_size', 10),
    maxBatchTimeoutMs: whole(fields, 'max_batch_timeout', 5) * 1_000,
    maxRetries: whole(fields, 'max_retries', 3),
    retryDelaySeconds: whole(fields, 'retry_delay', 0),
    deadLetterQueue: fields.get('dead_letter_queue') ?? null,
    maxConcurrency: whole(fields, 'max_concurrency', CONCURRENCY_MAX),
  }
}

function text(fields: Fields, key: string): string {
  const value = fields.get(key)
  if (value === undefined) throw new Error(`wrangler.toml: a queue without ${key}`)
  return value
}

function whole(fields: Fields, key: string, fallback: number): number {
  const value = fields.get(key)
  return value === undefined ? fallback : Number(value)
}
