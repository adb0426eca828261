// What `npm run capacity` computes: by hand for one size, by property for all.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brief, computeCapacity, type Load } from '../../../tools/capacity/capacity.ts'
import { PER_ALERT, RETENTION, STORED } from '../../../tools/capacity/counts.ts'
import { readCapacityOptions } from '../../../tools/capacity/options.ts'
import { renderCapacity } from '../../../tools/capacity/render.ts'
import { PROJECT_ROOT } from '../../support/bundle.ts'

const load = (changes: Partial<Load> = {}): Load => ({
  ...{ accounts: 1e6, loginsPerSecond: 1, peakPerSecond: 20, callsPerSecond: 500 },
  ...changes,
})

const anyLoad = fc.record({
  accounts: fc.integer({ min: 1, max: 50_000_000 }),
  loginsPerSecond: fc.double({ min: 0.001, max: 200, noNaN: true }),
  peakPerSecond: fc.integer({ min: 200, max: 10_000 }),
  callsPerSecond: fc.constantFrom(250, 500, 1_000),
})

describe('the figures', () => {
  it('of a million accounts and a login a second are those of a pocket calculator', () => {
    const capacity = computeCapacity(load())
    const bytes = (90 * 86_400 + 1e6) * STORED.bytesPerLogin + 1e6 * STORED.bytesPerAccount
    expect(capacity.storedGb).toBeCloseTo(bytes / 1e9, 6)
    expect(capacity.shards).toEqual({ needed: 1, forStorage: 1, forCalls: 1 })
    expect(capacity.d1).toEqual({
      ...{ callsAtPeak: 120, rowsWrittenAtPeak: 160, rowsReadAtPeak: 900 },
    })
    expect(capacity.queueOperationsAtPeak).toBe(60)
    expect(capacity.alertsPerMonth).toBeCloseTo(2_629_800, 0)
    // 4 invocations, 8 ms, 3 operations, 8 rows, 40 rows read, 4 lines.
    expect(capacity.dollarsPerMillion).toBeCloseTo(1.2 + 0.16 + 1.2 + 8 + 0.045 + 2.4, 6)
  })

  it('of a month include what the plan does', () => {
    const costs = computeCapacity(load({ loginsPerSecond: 0.001 })).costs
    expect(costs.reduce((sum, { dollars }) => sum + dollars, 0)).toBe(0)
  })

  it('never fill a database, as long as there are slots', () => {
    fc.assert(
      fc.property(anyLoad, (any) => {
        const { shards, fullestGb, d1 } = computeCapacity(any)
        const isLast = shards.needed === 256
        expect(isLast || fullestGb <= 7).toBe(true)
        const share = Math.ceil(256 / shards.needed) / 256
        expect(isLast || d1.callsAtPeak * share <= any.callsPerSecond).toBe(true)
        expect(shards.needed).toBe(Math.max(shards.forStorage, shards.forCalls))
      }),
    )
  })

  it('name the nearest limit first', () => {
    fc.assert(
      fc.property(anyLoad, (any) => {
        const factors = computeCapacity(any).limits.map(({ factor }) => factor)
        expect(factors).toEqual(factors.toSorted((a, b) => a - b))
      }),
    )
    const { limits } = computeCapacity(load({ peakPerSecond: 12_500, callsPerSecond: 1e6 }))
    const net = limits.find(({ what }) => what.includes('net'))
    expect(net).toMatchObject({ used: '12.5 k of 5000 a second', factor: 0.4 })
  })
})

describe('the counts', () => {
  it('of retention are those of the code', () => {
    const code = readFileSync(join(PROJECT_ROOT, 'src/ops/retention.ts'), 'utf8')
    const perPage = Number(/ROWS_PER_PAGE = ([\d_]+)/.exec(code)?.[1]?.replaceAll('_', ''))
    expect(perPage).toBe(RETENTION.rowsPerMinute)
  })

  it('of retention keep what is promised at twenty million accounts, though half of the minutes be lost', () => {
    const { limits } = computeCapacity(
      load({ accounts: 20e6, loginsPerSecond: 10.8, peakPerSecond: 2_000 }),
    )
    const round = limits.find(({ what }) => what === 'retention comes round')
    expect(round?.factor).toBeGreaterThan(2)
  })

  it('of an alert keep the promise', () => {
    expect(PER_ALERT.rowsWritten).toBeLessThanOrEqual(8)
    expect(PER_ALERT.queueMessages).toBe(1)
  })
})

describe('the command line', () => {
  const loadOf = (...args: readonly string[]) => {
    const choice = readCapacityOptions(args)
    return choice.kind === 'run' ? choice.load : choice.exitCode
  }

  it('takes logins of an account in a year, or of all in a second', () => {
    expect(loadOf('--accounts', '20e6', '--logins', '17', '--peak', '2000')).toMatchObject({
      ...{ accounts: 20_000_000, peakPerSecond: 2_000, callsPerSecond: 500 },
      loginsPerSecond: expect.closeTo(10.774, 3),
    })
    expect(loadOf('--accounts', '1e6', '--logins', '12.5/s')).toMatchObject({
      ...{ loginsPerSecond: 12.5, peakPerSecond: 250 },
    })
  })

  it.each([
    [[]],
    [['--accounts', '0']],
    [['--accounts', 'many']],
    [['--accounts', '1e6', '--logins', '-1']],
    [['--accounts', '1e6', '--logins', '10/s', '--peak', '9']],
    [['--accounts', '1e6', '--fast']],
  ])('%j is refused, with its help', (args) => {
    expect(loadOf(...args)).toBe(2)
  })

  it('prints what was asked for', () => {
    const text = renderCapacity(
      load({ accounts: 20e6, loginsPerSecond: 10.8, peakPerSecond: 2_000 }),
    )
    for (const part of [
      'databases (shards)',
      'storage',
      'D1 calls at the peak',
      'queue operations at the peak',
      'a million alerts more',
      'What breaks first:',
      "Cloudflare's public list of 2026-",
    ]) {
      expect(text).toContain(part)
    }
  })
})

it.each([
  [0, '0'],
  [0.333, '0.33'],
  [12.34, '12.3'],
  [9_999, '9999'],
  [12_345, '12.3 k'],
  [1_234_567, '1.23 M'],
  [2.5e9, '2.5 B'],
])('%d is %s', (value, text) => {
  expect(brief(value)).toBe(text)
})
