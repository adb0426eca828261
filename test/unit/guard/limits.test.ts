// Counted limits in D1: of any number of tries no more than the limit pass, and a scope says nothing.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LIMITS_KEPT_MS, limitsWalk } from '../../../src/guard/forget.ts'
import { countTry, forgetTries, type Limit, limitScope } from '../../../src/guard/limits.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { attemptLimits } from '../../../src/schema.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const NOW = Date.UTC(2026, 10, 24, 14, 3)
const KEYS: SealKeys = [new Uint8Array(32).fill(1)]

function limit(scope: string, max: number, windowMs = HOUR_MS): Limit {
  return { scope, max, windowMs }
}

describe('tries', () => {
  it('pass up to the limit, then wait for the end of the window', async () => {
    const db = openMemoryDb()
    const verdicts = []
    for (const minutes of [0, 10, 20, 30]) {
      verdicts.push(await countTry(db, [limit('a', 3)], NOW + minutes * MINUTE_MS))
    }
    expect(verdicts).toEqual([
      { isAllowed: true },
      { isAllowed: true },
      { isAllowed: true },
      { isAllowed: false, retryAfterMs: 30 * MINUTE_MS },
    ])
  })

  it('start anew when the window is over, to the millisecond', async () => {
    const db = openMemoryDb()
    await countTry(db, [limit('a', 1)], NOW)
    const before = await countTry(db, [limit('a', 1)], NOW + HOUR_MS - 1)
    const after = await countTry(db, [limit('a', 1)], NOW + HOUR_MS)
    expect(before).toEqual({ isAllowed: false, retryAfterMs: 1 })
    expect(after).toEqual({ isAllowed: true })
  })

  it('at once pass as often as one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 20 }),
        async (max, tries) => {
          const db = openMemoryDb()
          const verdicts = await Promise.all(
            Array.from({ length: tries }, () => countTry(db, [limit('a', max)], NOW)),
          )
          const passed = verdicts.filter(({ isAllowed }) => isAllowed).length
          expect(passed).toBe(Math.min(max, tries))
        },
      ),
      { numRuns: 20 },
    )
  })

  it('count against every limit, also after one that refuses', async () => {
    const db = openMemoryDb()
    const limits = [limit('a', 1), limit('b', 2)] as const
    for (let tries = 0; tries < 3; tries += 1) await countTry(db, limits, NOW)
    expect(await countTry(db, [limit('b', 4)], NOW)).toEqual({ isAllowed: true })
    expect(await countTry(db, [limit('b', 4)], NOW)).toEqual({
      isAllowed: false,
      retryAfterMs: HOUR_MS,
    })
  })

  it('wait for the last of the windows that are used up', async () => {
    const db = openMemoryDb()
    const limits = [limit('a', 1, MINUTE_MS), limit('b', 1, HOUR_MS)] as const
    await countTry(db, limits, NOW)
    expect(await countTry(db, limits, NOW)).toEqual({ isAllowed: false, retryAfterMs: HOUR_MS })
  })

  it('are forgotten after one that was right, in its own scopes only', async () => {
    const db = openMemoryDb()
    await countTry(db, [limit('a', 1), limit('b', 1)], NOW)
    await forgetTries(db, ['a'])
    expect(await countTry(db, [limit('a', 1)], NOW)).toEqual({ isAllowed: true })
    expect(await countTry(db, [limit('b', 1)], NOW)).toEqual({
      isAllowed: false,
      retryAfterMs: HOUR_MS,
    })
  })

  it('of windows that are over are deleted, others stay', async () => {
    const db = openMemoryDb()
    await countTry(db, [limit('old', 1)], NOW - LIMITS_KEPT_MS - 1)
    await countTry(db, [limit('new', 1)], NOW - LIMITS_KEPT_MS)
    await limitsWalk.forget(db, { after: '', until: null }, NOW)
    const rows = await db.select().from(attemptLimits)
    expect(rows.map(({ scope }) => scope)).toEqual(['new'])
  })
})

describe('a scope', () => {
  it('is the same for the same question, and another for any other', async () => {
    const scope = await limitScope(KEYS, 'code-ip', '203.0.113.77')
    expect(await limitScope(KEYS, 'code-ip', '203.0.113.77')).toBe(scope)
    expect(await limitScope(KEYS, 'code-ip', '203.0.113.78')).not.toBe(scope)
    expect(await limitScope(KEYS, 'page-ip', '203.0.113.77')).not.toBe(scope)
    expect(await limitScope([new Uint8Array(32).fill(2)], 'code-ip', '203.0.113.77')).not.toBe(
      scope,
    )
  })

  it('shows its kind and nothing of the value', async () => {
    const scope = await limitScope(KEYS, 'code-number', '+12025550123')
    expect(scope).toMatch(/^code-number:[\w-]{22}$/)
    expect(scope).not.toContain('5550123')
  })
})
