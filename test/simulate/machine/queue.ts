// One queue as the platform has it: at least once, in no order, a batch when one is full or its wait is over,
// more consumers only after a batch has finished, retries with a delay, then the dead letters.

import type { Clock } from './clock.ts'
import type { QueueSettings } from './queue-settings.ts'
import type { Random } from './random.ts'

export type QueueMessage = {
  readonly id: string
  /** JSON: a message is copied, never shared. */
  readonly body: string
  readonly sentAt: number
  readonly attempts: number
  /** Delivered beside the true one: whatever is said of it, it does not come again. */
  readonly isCopy?: true
}

/** What a consumer made of one message; null when it said nothing. */
export type Settled = 'ack' | { readonly retryAfterSeconds: number | null } | null

export type BatchResult = {
  /** `cut`: the invocation died, and with it whatever it had acknowledged. */
  readonly end: 'returned' | 'thrown' | 'cut'
  readonly settled: readonly Settled[]
}

export type QueueOptions = {
  readonly settings: QueueSettings
  readonly clock: Clock
  readonly random: Random
  readonly consume: (queue: string, messages: readonly QueueMessage[]) => Promise<BatchResult>
  /** Where a message goes that has used all its retries. */
  readonly bury: (message: QueueMessage) => void
  /** Between arrival and delivery, drawn for each; and whether it comes twice. */
  readonly hopMs: () => number
  readonly isDoubled: () => boolean
  readonly note: (what: string) => void
}

export type SimulatedQueue = {
  readonly put: (message: QueueMessage, delayMs: number) => void
  /** Messages that are waiting, delayed or being consumed. */
  readonly depth: () => number
  /** Of these, such as a consumer could have had by now. */
  readonly backlog: () => readonly QueueMessage[]
}

export function createQueue(options: QueueOptions): SimulatedQueue {
  const { settings, clock, random } = options
  const waiting: { readonly message: QueueMessage; readonly since: number }[] = []
  const delayedUntil = new Map<number, number>()
  let ticket = 0
  let consuming = 0
  let consumers = 0
  let concurrency = 1

  function put(message: QueueMessage, delayMs: number): void {
    const key = ticket++
    const wait = delayMs + options.hopMs()
    delayedUntil.set(key, clock.now() + wait)
    clock.after(wait, () => {
      delayedUntil.delete(key)
      waiting.push({ message, since: clock.now() })
      if (settings.maxBatchTimeoutMs > 0) clock.after(settings.maxBatchTimeoutMs, pump)
      pump()
    })
  }

  function isBatchDue(): boolean {
    const [oldest] = waiting
    if (!oldest) return false
    const isOver = clock.now() >= oldest.since + settings.maxBatchTimeoutMs
    return waiting.length >= settings.maxBatchSize || isOver
  }

  function pump(): void {
    while (consumers < concurrency && isBatchDue()) {
      const size = Math.min(waiting.length, settings.maxBatchSize)
      const batch = Array.from({ length: size }, takeOne).flat()
      consumers += 1
      consuming += batch.length
      void consume(batch)
    }
  }

  /** Mostly the oldest. */
  function takeOne(): QueueMessage[] {
    const at = random.chance(0.2) ? random.whole(0, waiting.length - 1) : 0
    const [taken] = waiting.splice(at, 1)
    if (taken && !taken.message.isCopy && options.isDoubled()) {
      options.note(`doubles ${taken.message.id}`)
      put({ ...taken.message, isCopy: true }, random.whole(0, random.pick([600, 2_000, 20_000])))
    }
    return taken ? [taken.message] : []
  }

  async function consume(batch: readonly QueueMessage[]): Promise<void> {
    const result = await options.consume(settings.name, batch)
    for (const [index, message] of batch.entries())
      settle(message, result, result.settled[index] ?? null)
    consumers -= 1
    consuming -= batch.length
    // Scales only now, and up only while more is waiting; a thrown batch scales down.
    const isGrowing = waiting.length > 0 && result.end === 'returned'
    concurrency = isGrowing
      ? Math.min(concurrency + 1, settings.maxConcurrency)
      : Math.max(1, concurrency - 1)
    pump()
  }

  function settle(message: QueueMessage, { end }: BatchResult, settled: Settled): void {
    if (message.isCopy) return
    if (end !== 'cut' && (settled === 'ack' || (settled === null && end === 'returned'))) return
    const asked =
      settled !== null && settled !== 'ack' && end !== 'cut' ? settled.retryAfterSeconds : null
    if (message.attempts > settings.maxRetries) {
      options.bury(message)
      return
    }
    const delaySeconds = asked ?? settings.retryDelaySeconds
    put({ ...message, attempts: message.attempts + 1 }, delaySeconds * 1_000)
  }

  return {
    put,
    backlog: () => waiting.map(({ message }) => message),
    depth: () => waiting.length + consuming + delayedUntil.size,
  }
}
