// All queues of wrangler.toml, with this seed's trouble on them: consumers, dead letters, producer bindings.

import type { Ledger } from './ledger.ts'
import type { CallOut } from './machine/call-out.ts'
import type { Clock } from './machine/clock.ts'
import {
  type BatchResult,
  createQueue,
  type QueueMessage,
  type SimulatedQueue,
} from './machine/queue.ts'
import { createProducer } from './machine/queue-binding.ts'
import { type QueueSettings, readQueues } from './machine/queue-settings.ts'
import type { Random } from './machine/random.ts'
import type { Scenario } from './scenario.ts'
import type { Counter } from './sometimes.ts'

export type QueuesOptions = {
  readonly scenario: Scenario
  readonly clock: Clock
  readonly random: Random
  readonly callOut: CallOut
  readonly counter: Counter
  readonly ledger: Ledger
  readonly note: (who: string, what: string) => void
  readonly consume: (queue: string, messages: readonly QueueMessage[]) => Promise<BatchResult>
}

export type OpenQueues = {
  readonly queues: ReadonlyMap<string, SimulatedQueue>
  /** By the name of the binding. */
  readonly producers: readonly (readonly [string, Queue<unknown>])[]
}

const CALM_HOP_MS = 60
const settings = readQueues()

export function openQueues(options: QueuesOptions): OpenQueues {
  const queues = new Map<string, SimulatedQueue>()
  for (const consumer of settings.consumers) {
    queues.set(
      consumer.name,
      openQueue(options, consumer, (name) => queues.get(name)),
    )
  }
  let nextMessage = 1
  const newId = () => `m${nextMessage++}`
  const producers = [...settings.producers].map(([binding, name]) => {
    const queue = queues.get(name)
    if (!queue) throw new Error(`queue ${name} has no consumer: its messages would be lost`)
    return [binding, openProducer(options, name, queue, newId)] as const
  })
  return { queues, producers }
}

function openQueue(
  { scenario, clock, random, counter, ledger, note, consume }: QueuesOptions,
  consumer: QueueSettings,
  queueOf: (name: string) => SimulatedQueue | undefined,
): SimulatedQueue {
  const isCalm = () => clock.now() >= scenario.calmAt
  return createQueue({
    settings: consumer,
    clock,
    random,
    consume: async (name, messages) => {
      const result = await consume(name, messages)
      if (result.end === 'cut') counter.note('batch_cut')
      return result
    },
    bury: (message) => {
      counter.note('queue_dead')
      note(consumer.name, `buries ${message.id}`)
      const dead = consumer.deadLetterQueue ? queueOf(consumer.deadLetterQueue) : undefined
      if (dead) dead.put({ ...message, attempts: 1 }, 0)
      else ledger.leftOver.push(`${consumer.name} lost ${message.id} for good: ${message.body}`)
    },
    hopMs: () => random.whole(5, isCalm() ? CALM_HOP_MS : scenario.hopMaxMs),
    isDoubled: () => {
      const isDoubled = !isCalm() && random.chance(scenario.doubledShare)
      if (isDoubled) counter.note('queue_doubled')
      return isDoubled
    },
    note: (what) => note(consumer.name, what),
  })
}

function openProducer(
  { scenario, clock, random, callOut, counter, note }: QueuesOptions,
  name: string,
  queue: SimulatedQueue,
  newId: () => string,
): Queue<unknown> {
  return createProducer({
    queue,
    callOut,
    newId,
    now: clock.now,
    line: () => {
      const fault = scenario.queues.at(clock.now())
      if (fault === 'refused' || fault === 'lost_after') counter.note(`queue_${fault}`)
      return { ms: random.whole(5, 80), fault }
    },
    note: (what) => note(name, what),
  })
}
