// When another provider is asked beside one that is silent: learnt from its answers, within a budget.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createHedgeMemory,
  earnHedge,
  hedgeMs,
  noteAnswer,
  noteHeard,
  noteSilent,
  silentCalls,
  spendHedge,
} from '../../../src/routing/hedge.ts'
import { NOW } from '../deliver/fixtures.ts'

const AT = { provider: 'twilio', country: 'DE' }

function learn(durations: readonly number[], timeoutMs = 1_500) {
  const memory = createHedgeMemory()
  for (const durationMs of durations) noteAnswer(memory, AT, durationMs)
  return hedgeMs(memory, AT, timeoutMs)
}

const times = (count: number, durationMs: number) => Array.from({ length: count }, () => durationMs)

describe('how long a call may be silent', () => {
  it('is 600 ms until eight answers are known', () => {
    expect([learn([]), learn(times(7, 20)), learn(times(8, 20))]).toEqual([600, 600, 400])
  })

  it('is what nearly all answers take, and a margin', () => {
    expect(learn([...times(61, 450), ...times(3, 1_400)])).toBe(550)
    expect(learn([...times(60, 450), ...times(4, 650)])).toBe(750)
  })

  it('forgets all but the last 64 answers', () => {
    expect(learn([...times(100, 650), ...times(64, 450)])).toBe(550)
  })

  it('is from 400 to 800 ms for any answers', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60_000)), (durations) => {
        const ms = learn(durations)
        expect(ms >= 400 && ms <= 800).toBe(true)
      }),
    )
  })

  it('is longer in proportion where the deadline is, and no shorter', () => {
    expect([500, 1_500, 3_000].map((timeoutMs) => learn([], timeoutMs))).toEqual([600, 600, 1_200])
    expect([500, 3_000].map((timeoutMs) => learn(times(8, 20), timeoutMs))).toEqual([400, 800])
    expect(learn(times(8, 5_000), 3_000)).toBe(1_600)
  })

  it('is learnt of each country apart', () => {
    const memory = createHedgeMemory()
    for (const durationMs of times(20, 650)) noteAnswer(memory, AT, durationMs)
    expect(hedgeMs(memory, AT, 1_500)).toBe(750)
    expect(hedgeMs(memory, { ...AT, country: 'US' }, 1_500)).toBe(600)
  })
})

describe('the budget', () => {
  const spent = (memory = createHedgeMemory()) => {
    let count = 0
    while (spendHedge(memory, false)) count += 1
    return count
  }

  it('is five at first, a fiftieth more for each call, ten at most', () => {
    expect(spent()).toBe(5)
    const memory = createHedgeMemory()
    spent(memory)
    for (let call = 0; call < 51; call += 1) earnHedge(memory)
    expect(spent(memory)).toBe(1)
    for (let call = 0; call < 10_000; call += 1) earnHedge(memory)
    expect(spent(memory)).toBe(10)
  })

  it('is not touched while it is lifted', () => {
    const memory = createHedgeMemory()
    for (let call = 0; call < 50; call += 1) expect(spendHedge(memory, true)).toBe(true)
    expect(spent(memory)).toBe(5)
  })
})

describe('calls that are silent', () => {
  it('are counted until they end, or their invocation must have', () => {
    const memory = createHedgeMemory()
    noteSilent(memory, 'twilio', NOW + 900)
    noteSilent(memory, 'twilio', NOW + 950)
    noteSilent(memory, 'infobip', NOW + 900)
    expect(silentCalls(memory, 'twilio', NOW)).toBe(2)
    noteHeard(memory, 'twilio', NOW + 900)
    expect([silentCalls(memory, 'twilio', NOW), silentCalls(memory, 'infobip', NOW)]).toEqual([
      1, 1,
    ])
    expect(silentCalls(memory, 'twilio', NOW + 950)).toBe(0)
  })
})
