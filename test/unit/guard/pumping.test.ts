// The decision on one code SMS: reasons, budgets, and what never happens whatever was counted.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CodePolicy } from '../../../src/guard/code-policy.ts'
import {
  CODE_MEMORY_MS,
  type CodeBucket,
  type CodeFacts,
  codeBudgets,
  codeHourAt,
  decideCode,
} from '../../../src/guard/pumping.ts'
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts'

const NOW = Date.UTC(2026, 10, 24, 14, 3)
const POLICY: CodePolicy = { countries: '*', isEnforced: true, spendCapSegments: 1_000 }

function hours(ago: number, sent: number, verified = 0, excused = 0): CodeBucket {
  return { hourAt: codeHourAt(NOW) - ago * HOUR_MS, sent, verified, excused }
}

function facts(change: Partial<CodeFacts> = {}): CodeFacts {
  const nothing = { segments: 1, segmentsToday: 0, ofCountry: [], ofPrefix: [] }
  return {
    country: 'TH',
    isStopped: false,
    isVerified: false,
    isKnown: false,
    ...nothing,
    ...change,
  }
}

function verdict(of: CodeFacts, policy = POLICY): string {
  const advice = decideCode(of, policy, NOW)
  return advice.kind === 'send' ? 'send' : `${advice.kind} ${advice.reason}`
}

const buckets = fc.array(
  fc
    .record({
      hourAt: fc.integer({ min: 0, max: 15 * 24 }).map((ago) => codeHourAt(NOW) - ago * HOUR_MS),
      sent: fc.nat(300),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      excused: fc.nat(300),
    })
    .map(({ hourAt, sent, share, excused }) => ({
      hourAt,
      sent,
      verified: Math.floor(sent * share),
      excused: Math.min(excused, sent),
    })),
  { maxLength: 30 },
)
const anyFacts = fc.record({
  country: fc.constantFrom('TH', 'DE', 'US'),
  isStopped: fc.constant(false),
  isVerified: fc.boolean(),
  isKnown: fc.constant(false),
  segments: fc.integer({ min: 1, max: 3 }),
  segmentsToday: fc.nat(1_200),
  ofCountry: buckets,
  ofPrefix: buckets,
})
const anyPolicy = fc.record({
  countries: fc.constantFrom<CodePolicy['countries']>('*', new Set(['TH']), new Set<string>()),
  isEnforced: fc.boolean(),
  spendCapSegments: fc.integer({ min: 1, max: 2_000 }),
})

describe('one code', () => {
  it('goes to a country nobody has heard of', () => {
    expect(verdict(facts())).toBe('send')
  })

  it.each([
    ['country_not_allowed', facts(), { ...POLICY, countries: new Set(['DE', 'GB']) }],
    ['spend_cap', facts({ segmentsToday: 999, segments: 2 }), POLICY],
    ['prefix_budget', facts({ ofPrefix: [hours(0, 5)] }), POLICY],
    ['prefix_budget', facts({ ofPrefix: [hours(2, 4), hours(1, 6)] }), POLICY],
    ['country_budget', facts({ ofCountry: [hours(0, 30)] }), POLICY],
    ['country_budget', facts({ ofCountry: [hours(3, 7)].concat(hours(2, 53)) }), POLICY],
  ])('is refused: %s', (reason, of, policy) => {
    expect(verdict(of, policy)).toBe(`refuse ${reason}`)
    expect(verdict(of, { ...policy, isEnforced: false })).toBe(`would_refuse ${reason}`)
    expect(verdict({ ...of, isVerified: true }, policy)).toBe('send')
  })

  it('goes out as the last one within the cap', () => {
    expect(verdict(facts({ segmentsToday: 998, segments: 2 }))).toBe('send')
  })

  it('goes to an allowed country', () => {
    expect(verdict(facts(), { ...POLICY, countries: new Set(['TH']) })).toBe('send')
  })

  it('from a block that has earned it does not ask whether its country has', () => {
    const ofCountry = [hours(0, 400)]
    expect(verdict(facts({ ofCountry, ofPrefix: [hours(5, 4, 4)] }))).toBe('send')
    expect(verdict(facts({ ofCountry, ofPrefix: [hours(5, 8, 4)] }))).toBe('refuse country_budget')
  })
})

describe('a country answers', () => {
  const isExcused = (of: CodeFacts) => {
    const advice = decideCode(of, POLICY, NOW)
    return advice.kind === 'send' && advice.isExcused
  }

  it('for the first five open codes of a block', () => {
    expect(isExcused(facts({ ofCountry: [hours(2, 4)], ofPrefix: [hours(2, 4)] }))).toBe(false)
    expect(isExcused(facts({ ofCountry: [hours(2, 5)], ofPrefix: [hours(2, 5)] }))).toBe(true)
  })

  it('for a block that is typed from as much as not', () => {
    const row = hours(30, 10, 5)
    expect(isExcused(facts({ ofCountry: [row], ofPrefix: [row] }))).toBe(false)
  })

  it('for all of them once more blocks are bad', () => {
    const ofPrefix = [hours(2, 5)]
    expect(isExcused(facts({ ofCountry: [hours(2, 12)], ofPrefix }))).toBe(false)
  })
})

