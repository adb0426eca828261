// Hours of fake time: traffic leaves a bad provider within minutes and comes back after it recovered,
// weights move seldom, probes are few. The world is route-world.ts.

import { describe, expect, it } from 'vitest'
import type { Behaviour, Story } from './route-world.ts'
import { during, FAULTY, FINE, fine, LOST, runWorld, SILENT, SLOW } from './route-world.ts'

const BAD_FROM = 30
const BAD_UNTIL = 90
const HOURS_6 = { perMinute: 60, minutes: 360 }

function bad(fate: Parameters<typeof during>[2], part = 1): Behaviour {
  return during(BAD_FROM, BAD_UNTIL, fate, part)
}

/** Left soon, probed little, back soon, and all of it in few steps. */
function expectLeavesAndReturns(story: Story, country?: string): void {
  expect(story.part('twilio', 0, BAD_FROM, country)).toBe(1)
  expect(story.part('twilio', BAD_FROM + 15, BAD_UNTIL, country)).toBeLessThan(0.06)
  expect(story.part('twilio', BAD_UNTIL + 45, 360, country)).toBe(1)
  expect(story.changes.length).toBeLessThanOrEqual(9)
  expect(story.weights).toEqual([])
}

describe('a provider that is bad for an hour', () => {
  it.each([
    ['answers with faults', bad(FAULTY)],
    ['answers slowly', bad(SLOW)],
    ['loses every text', bad(LOST)],
    ['loses every third text', bad(LOST, 0.33)],
    ['never sends a receipt', bad(SILENT)],
  ])('and %s is left and comes back', (_what, twilio) => {
    expectLeavesAndReturns(runWorld({ providers: { twilio, infobip: fine }, ...HOURS_6 }))
  })

  it('is still probed, by about two texts of a hundred', () => {
    const story = runWorld({ providers: { twilio: bad(LOST), infobip: fine }, ...HOURS_6 })
    const probed = story.part('twilio', 45, BAD_UNTIL)
    expect(probed).toBeGreaterThan(0.005)
    expect(probed).toBeLessThan(0.04)
  })

  it('in one country is left there alone', () => {
    const twilio: Behaviour = (minute, country) =>
      country === 'TH' && minute >= BAD_FROM && minute < BAD_UNTIL ? LOST : FINE
    const providers = { twilio, infobip: fine }
    const story = runWorld({ providers, countries: ['US', 'TH', 'DE'], ...HOURS_6 })
    expectLeavesAndReturns(story, 'TH')
    expect(story.part('twilio', 0, 360, 'US')).toBe(1)
    expect(story.part('twilio', 0, 360, 'DE')).toBe(1)
  })

  it('in many countries of which none has much traffic is left in all of them', () => {
    const countries = Array.from(
      { length: 20 },
      (_, index) => `${String.fromCharCode(65 + index)}X`,
    )
    const providers = { twilio: bad(LOST), infobip: fine }
    const story = runWorld({ providers, countries, perMinute: 6, minutes: 360 })
    expect(new Set(story.changes.map(({ scope }) => scope))).toEqual(new Set(['twilio']))
    expect(story.part('twilio', BAD_FROM + 15, BAD_UNTIL)).toBeLessThan(0.1)
    expect(story.part('twilio', BAD_UNTIL + 60, 360)).toBe(1)
  })

  it('is left for those that have points at rest, in their proportion', () => {
    const points = new Map([
      ['twilio', 50],
      ['infobip', 30],
      ['vonage', 20],
    ] as const)
    const providers = { twilio: bad(LOST), infobip: fine, vonage: fine }
    const story = runWorld({ providers, resting: new Map([['*', points]]), ...HOURS_6 })
    expect(story.part('infobip', 0, BAD_FROM)).toBeCloseTo(0.3, 1)
    expect(story.part('infobip', 45, BAD_UNTIL)).toBeCloseTo(0.6, 1)
    expect(story.part('vonage', 45, BAD_UNTIL)).toBeCloseTo(0.4, 1)
    expect(story.part('twilio', 180, 360)).toBeCloseTo(0.5, 1)
  })

  it('with little traffic is left within a quarter of an hour, and comes back', () => {
    const providers = { twilio: during(30, 150, LOST), infobip: fine }
    const story = runWorld({ providers, perMinute: 1, minutes: 720 })
    expect(story.part('twilio', 45, 150)).toBeLessThan(0.15)
    expect(story.part('twilio', 150 + 180, 720)).toBe(1)
    expect(story.changes.length).toBeLessThanOrEqual(12)
  })
})

