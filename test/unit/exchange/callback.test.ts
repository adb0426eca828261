// When the exchange is told again: a lock for ever and fast at first, everything else as Standard
// Webhooks suggests.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CallbackType,
  callbackBody,
  judgeAnswer,
  nextDelayMs,
} from '../../../src/exchange/callback.ts'

const LOCK = 'account.locked' as const
const OTHERS: readonly CallbackType[] = ['hold.lifted', 'session.revoked', 'alert.undelivered']
const MINUTE = 60
const HOUR = 60 * MINUTE

/** When each attempt is due, in seconds after the first; ends where the schedule does. */
function dueSeconds(type: CallbackType, attemptsMax: number): readonly number[] {
  const due = [0]
  for (let attempts = 1; attempts < attemptsMax; attempts += 1) {
    const delayMs = nextDelayMs(type, attempts)
    if (delayMs === null) return due
    due.push((due.at(-1) ?? 0) + delayMs / 1_000)
  }
  return due
}

function delaysSeconds(type: CallbackType, attemptsMax: number): readonly number[] {
  const due = dueSeconds(type, attemptsMax)
  return due.slice(1).map((at, index) => at - (due[index] ?? 0))
}

describe('a lock', () => {
  it('is told at 0, 1, 2, 5, 10 and 30 seconds', () => {
    expect(dueSeconds(LOCK, 6)).toEqual([0, 1, 2, 5, 10, 30])
  })

  it('is then told after minutes, and then every hour', () => {
    const delays = delaysSeconds(LOCK, 200).slice(5)
    const minutes = delays.filter((delay) => delay < HOUR)
    expect(minutes.length).toBeGreaterThanOrEqual(3)
    expect(minutes.every((delay) => delay >= MINUTE)).toBe(true)
    expect(new Set(delays.slice(minutes.length))).toEqual(new Set([HOUR]))
    expect(delays).toEqual([...delays].sort((a, b) => a - b))
  })

  it('is never dropped, whatever is answered, however often', () => {
    const status = fc.oneof(fc.integer({ min: 100, max: 199 }), fc.integer({ min: 300, max: 599 }))
    const answer = fc.oneof(
      status.map((code) => ({ status: code })),
      fc.string().map((error) => ({ error })),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), answer, (attempts, given) => {
        const verdict = judgeAnswer(LOCK, attempts, given)
        expect(verdict.state).toBe('open')
        const waitMs = verdict.state === 'open' ? verdict.retryAfterMs : 0
        expect(waitMs >= 1_000 && waitMs <= 3_600_000).toBe(true)
      }),
    )
  })
})

describe.each(OTHERS)('%s', (type) => {
  it('is told at the times of the table in the Standard Webhooks specification', () => {
    const hours = [2, 5, 10, 14, 20, 24].map((count) => count * HOUR)
    expect(delaysSeconds(type, 50)).toEqual([5, 5 * MINUTE, 30 * MINUTE, ...hours])
  })

  it('is dead after the last of them', () => {
    const last = dueSeconds(type, 50).length
    expect(judgeAnswer(type, last - 1, { status: 500 }).state).toBe('open')
    expect(judgeAnswer(type, last, { status: 500 })).toEqual({ state: 'dead' })
    expect(judgeAnswer(type, last + 1, { error: 'timeout' })).toEqual({ state: 'dead' })
  })

  it('is stopped by 410, but for what says that money may go out again', () => {
    const expected = type === 'hold.lifted' ? 'open' : 'stopped'
    expect(judgeAnswer(type, 1, { status: 410 }).state).toBe(expected)
  })
})

describe('judgeAnswer', () => {
  const anyType = fc.constantFrom(LOCK, ...OTHERS)

  it('is confirmed by 2xx and by nothing else', () => {
    fc.assert(
      fc.property(
        anyType,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 999 }),
        (type, attempts, status) => {
          const { state } = judgeAnswer(type, attempts, { status })
          expect(state === 'confirmed').toBe(status >= 200 && status <= 299)
        },
      ),
    )
  })

  it.each([301, 302, 303, 307, 308])('tries again after the redirect %i', (status) => {
    expect(judgeAnswer('hold.lifted', 1, { status })).toEqual({
      state: 'open',
      retryAfterMs: 5_000,
    })
  })

  it('asks the queue for no more than the day it can wait', () => {
    for (const type of [LOCK, ...OTHERS]) {
      for (let attempts = 1; attempts < 50; attempts += 1) {
        expect(nextDelayMs(type, attempts) ?? 0).toBeLessThanOrEqual(86_400_000)
      }
    }
  })
})

describe('callbackBody', () => {
  it('is type, timestamp and data, as JSON', () => {
    const at = Date.UTC(2026, 10, 23, 14, 3, 27, 123)
    expect(JSON.parse(callbackBody('hold.lifted', at, { account_id: '1001' }))).toEqual({
      type: 'hold.lifted',
      timestamp: '2026-11-23T14:03:27.123Z',
      data: { account_id: '1001' },
    })
  })
})
