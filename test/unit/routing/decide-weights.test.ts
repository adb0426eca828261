// One minute's decision: from which figures on it moves, how far, and when it gives back.

import { describe, expect, it } from 'vitest'
import {
  decideWeights,
  type LearningFacts,
  quietMs,
  type RouteWeight,
} from '../../../src/routing/decide-weights.ts'
import type { SampleCell, SampleCounts } from '../../../src/routing/route-samples.ts'
import { NOW } from '../deliver/fixtures.ts'

const MINUTE_MS = 60_000

function cell(counts: SampleCounts, changes: Partial<SampleCell> = {}): SampleCell {
  return { provider: 'twilio', country: 'TH', minuteAt: NOW - MINUTE_MS, counts, ...changes }
}

function weight(changes: Partial<RouteWeight> = {}): RouteWeight {
  const changedAt = NOW - 10 * MINUTE_MS
  const base = { scope: 'twilio/TH', keptPercent: 50, relapses: 0, reason: 'faults' } as const
  return { ...base, changedAt, retryAt: NOW, ...changes }
}

function decide(cells: readonly SampleCell[], changes: Partial<LearningFacts> = {}) {
  return decideWeights({
    now: NOW,
    providers: ['twilio', 'infobip'],
    cells,
    weights: [],
    receiptSource: () => 'handset',
    ...changes,
  })
}

describe('a provider in its place', () => {
  it.each<[SampleCounts, number, string]>([
    [{ ok: 17, fault: 4 }, 50, 'faults'],
    [{ ok: 17, slow: 4 }, 50, 'slow_calls'],
    [{ ok: 30, delivered: 17, failed: 2, late: 2 }, 50, 'receipts'],
    [{ ok: 6, fault: 6 }, 25, 'faults'],
    [{ ok: 20, delivered: 2, missing: 18 }, 25, 'receipts'],
  ])('with %o is lowered to %i', (counts, keptPercent, reason) => {
    expect(decide([cell(counts)])).toMatchObject([
      {
        kind: 'set',
        previousPercent: 100,
        weight: { scope: 'twilio/TH', keptPercent, reason, relapses: 0, changedAt: NOW },
      },
    ])
  })

  it.each<[string, SampleCounts]>([
    ['too few in all', { fault: 11 }],
    ['too few bad ones', { ok: 9, fault: 3 }],
    ['too small a share', { ok: 30, fault: 5 }],
    ['nothing at all', {}],
  ])('stays there: %s', (_why, counts) => {
    expect(decide([cell(counts)])).toEqual([])
  })

  it('stays there if it was bad, and is no more', () => {
    const before = cell({ ok: 10, fault: 30 }, { minuteAt: NOW - 7 * MINUTE_MS })
    expect(decide([before, cell({ ok: 10 })])).toEqual([])
  })

  it('is not judged by what is older than a quarter of an hour', () => {
    const old = cell({ fault: 50 }, { minuteAt: NOW - 15 * MINUTE_MS - 1 })
    expect(decide([old])).toEqual([])
  })

  it('stays there if the others are as bad, and goes if one is not', () => {
    const mine = cell({ fault: 20 })
    const other = (counts: SampleCounts) => cell(counts, { provider: 'infobip' })
    expect(decide([mine, other({ ok: 10, fault: 10 })])).toEqual([])
    expect(decide([mine, other({ ok: 11, fault: 9 })])).toMatchObject([
      { weight: { scope: 'twilio/TH' } },
    ])
  })

  it('stays there if the other was lowered and has not shown itself since', () => {
    const lowered = weight({ scope: 'infobip', keptPercent: 2, retryAt: NOW + 1 })
    expect(decide([cell({ fault: 20 })], { weights: [lowered] })).toEqual([])
  })

  it('is lowered everywhere for what few texts to each of many countries came to', () => {
    const cells = ['AT', 'BE', 'CH', 'DK'].map((country) => cell({ fault: 3 }, { country }))
    expect(decide(cells)).toMatchObject([{ weight: { scope: 'twilio', keptPercent: 25 } }])
  })
})

describe('a lowered provider', () => {
  it('is lowered further for little, down to the share of its probes', () => {
    const fresh = [cell({ ok: 1, fault: 2 })]
    const [step] = decide(fresh, { weights: [weight({ keptPercent: 25 })] })
    expect(step).toMatchObject({ previousPercent: 25, weight: { keptPercent: 2 } })
    expect(decide(fresh, { weights: [weight({ keptPercent: 2, retryAt: NOW + 1e9 })] })).toEqual([])
  })

  it('is not lowered twice for the same calls', () => {
    const before = [cell({ fault: 50 }, { minuteAt: NOW - 2 * MINUTE_MS })]
    const changedAt = NOW - MINUTE_MS
    const lowered = weight({ changedAt, retryAt: NOW + 14 * MINUTE_MS })
    expect(decide(before, { weights: [lowered] })).toEqual([])
  })

  it('rises one rung after a quiet time in which it answered', () => {
    const quiet = [cell({ ok: 1 })]
    expect(decide(quiet, { weights: [weight({ retryAt: NOW + 1 })] })).toEqual([])
    const rungs = [2, 10, 25, 50].map((keptPercent) => {
      const [step] = decide(quiet, { weights: [weight({ keptPercent })] })
      return step?.kind === 'set' ? [step.weight.keptPercent, step.weight.reason] : null
    })
    expect(rungs).toEqual([
      [10, 'recovered'],
      [25, 'recovered'],
      [50, 'recovered'],
      [100, 'recovered'],
    ])
  })

  it('that nobody asked rises after half an hour', () => {
    const changed = (minutes: number) => [weight({ changedAt: NOW - minutes * MINUTE_MS })]
    expect(decide([], { weights: changed(29) })).toEqual([])
    expect(decide([], { weights: changed(30) })).toMatchObject([{ weight: { keptPercent: 100 } }])
  })

  it('is put off while it is still bad', () => {
    const [step] = decide([cell({ ok: 5, fault: 1 })], { weights: [weight()] })
    expect(step).toMatchObject({
      previousPercent: 50,
      weight: { keptPercent: 50, retryAt: NOW + 14 * MINUTE_MS },
    })
  })

  it('waits twice as long after each relapse, two hours at most', () => {
    expect([0, 1, 2, 3, 4, 99].map((count) => quietMs(count) / MINUTE_MS)).toEqual([
      15, 30, 60, 120, 120, 120,
    ])
    const back = weight({ keptPercent: 100, relapses: 1, reason: 'recovered' })
    const [step] = decide([cell({ fault: 20 })], { weights: [back] })
    expect(step).toMatchObject({
      weight: { keptPercent: 25, relapses: 2, retryAt: NOW + 60 * MINUTE_MS },
    })
  })

  it('is forgotten when it has been back long enough, or is configured no more', () => {
    const back = weight({ keptPercent: 100, reason: 'recovered', retryAt: NOW + 1 })
    expect(decide([], { weights: [back] })).toEqual([])
    expect(decide([], { weights: [{ ...back, retryAt: NOW }] })).toEqual([
      { kind: 'forget', scope: 'twilio/TH' },
    ])
    expect(decide([], { weights: [back], providers: ['infobip', 'vonage'] })).toEqual([
      { kind: 'forget', scope: 'twilio/TH' },
    ])
  })
})