describe('nothing moves', () => {
  it.each([
    ['where all is well', fine],
    ['for three failures of a hundred', during(0, 999, LOST, 0.03)],
  ])('%s', (_what, twilio) => {
    const story = runWorld({ providers: { twilio, infobip: fine }, ...HOURS_6 })
    expect(story.changes).toEqual([])
    expect(story.part('twilio', 0, 360)).toBe(1)
  })

  it('where there is one provider, however bad it is', () => {
    const story = runWorld({ providers: { twilio: bad(FAULTY) }, ...HOURS_6 })
    expect(story.changes).toEqual([])
  })

  it.each(['carrier', 'none', 'unknown'] as const)(
    'for receipts that do not come, where their source is %s',
    (receiptSource) => {
      const providers = { twilio: bad(SILENT), infobip: fine }
      expect(runWorld({ providers, receiptSource, ...HOURS_6 }).changes).toEqual([])
    },
  )
})

describe('several bad providers at once', () => {
  it('end all traffic at none of them, and at rest again afterwards', () => {
    const providers = { twilio: bad(SLOW), infobip: bad(SLOW), vonage: bad(SLOW) }
    const story = runWorld({ providers, ...HOURS_6 })
    expect(story.changes.length).toBeLessThanOrEqual(9)
    expect(story.part('twilio', 180, 360)).toBe(1)
  })

  it('lead to the one that is well', () => {
    const providers = { twilio: bad(LOST), infobip: bad(FAULTY), vonage: fine }
    const story = runWorld({ providers, ...HOURS_6 })
    expect(story.part('vonage', 50, BAD_UNTIL)).toBeGreaterThan(0.9)
    expect(story.part('twilio', 180, 360)).toBe(1)
  })
})

describe('a provider that comes and goes', () => {
  it('every few minutes is left for good while it does', () => {
    const twilio: Behaviour = (minute) => (minute % 6 < 3 ? FAULTY : FINE)
    const story = runWorld({ providers: { twilio, infobip: fine }, perMinute: 60, minutes: 720 })
    expect(story.part('twilio', 15, 720)).toBeLessThan(0.05)
    expect(story.changes.length).toBeLessThanOrEqual(6)
  })

  it('every forty minutes is trusted less each time', () => {
    const twilio: Behaviour = (minute) => (minute % 40 < 5 ? FAULTY : FINE)
    const story = runWorld({ providers: { twilio, infobip: fine }, perMinute: 60, minutes: 1440 })
    expect(story.part('twilio', 120, 1440)).toBeLessThan(0.1)
    expect(story.changes.length).toBeLessThanOrEqual(24)
  })
})

describe('forged receipts', () => {
  it('of delivery lift nobody above its points at rest', () => {
    // Every text of vonage is reported delivered at once, and none of the others ever is.
    const unknown: Behaviour = () => ({ call: 'ok', receipt: null })
    const points = new Map([
      ['twilio', 70],
      ['vonage', 30],
    ] as const)
    const providers = { twilio: unknown, vonage: fine }
    const story = runWorld({ providers, resting: new Map([['*', points]]), ...HOURS_6 })
    expect(story.changes).toEqual([])
    expect(story.part('vonage', 0, 360)).toBeCloseTo(0.3, 1)
  })

  it('of delivery do not hide faults', () => {
    const twilio = bad({ call: 'fault', receipt: 'delivered' })
    expectLeavesAndReturns(runWorld({ providers: { twilio, infobip: fine }, ...HOURS_6 }))
  })
})

describe('a pin', () => {
  it('keeps its provider first, whatever is learnt of it', () => {
    const providers = { twilio: fine, infobip: bad(LOST) }
    const story = runWorld({ providers, pin: 'infobip', ...HOURS_6 })
    expect(story.part('infobip', 0, 360)).toBe(1)
  })
})

describe('in every world', () => {
  const worlds = [bad(FAULTY), bad(LOST, 0.4), bad(SLOW), fine].map((twilio) =>
    runWorld({ providers: { twilio, infobip: bad(LOST, 0.2), vonage: fine }, ...HOURS_6 }),
  )

  it('the points are 100 in all', () => {
    expect(Math.min(...worlds.map(({ totals }) => totals.least))).toBeCloseTo(100, 6)
    expect(Math.max(...worlds.map(({ totals }) => totals.most))).toBeCloseTo(100, 6)
  })

  it('learning costs less than one row for ten alerts', () => {
    const alerts = HOURS_6.perMinute * HOURS_6.minutes
    expect(Math.max(...worlds.map(({ rowsWritten }) => rowsWritten))).toBeLessThan(alerts / 10)
  })
})
