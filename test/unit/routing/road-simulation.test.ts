// Minutes of virtual time on the road, with 1, 40 and 250 isolates over one database: how late texts are while a provider
// hangs, fails, strays, flaps or is slow, how many are told twice, and what it costs. The world is road-world.ts.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Carrier,
  fails,
  hangs,
  percentile,
  quick,
  type RoadOptions,
  type RoadStory,
  runRoad,
  slow,
  strays,
} from './road-world.ts'

/** Thousands of events; the machine may be busy. */
const TIMEOUT_MS = 60_000

const ISOLATES = [1, 40, 250]

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const BUSY = { perSecond: 100, texts: 1_000 }
const STEADY = { perSecond: 20, texts: 1_000 }
const LONG = { perSecond: 20, texts: 2_000 }

async function run(options: RoadOptions): Promise<RoadStory> {
  const story = await runRoad(options)
  expect(story.waits).toHaveLength(options.texts)
  expect(story.notAsked).toBe(0)
  return story
}

const laterThan = ({ waits }: RoadStory, ms: number) => waits.filter((wait) => wait > ms).length
const askedFirst = ({ firsts }: RoadStory, fromMs: number, untilMs: number) => {
  const those = firsts.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
  return those.filter(({ provider }) => provider === 'twilio').length / those.length
}

describe.each(ISOLATES)('with %i isolates', (isolates) => {
  it('a first provider that hangs under 100 logins a second makes nobody late', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const story = await run({ carriers: { twilio: hangs, infobip: quick }, isolates, ...BUSY })
    // One isolate that has them all sees it by the calls that wait, before the first is silent for long.
    expect(percentile(story.waits, 0.95)).toBeLessThan(isolates === 1 ? 300 : 1_000)
    expect(story.waits.at(-1)).toBeLessThan(3_000)
    expect(story.toldTwice).toBe(0)
    // A probe, nothing else, once it is convicted.
    expect(askedFirst(story, 6_000, 10_000)).toBeLessThan(0.005)
    expect(story.rows.faults).toBeLessThan(200)
  })

  it('one that fails at once costs one more call', { timeout: TIMEOUT_MS }, async () => {
    const story = await run({ carriers: { twilio: fails, infobip: quick }, isolates, ...BUSY })
    expect(percentile(story.waits, 0.95)).toBeLessThan(300)
    expect(askedFirst(story, 6_000, 10_000)).toBeLessThan(0.005)
  })

  it('one call of a hundred that hangs makes nobody later than 3 s, and convicts nobody', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const carriers = { twilio: strays(0.01), infobip: strays(0.01) }
    const story = await run({ carriers, isolates, ...LONG })
    expect(laterThan(story, 3_000)).toBe(0)
    expect(percentile(story.waits, 0.95)).toBeLessThan(300)
    expect(story.rows.opened).toBe(0)
    expect(askedFirst(story, 0, 100_000)).toBeGreaterThan(0.9)
    // A row for 14 texts at the worst.
    expect(story.rows.faults).toBeLessThan(story.waits.length / 12)
  })

  it('the same with one provider alone makes nobody later than 5 s', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const story = await run({ carriers: { twilio: strays(0.01) }, isolates, ...LONG })
    expect(laterThan(story, 5_000)).toBe(0)
    expect(percentile(story.waits, 0.95)).toBeLessThan(300)
  })

  it('one that hangs five seconds of ten makes nobody late', { timeout: TIMEOUT_MS }, async () => {
    const flaps: Carrier = (atMs, chance) =>
      (Math.floor(atMs / 5_000) % 2 === 0 ? quick : hangs)(atMs, chance)
    const story = await run({ carriers: { twilio: flaps, infobip: quick }, isolates, ...STEADY })
    expect(percentile(story.waits, 0.95)).toBeLessThan(1_000)
    expect(laterThan(story, 3_000)).toBe(0)
  })

  it('one that takes 1.2 s is left within seconds, though each call until then is told twice', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const story = await run({ carriers: { twilio: slow, infobip: quick }, isolates, ...STEADY })
    expect(percentile(story.waits, 0.95)).toBeLessThan(1_000)
    expect(laterThan(story, 3_000)).toBe(0)
    expect(story.toldTwice).toBeLessThanOrEqual(60)
    expect(askedFirst(story, 8_000, 50_000)).toBeLessThan(0.005)
  })

  it('two that hang leave the third, and nobody is later than 3 s', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const carriers = { twilio: hangs, infobip: hangs, vonage: quick }
    const story = await run({ carriers, isolates, perSecond: 20, texts: 1_000 })
    expect(laterThan(story, 3_000)).toBe(0)
    expect(story.toldTwice).toBe(0)
  })

  it('one that hung for a while has its place again by its probe', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const hung: Carrier = (atMs, chance) => (atMs < 15_000 ? hangs : quick)(atMs, chance)
    const story = await run({ carriers: { twilio: hung, infobip: quick }, isolates, ...STEADY })
    expect(story.rows.opened).toBeGreaterThan(0)
    expect(story.rows.closed).toBe(1)
    expect(askedFirst(story, 45_000, 50_000)).toBe(1)
  })

  it('one closed by hand has its place within two seconds', { timeout: TIMEOUT_MS }, async () => {
    const hung: Carrier = (atMs, chance) => (atMs < 7_000 ? hangs : quick)(atMs, chance)
    const story = await run({
      carriers: { twilio: hung, infobip: quick },
      isolates,
      perSecond: 100,
      texts: 1_300,
      acts: [{ atMs: 9_000, act: (db) => db.$client.prepare('DELETE FROM breakers').run() }],
    })
    expect(askedFirst(story, 8_000, 9_000)).toBe(0)
    // An isolate that was itself kept waiting a moment ago still asks it second, for its eight seconds.
    expect(askedFirst(story, 11_000, 13_000)).toBeGreaterThan(0.95)
  })
})

describe('all distrusted', () => {
  it('is nobody left out: what hangs is asked, and so is what does not', {
    timeout: TIMEOUT_MS,
  }, async () => {
    // Both fail for long enough to be convicted, then one is back.
    const back: Carrier = (atMs, chance) => (atMs < 10_000 ? fails : quick)(atMs, chance)
    const story = await run({
      carriers: { twilio: fails, infobip: back },
      isolates: 40,
      perSecond: 20,
      texts: 600,
    })
    const { results } = await story.db.$client
      .prepare(`SELECT DISTINCT scope FROM route_changes WHERE change = 'opened' ORDER BY scope`)
      .all()
    expect(results.map(({ scope }) => scope)).toEqual(['infobip', 'twilio'])
    // Who came before ten seconds waited for its next round, and nobody after.
    expect(laterThan(story, 14_000)).toBe(0)
  })
})
