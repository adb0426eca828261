// What becomes of a message that nobody can finish or understand: it waits, it is kept sealed, and none of it is said.

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Context } from '../../../src/context.ts'
import {
  buryDeadJobs,
  type DeadLettersContext,
  settleUnknown,
} from '../../../src/dead-letter/dead-letters.ts'
import { MESSAGE_MAX_BYTES, messagePurpose } from '../../../src/dead-letter/message-body.ts'
import { unknownDelaySeconds } from '../../../src/dead-letter/unknown-message.ts'
import { parseCallbackJob } from '../../../src/jobs.ts'
import { open } from '../../../src/lib/seal.ts'
import { runQueue } from '../../../src/queue.ts'
import { deadLetters } from '../../../src/schema.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const dataKeys = [new Uint8Array(32).fill(7)] as const
const logged: string[] = []

beforeEach(() => {
  logged.length = 0
  vi.spyOn(console, 'error').mockImplementation((line) => void logged.push(String(line)))
})
afterEach(() => vi.restoreAllMocks())

function aContext(): DeadLettersContext {
  return {
    db: openMemoryDb(),
    now: () => NOW,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    config: { dataKeys },
  }
}

type Ending = { ack: boolean; delaySeconds: number | null }

function aMessage(body: unknown, attempts = 1) {
  const ending: Ending = { ack: false, delaySeconds: null }
  const message: Message<unknown> = {
    id: 'm1',
    timestamp: new Date(NOW),
    body,
    attempts,
    ack: () => {
      ending.ack = true
    },
    retry: (options) => {
      ending.delaySeconds = options?.delaySeconds ?? 0
    },
  }
  return { message, ending }
}

async function letterOf({ db }: DeadLettersContext) {
  const [letter] = await db.select().from(deadLetters)
  if (!letter) throw new Error('nothing was buried')
  const text = await open(dataKeys, messagePurpose('m1'), letter.messageSealed ?? '')
  return { ...letter, text }
}

const UNHEARD_OF = { kind: 'unheard of', account: { accountId: '1001', phone: '+12025550199' } }

it('a dead letter of an environment is kept under the name that every environment knows its queue by', async () => {
  const context = aContext() as unknown as Context
  const { message } = aMessage({ kind: 'sweep of a version unheard of' }, 99)
  const batch = { queue: 'lockline-staging-sweep-dead', messages: [message] }
  await runQueue(context, batch as unknown as MessageBatch<unknown>)
  expect(await letterOf(context)).toMatchObject({ queue: 'sweep-dead', reason: 'malformed' })
})

describe('a message that is not understood', () => {
  it('waits longer each time, for at least half an hour in all', () => {
    const delays = Array.from({ length: 9 }, (_, nth) => unknownDelaySeconds(nth + 1) ?? 0)
    expect(delays).toEqual([...delays].sort((a, b) => a - b))
    expect(delays.reduce((sum, delay) => sum + delay)).toBeGreaterThan(30 * 60)
    // What a queue allows.
    expect(Math.max(...delays)).toBeLessThanOrEqual(43_200)
    expect(unknownDelaySeconds(10)).toBeNull()
  })

  it.each([1, 9])('comes back at delivery %i, and nothing is kept of it', async (attempts) => {
    const context = aContext()
    const { message, ending } = aMessage(UNHEARD_OF, attempts)
    await settleUnknown(context, 'alerts', message)
    expect(ending).toEqual({ ack: false, delaySeconds: unknownDelaySeconds(attempts) })
    expect(await context.db.select().from(deadLetters)).toEqual([])
    expect(logged.join()).toContain('job.unknown')
    expect(logged.join()).not.toContain('2025550199')
  })

  it('is buried at the tenth: whole, sealed, with the account it names', async () => {
    const context = aContext()
    const { message, ending } = aMessage(UNHEARD_OF, 10)
    await settleUnknown(context, 'alerts', message)
    expect(ending).toEqual({ ack: true, delaySeconds: null })
    const letter = await letterOf(context)
    expect(letter).toMatchObject({ kind: 'unknown', reason: 'malformed', accountId: '1001' })
    expect(JSON.parse(letter.text ?? '')).toEqual(UNHEARD_OF)
    const { text: _text, ...row } = letter
    expect(JSON.stringify(row) + logged.join()).not.toContain('2025550199')
  })

  it('waits among the dead letters of another deployment, too', async () => {
    const context = aContext()
    const { message, ending } = aMessage(UNHEARD_OF, 2)
    const batch = {
      queue: 'callbacks-dead',
      messages: [message],
    } as unknown as MessageBatch<unknown>
    await buryDeadJobs(context, batch, parseCallbackJob, async () => {})
    expect(ending).toEqual({ ack: false, delaySeconds: 10 })
  })
})

describe('a job that used its retries', () => {
  it('is kept whole, so that it can be sent again', async () => {
    const context = aContext()
    const job = { kind: 'callback', accountId: '1001', callbackId: 'cb_1' }
    const { message, ending } = aMessage(job)
    const batch = {
      queue: 'callbacks-dead',
      messages: [message],
    } as unknown as MessageBatch<unknown>
    await buryDeadJobs(context, batch, parseCallbackJob, async () => {})
    expect(ending.ack).toBe(true)
    const letter = await letterOf(context)
    expect(letter).toMatchObject({ reason: 'retries_used', accountId: '1001', subjectId: 'cb_1' })
    expect(parseCallbackJob(JSON.parse(letter.text ?? ''))).toEqual(job)
    // Moved to another row it opens to nothing.
    expect(await open(dataKeys, messagePurpose('m2'), letter.messageSealed ?? '')).toBeNull()
  })
})

describe('what is kept of a message', () => {
  it('is never more than 64 KiB', async () => {
    const context = aContext()
    const { message } = aMessage({ text: `a${'ü'.repeat(MESSAGE_MAX_BYTES)}` }, 10)
    await settleUnknown(context, 'alerts', message)
    const { text } = await letterOf(context)
    const bytes = new TextEncoder().encode(text ?? '').length
    expect(bytes).toBeGreaterThan(MESSAGE_MAX_BYTES - 4)
    expect(bytes).toBeLessThanOrEqual(MESSAGE_MAX_BYTES)
  })

  it('is something, whatever came', async () => {
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true }),
      fc.constant(undefined),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (body) => {
        const context = aContext()
        const { message, ending } = aMessage(body, 10)
        await settleUnknown(context, 'alerts', message)
        expect(ending.ack).toBe(true)
        expect(typeof (await letterOf(context)).text).toBe('string')
      }),
      { numRuns: 40 },
    )
  })
})
