// Queues over REST: those of some names with their consumers, and creating one.

import * as v from 'valibot'
import type { Cloudflare } from './api.ts'

const ConsumerSchema = v.object({
  type: v.optional(v.string()),
  script: v.optional(v.string()),
  service: v.optional(v.string()),
  script_name: v.optional(v.string()),
  dead_letter_queue: v.optional(v.nullable(v.string())),
  settings: v.optional(v.record(v.string(), v.unknown()), {}),
})

const QueueSchema = v.object({
  queue_id: v.string(),
  queue_name: v.string(),
  settings: v.optional(v.object({ delivery_paused: v.optional(v.boolean()) })),
  consumers: v.optional(v.array(ConsumerSchema), []),
})

export type QueueConsumer = {
  /** Null for one that is no Worker. */
  readonly worker: string | null
  readonly deadLetterQueue: string | null
  readonly settings: Readonly<Record<string, unknown>>
}

export type Queue = {
  readonly name: string
  readonly isPaused: boolean
  readonly consumers: readonly QueueConsumer[]
}

const PAGE_SIZE = 100

/** Those of `names` that exist, by name. */
export async function findQueues(
  cloudflare: Cloudflare,
  names: readonly string[],
): Promise<ReadonlyMap<string, Queue>> {
  const found = new Map<string, Queue>()
  for (let page = 1; ; page += 1) {
    const query = new URLSearchParams({ page: String(page), per_page: String(PAGE_SIZE) })
    for (const name of names) query.append('name', name)
    const queues = await cloudflare.ask('GET', `queues?${query}`, v.array(QueueSchema))
    for (const queue of queues) {
      if (names.includes(queue.queue_name)) found.set(queue.queue_name, toQueue(queue))
    }
    if (queues.length < PAGE_SIZE) return found
  }
}

export async function createQueue(cloudflare: Cloudflare, name: string): Promise<void> {
  await cloudflare.ask('POST', 'queues', QueueSchema, { queue_name: name })
}

function toQueue({ queue_name, settings, consumers }: v.InferOutput<typeof QueueSchema>): Queue {
  return {
    name: queue_name,
    isPaused: settings?.delivery_paused ?? false,
    consumers: consumers.map((consumer) => ({
      worker: consumer.script ?? consumer.service ?? consumer.script_name ?? null,
      deadLetterQueue: consumer.dead_letter_queue || null,
      settings: consumer.settings,
    })),
  }
}