describe('the budget', () => {
  const country = (...rows: CodeBucket[]) =>
    codeBudgets({ ofCountry: rows, ofPrefix: [] }, NOW).country
  const prefix = (...rows: CodeBucket[]) =>
    codeBudgets({ ofCountry: [], ofPrefix: rows }, NOW).prefix

  it('starts small', () => {
    expect(country()).toEqual({ perHour: 30, perDay: 60 })
    expect(prefix()).toEqual({ perHour: 5, perDay: 10 })
  })

  it('grows by every code that was typed', () => {
    expect(country(hours(0, 20, 20))).toEqual({ perHour: 50, perDay: 80 })
    expect(country(hours(5, 100, 80))).toEqual({ perHour: 50, perDay: 140 })
    expect(prefix(hours(5, 8, 8))).toEqual({ perHour: 7, perDay: 18 })
  })

  it('remembers good days for a fortnight, by their mean', () => {
    expect(country(hours(48, 700, 700))).toEqual({ perHour: 42, perDay: 110 })
    expect(country(hours(14 * 24, 700, 700))).toEqual({ perHour: 30, perDay: 60 })
  })

  it('shrinks below 35 % and again below 20 %', () => {
    expect(country(hours(30, 20, 3))).toEqual({ perHour: 15, perDay: 30 })
    expect(country(hours(30, 100, 10))).toEqual({ perHour: 3, perDay: 7 })
    expect(prefix(hours(30, 20))).toEqual({ perHour: 2, perDay: 5 })
    expect(prefix(hours(30, 21))).toEqual({ perHour: 1, perDay: 1 })
  })

  it('waits for the hour to end before it holds it against anyone', () => {
    expect(country(hours(0, 100))).toEqual({ perHour: 30, perDay: 60 })
  })

  it('is back after the bad days are forgotten', () => {
    expect(country(hours(CODE_MEMORY_MS / HOUR_MS, 5_000))).toEqual({ perHour: 30, perDay: 60 })
  })
})

describe('whatever was counted', () => {
  it('a verified number is sent its code', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, (of, policy) => {
        expect(verdict({ ...of, isVerified: true }, policy)).toBe('send')
      }),
    )
  })

  it('C9 an account that is no stranger is not stopped by strangers', () => {
    fc.assert(
      fc.property(anyFacts, (of) => {
        const known = { ...of, isKnown: true, segmentsToday: 0 }
        expect(verdict(known, { ...POLICY, countries: '*' })).toBe('send')
      }),
    )
  })

  it('recording decides as enforcing does, and stops nothing', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, (of, policy) => {
        const enforced = verdict(of, { ...policy, isEnforced: true })
        const recorded = verdict(of, { ...policy, isEnforced: false })
        expect(recorded).toBe(enforced.replace(/^refuse/, 'would_refuse'))
      }),
    )
  })

  it('no budget is below one a day, nor its hour above its day and what the hour earned', () => {
    fc.assert(
      fc.property(buckets, (rows) => {
        const { perHour, perDay } = codeBudgets({ ofCountry: rows, ofPrefix: [] }, NOW).country
        expect(perDay).toBeGreaterThanOrEqual(1)
        expect(perHour).toBeGreaterThanOrEqual(1)
        expect(perHour).toBeLessThanOrEqual(perDay)
      }),
    )
  })

  it('one more code typed never makes a budget smaller', () => {
    fc.assert(
      fc.property(buckets, fc.nat(14 * 24 - 1), (rows, ago) => {
        const of = (...more: CodeBucket[]) =>
          codeBudgets({ ofCountry: [...rows, ...more], ofPrefix: [] }, NOW).country
        expect(of(hours(ago, 1, 1)).perDay).toBeGreaterThanOrEqual(of().perDay)
        expect(of(hours(ago, 1, 1)).perHour).toBeGreaterThanOrEqual(of().perHour)
      }),
    )
  })

  it('one more code left open never makes a budget larger, nor a refusal a send', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat(23), (of, ago) => {
        const worse = {
          ...of,
          ofCountry: [...of.ofCountry, hours(ago, 1)],
          ofPrefix: [...of.ofPrefix, hours(ago, 1)],
        }
        const [before, after] = [codeBudgets(of, NOW), codeBudgets(worse, NOW)]
        expect(after.country.perDay).toBeLessThanOrEqual(before.country.perDay)
        expect(after.prefix.perHour).toBeLessThanOrEqual(before.prefix.perHour)
        if (verdict(of) !== 'send') expect(verdict(worse)).not.toBe('send')
      }),
    )
  })

  it('what goes out to a number that is not verified is within the room that is named', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, (of, policy) => {
        const advice = decideCode({ ...of, isVerified: false }, policy, NOW)
        if (advice.kind !== 'send') return
        const since = (rows: readonly CodeBucket[], after: number) =>
          rows
            .filter(({ hourAt }) => hourAt > after)
            .reduce((open, row) => open + Math.max(0, row.sent - row.verified - row.excused), 0)
        const hourAt = codeHourAt(NOW)
        expect(since(of.ofPrefix, hourAt - 1)).toBeLessThan(advice.room.prefix.perHour)
        expect(since(of.ofPrefix, hourAt - DAY_MS)).toBeLessThan(advice.room.prefix.perDay)
        expect(since(of.ofCountry, hourAt - DAY_MS)).toBeLessThan(advice.room.country.perDay)
        expect(of.segmentsToday + of.segments).toBeLessThanOrEqual(advice.room.segments)
      }),
    )
  })

  it('buckets older than the memory change nothing', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, fc.nat(5_000), (of, policy, sent) => {
        const old = hours(CODE_MEMORY_MS / HOUR_MS, sent)
        const more = {
          ...of,
          ofCountry: [...of.ofCountry, old],
          ofPrefix: [...of.ofPrefix, old],
        }
        expect(decideCode(more, policy, NOW)).toEqual(decideCode(of, policy, NOW))
      }),
    )
  })
})
