// The two ends of a queue as the Worker sees them: the producer binding, and the batch its consumer gets.

import type { CallOut } from './call-out.ts'
import type { QueueMessage, Settled, SimulatedQueue } from './queue.ts'

/** `lost_after`: the queue has the message, and the answer is an error. */
export type SendFault = 'refused' | 'lost_after' | 'silent' | 'slow'

export type ProducerOptions = {
  readonly queue: SimulatedQueue
  readonly callOut: CallOut
  readonly line: () => { readonly ms: number; readonly fault: SendFault | null }
  readonly newId: () => string
  readonly now: () => number
  readonly note: (what: string) => void
}

const DELAY_MAX_SECONDS = 86_400
const BATCH_MAX = 100
const SILENT_MS = 30_000
const BODY_MAX_BYTES = 128_000

type Draft = { readonly body: string; readonly delaySeconds: number }

export function createProducer(options: ProducerOptions): Queue<unknown> {
  const producer = {
    send: async (body: unknown, given?: { delaySeconds?: number }) =>
      send(options, [draft(body, given?.delaySeconds)]),
    sendBatch: async (messages: Iterable<{ body: unknown; delaySeconds?: number }>) => {
      const drafts = [...messages].map((message) => draft(message.body, message.delaySeconds))
      if (drafts.length > BATCH_MAX) throw new Error('sendBatch takes at most 100 messages')
      return send(options, drafts)
    },
    metrics: async () => {
      const waiting = options.queue.backlog()
      const sizes = waiting.map(({ body }) => body.length)
      return {
        backlogCount: waiting.length,
        backlogBytes: sizes.reduce((sum, size) => sum + size, 0),
        // Where nothing waits, the runtime says the beginning of 1970.
        oldestMessageTimestamp: new Date(waiting[0]?.sentAt ?? 0),
      }
    },
  }
  // Only what the project uses: the platform's type has more.
  return producer as unknown as Queue<unknown>
}

function draft(body: unknown, delaySeconds = 0): Draft {
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > DELAY_MAX_SECONDS) {
    throw new TypeError(`delaySeconds must be a whole number up to 86400, not ${delaySeconds}`)
  }
  const text = JSON.stringify(body)
  if (text.length > BODY_MAX_BYTES) throw new Error('message is too large')
  return { body: text, delaySeconds }
}

function send(options: ProducerOptions, drafts: readonly Draft[]): Promise<void> {
  const { ms, fault } = options.line()
  const slowMs = fault === 'slow' ? 4_000 : 0
  return options.callOut(ms / 2, () => {
    if (fault === 'refused') {
      options.note('refuses a send')
      return { afterMs: ms / 2, error: new Error('Queue send failed: Too Many Requests') }
    }
    if (fault === 'silent')
      return { afterMs: SILENT_MS, error: new Error('Queue send failed: timeout') }
    for (const { body, delaySeconds } of drafts) {
      const message = { id: options.newId(), body, sentAt: options.now(), attempts: 1 }
      options.queue.put(message, delaySeconds * 1_000)
      options.note(
        `takes ${message.id} ${kindOf(body)} +${delaySeconds}s${fault ? ` (${fault})` : ''}`,
      )
    }
    if (fault === 'lost_after') {
      return { afterMs: ms / 2, error: new Error('Queue send failed: Internal Server Error') }
    }
    return { afterMs: ms / 2 + slowMs, value: undefined }
  })
}

/** What a message is about, without what is secret or personal in it. */
export function kindOf(body: string): string {
  const ids = /"(?:alertId|callbackId|noticeId|sessionId|alertNumber)":"?(\w+)/.exec(body)?.[1]
  return `${/"kind":"(\w+)"/.exec(body)?.[1] ?? '?'} ${ids ?? ''}`.trim()
}

export type BatchInHand = {
  readonly batch: MessageBatch<unknown>
  readonly settled: () => readonly Settled[]
}

/** The first word on a message counts. */
export function openBatch(queue: string, messages: readonly QueueMessage[]): BatchInHand {
  const settled: Settled[] = messages.map(() => null)
  const say = (index: number, word: Settled) => {
    settled[index] ??= word
  }
  const retry = (index: number, options?: QueueRetryOptions) => {
    const seconds = options?.delaySeconds ?? null
    if (
      seconds !== null &&
      (!Number.isInteger(seconds) || seconds < 0 || seconds > DELAY_MAX_SECONDS)
    ) {
      throw new TypeError(`delaySeconds must be a whole number up to 86400, not ${seconds}`)
    }
    say(index, { retryAfterSeconds: seconds })
  }
  const shown = messages.map((message, index) => ({
    id: message.id,
    timestamp: new Date(message.sentAt),
    body: JSON.parse(message.body) as unknown,
    attempts: message.attempts,
    ack: () => say(index, 'ack'),
    retry: (options?: QueueRetryOptions) => retry(index, options),
  }))
  const batch = {
    queue,
    messages: shown,
    ackAll: () => {
      for (const index of shown.keys()) say(index, 'ack')
    },
    retryAll: (options?: QueueRetryOptions) => {
      for (const index of shown.keys()) retry(index, options)
    },
  }
  return { batch: batch as unknown as MessageBatch<unknown>, settled: () => settled }
}
