// The board over its real tables, in fake time: what demotes, what convicts, for how long, who may probe, what closes.

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { breakerGate, breakerSignal, openDurationMs } from '../../../src/routing/breaker.ts'
import { DEMOTED_MS, noteSilence } from '../../../src/routing/note-outcome.ts'
import { learnRoutes } from '../../../src/routing/route-learning.ts'
import type { SendFailure } from '../../../src/sms/provider.ts'
import { ACCEPTED, FAILURE_CLASSES, failure, NOW } from '../deliver/fixtures.ts'
import { type BoardWorld, createBoardWorld } from './board-world.ts'

const FAULT: SendFailure = { class: 'provider_transient', code: '503' }
const TIMEOUT: SendFailure = { class: 'ambiguous', code: 'timeout' }
const COUNTRY_FAULT: SendFailure = { class: 'provider_config', code: '21408', scope: 'country' }
const CONFIG: SendFailure = { class: 'provider_config', code: '20003' }

let lines: Record<string, unknown>[]

beforeEach(() => {
  lines = []
  const keep = (line: string) => lines.push(JSON.parse(line))
  vi.spyOn(console, 'error').mockImplementation(keep)
  vi.spyOn(console, 'log').mockImplementation(keep)
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Three isolates complain, and all read it when the trial is over. */
async function convicted(isolates = 3): Promise<BoardWorld> {
  const world = createBoardWorld(isolates)
  for (let fault = 0; fault < 3; fault += 1) {
    world.note(TIMEOUT, { isolate: fault % isolates, durationMs: 1_500 })
    await world.store(fault % isolates)
    world.at(NOW + 1_000 * (fault + 1))
  }
  world.at(NOW + 4_000)
  await world.readAll()
  return world
}

const OPENED = NOW + 4_000

describe('one isolate by itself', () => {
  it('demotes for seconds who is silent or timed out, and nobody else does', async () => {
    const world = createBoardWorld(2)
    noteSilence(world.contextOf(0).breakers, { provider: 'twilio', startedAt: NOW - 600 }, NOW)
    world.note(TIMEOUT, { provider: 'infobip', durationMs: 1_500 })
    expect(world.order('a')).toEqual(['vonage', 'telnyx', 'twilio', 'infobip'])
    expect(world.order('a', { isolate: 1 })[0]).toBe('twilio')
    world.at(NOW + DEMOTED_MS)
    expect(world.order('a')[0]).toBe('twilio')
  })

  it('demotes nobody for a straggler: one that began later has been answered', () => {
    const world = createBoardWorld()
    world.note(ACCEPTED, { durationMs: 100 })
    noteSilence(world.contextOf(0).breakers, { provider: 'twilio', startedAt: NOW - 600 }, NOW)
    world.note(TIMEOUT, { durationMs: 1_500 })
    expect(world.distrust()).toBe(0)
  })

  it('demotes for quick faults only when three came in a row', () => {
    const world = createBoardWorld()
    for (const outcome of [FAULT, FAULT, ACCEPTED, FAULT, FAULT]) world.note(outcome)
    expect(world.distrust()).toBe(0)
    world.note(FAULT)
    expect(world.distrust()).toBe(1)
  })

  it('asks one that said Retry-After later until then, for five minutes at most', () => {
    const world = createBoardWorld()
    world.note({ ...FAULT, retryAfterMs: 60_000 })
    world.note({ ...FAULT, retryAfterMs: 3_600_000 }, { provider: 'infobip' })
    const at = (instant: number) => {
      world.at(instant)
      return [world.distrust(), world.distrust({ provider: 'infobip' })]
    }
    expect([at(NOW + 59_999), at(NOW + 60_000), at(NOW + 300_000)]).toEqual([
      [1, 1],
      [0, 1],
      [0, 0],
    ])
  })

  it('is not moved by what is the recipient’s or the text’s fault', async () => {
    const neutral = FAILURE_CLASSES.filter((name) => breakerSignal(failure(name)) === 'neutral')
    expect(neutral).toEqual([
      'recipient_permanent',
      'recipient_temporary',
      'opted_out',
      'message_rejected',
      'expired',
      'unclear',
    ])
    const world = createBoardWorld()
    for (const name of [...neutral, ...neutral, ...neutral]) world.note(failure(name))
    expect([world.distrust(), await world.store()]).toEqual([0, 0])
  })

  it('writes nothing while calls succeed, and once a second while they fail', async () => {
    const world = createBoardWorld()
    for (let call = 0; call < 5; call += 1) world.note(ACCEPTED)
    expect(await world.store()).toBe(0)
    const stored = []
    for (let at = NOW; at < NOW + 2_000; at += 100) {
      world.at(at)
      world.note(FAULT)
      stored.push(await world.store())
    }
    expect(stored.reduce((sum, count) => sum + count, 0)).toBe(2)
    const rows = await world.rows('route_faults')
    expect(rows.map(({ faults }) => faults)).toEqual([1, 10])
  })
})

describe('conviction', () => {
  it('needs three faults, wherever they were seen, and reaches all who read', async () => {
    const world = await convicted()
    expect([0, 1, 2].map((isolate) => world.distrust({ isolate }))).toEqual([3, 3, 3])
    expect(await world.rows('breakers')).toMatchObject([
      { scope: 'twilio', trips: 1, code: 'timeout', open_until: OPENED + 10_000 },
    ])
    expect(await world.rows('route_changes')).toEqual([
      {
        opened_at: OPENED,
        scope: 'twilio',
        change: 'opened',
        changed_at: OPENED,
        changed_by: 'evidence',
        figure: '3 of 3 calls in 30 s: timeout',
        until_at: OPENED + 10_000,
      },
    ])
    // Used up, and told once.
    expect(await world.rows('route_faults')).toEqual([])
    expect(lines).toEqual([
      {
        event: 'breaker.opened',
        scope: 'twilio',
        code: 'timeout',
        trips: 1,
        open_ms: 10_000,
        by: 'evidence',
        figure: '3 of 3 calls in 30 s',
      },
    ])
  })

  it('hears those whose calls succeed before it judges', async () => {
    const world = createBoardWorld(6)
    for (const isolate of [0, 1, 2]) {
      world.note(TIMEOUT, { isolate, durationMs: 1_500 })
      await world.store(isolate)
    }
    // They read that somebody complains, have good answers of their own, and say so.
    world.at(NOW + 1_000)
    for (const isolate of [3, 4, 5]) {
      await world.read(isolate)
      for (let call = 0; call < 4; call += 1) world.note(ACCEPTED, { isolate })
      expect(await world.store(isolate)).toBe(1)
    }
    world.at(NOW + 3_000)
    await world.readAll()
    expect(await world.rows('breakers')).toEqual([])
    expect(world.distrust({ isolate: 4 })).toBe(0)
  })

  it('is not asked of witnesses once enough of them have spoken', async () => {
    const world = createBoardWorld(2)
    world.note(TIMEOUT, { durationMs: 1_500 })
    await world.store()
    await world.read(1)
    for (let call = 0; call < 6; call += 1) world.note(ACCEPTED, { isolate: 1 })
    expect(await world.store(1)).toBe(1)
    world.at(NOW + 1_000)
    await world.read(1)
    for (let call = 0; call < 6; call += 1) world.note(ACCEPTED, { isolate: 1 })
    expect(await world.store(1)).toBe(0)
  })

  it('takes one answer where credentials, funds or senders are wrong, for five minutes', async () => {
    const world = createBoardWorld(2)
    world.note(CONFIG)
    await world.store()
    await world.read(1)
    expect([world.distrust(), world.distrust({ isolate: 1 })]).toEqual([2, 2])
    expect(await world.rows('route_changes')).toMatchObject([
      { changed_by: 'answer', figure: '1 answer: 20003', until_at: NOW + 300_000 },
    ])
  })

  it('of one country leaves the others alone, of the whole provider covers all', () => {
    const world = createBoardWorld()
    world.note(COUNTRY_FAULT, { country: 'TH' })
    world.note(CONFIG, { provider: 'infobip', country: 'TH' })
    const held = (provider: string) =>
      ['TH', 'US'].map((country) => world.distrust({ provider, country }))
    expect([held('twilio'), held('infobip')]).toEqual([
      [2, 0],
      [2, 2],
    ])
  })

  it('is not prolonged by calls that were under way, nor are they told', async () => {
    const world = await convicted()
    world.at(OPENED + 500)
    world.note(TIMEOUT, { durationMs: 1_500 })
    expect(await world.store()).toBe(0)
    expect(await world.rows('breakers')).toMatchObject([{ open_until: OPENED + 10_000, trips: 1 }])
  })

  it('of everybody leaves the order as it was: nobody is passed over', () => {
    const world = createBoardWorld()
    for (const provider of ['twilio', 'infobip', 'vonage', 'telnyx']) {
      world.note(CONFIG, { provider })
    }
    expect(world.order('a')).toEqual(['twilio', 'infobip', 'vonage', 'telnyx'])
  })
})

describe('the order of a text', () => {
  const anyProvider = fc.constantFrom('twilio', 'infobip', 'vonage', 'telnyx')
  const anyOutcome = fc.constantFrom(ACCEPTED, FAULT, TIMEOUT, CONFIG, COUNTRY_FAULT)
  const anyStep = fc.record({
    provider: anyProvider,
    outcome: anyOutcome,
    country: fc.constantFrom('US', 'TH'),
    durationMs: fc.constantFrom(20, 700, 1_500),
    laterMs: fc.constantFrom(0, 100, 2_000, 9_000, 30_000),
  })

  it('has everyone on it, and trust never rises along it but for a probe, whatever the board', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 12 }), async (steps) => {
        const world = createBoardWorld()
        let now = NOW
        for (const { laterMs, ...step } of steps) {
          now += laterMs
          world.at(now)
          world.note(step.outcome, step)
          if (step.outcome === ACCEPTED) world.noteDuration(step.durationMs, step)
          await world.store()
          await world.read()
          const order = world.order(`text ${now}`, step)
          expect([...order].sort()).toEqual(['infobip', 'telnyx', 'twilio', 'vonage'])
          const { country } = step
          const held = order.map((provider) => world.distrust({ provider, country }))
          expect(held.slice(1)).toEqual([...held.slice(1)].sort())
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('how long it lasts', () => {
  it('doubles with every trip from ten seconds to five minutes', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map((trips) => openDurationMs(trips, FAULT) / 1_000)).toEqual([
      10, 20, 40, 80, 160, 300, 300, 300,
    ])
  })

  it('honours Retry-After upwards, within five minutes', () => {
    const after = (retryAfterMs: number) => openDurationMs(1, { ...FAULT, retryAfterMs })
    expect([0, 5_000, 60_000, 3_600_000].map(after)).toEqual([10_000, 10_000, 60_000, 300_000])
  })

  it('is bounded for any failure', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.nat(), (trips, retryAfterMs) => {
        const openMs = openDurationMs(trips, { ...FAULT, retryAfterMs })
        expect(openMs >= 10_000 && openMs <= 300_000).toBe(true)
      }),
    )
  })

  it('counts as closed a minute after it was due, so that an idle provider holds nothing back', () => {
    const breaker = { scope: 'twilio', openedAt: NOW - 10, openUntil: NOW, trips: 3 }
    expect(breakerGate(breaker, NOW - 1)).toBe('open')
    expect(breakerGate(breaker, NOW)).toBe('half_open')
    expect(breakerGate(breaker, NOW + 59_999)).toBe('half_open')
    expect(breakerGate(breaker, NOW + 60_000)).toBe('closed')
    expect(breakerGate(undefined, NOW)).toBe('closed')
  })
})

describe('a probe', () => {
  const DUE = OPENED + 10_000

  it('is one text of all isolates, which asks it first; the others ask it last', async () => {
    const world = await convicted()
    world.at(DUE)
    await world.readAll()
    const firsts = [0, 1, 2].flatMap((isolate) => [
      world.order('a', { isolate })[0],
      world.order('b', { isolate })[0],
    ])
    expect(firsts).toEqual(['twilio', 'infobip', 'infobip', 'infobip', 'infobip', 'infobip'])
    expect(world.order('c', { isolate: 1 }).at(-1)).toBe('twilio')
  })

  it('passes to another when its holder never came back', async () => {
    const world = await convicted()
    world.at(DUE)
    await world.read(0)
    world.at(DUE + 4_999)
    await world.read(1)
    expect(world.order('a', { isolate: 1 })[0]).toBe('infobip')
    world.at(DUE + 6_000)
    await world.read(1)
    expect(world.order('a', { isolate: 1 })[0]).toBe('twilio')
  })

  it('that is taken closes it for all with their next reading, and says so once', async () => {
    const world = await convicted()
    world.at(DUE)
    await world.read(0)
    expect(world.order('a')[0]).toBe('twilio')
    world.at(DUE + 100)
    world.note(ACCEPTED, { durationMs: 100 })
    await world.store()
    world.at(DUE + 1_100)
    await world.readAll()
    expect([0, 1, 2].map((isolate) => world.order('b', { isolate })[0])).toEqual([
      'twilio',
      'twilio',
      'twilio',
    ])
    expect(await world.rows('breakers')).toEqual([])
    expect(lines.slice(1)).toEqual([
      { event: 'breaker.closed', scope: 'twilio', by: 'probe', trips: 1 },
    ])
    expect((await world.rows('route_changes')).map((row) => [row.change, row.changed_by])).toEqual([
      ['closed', 'probe'],
      ['opened', 'evidence'],
    ])
  })

  it('that fails opens it again, twice as long', async () => {
    const world = await convicted(1)
    const openSeconds = []
    let now = OPENED
    for (let trip = 0; trip < 7; trip += 1) {
      const until = Number((await world.rows('breakers'))[0]?.open_until)
      openSeconds.push((until - now) / 1_000)
      now = until
      world.at(now)
      await world.read()
      expect(world.order('a')[0]).toBe('twilio')
      now += 1_500
      world.at(now)
      world.note(TIMEOUT, { durationMs: 1_500 })
      await world.store()
    }
    expect(openSeconds).toEqual([10, 20, 40, 80, 160, 300, 300])
  })

  it('that says nothing of the provider leaves it as it is', async () => {
    const world = await convicted(1)
    world.at(DUE)
    await world.read()
    world.order('a')
    world.note(failure('recipient_permanent'))
    expect(await world.store()).toBe(0)
    expect(world.distrust()).toBe(2)
  })

  it('is not judged by a call from before it was due', async () => {
    const world = await convicted(1)
    world.at(DUE + 100)
    world.note(TIMEOUT, { durationMs: 1_500 })
    world.note(ACCEPTED, { durationMs: 60_000 })
    await world.store()
    expect(await world.rows('breakers')).toMatchObject([{ trips: 1 }])
  })

  it('waits for those of provider and country both, and spends neither without the other', async () => {
    const world = createBoardWorld()
    world.note(CONFIG)
    world.note(COUNTRY_FAULT, { country: 'TH' })
    await world.store()
    await world.execute(`UPDATE breakers SET open_until = ${NOW} WHERE scope = 'twilio'`)
    world.at(NOW + 1_000)
    await world.read()
    expect(world.order('a', { country: 'TH' })[0]).toBe('infobip')
    await world.execute(`UPDATE breakers SET open_until = ${NOW}, probe_until = 0`)
    world.at(NOW + 2_000)
    await world.read()
    expect(world.order('a', { country: 'TH' })[0]).toBe('twilio')
    expect(world.order('b', { country: 'TH' })[0]).toBe('infobip')
  })
})

describe('closing by hand', () => {
  it('is the row deleted: every isolate trusts it with its next reading, and one says so', async () => {
    const world = await convicted()
    world.at(OPENED + 3_000)
    await world.execute(`DELETE FROM breakers WHERE scope = 'twilio'`)
    await world.readAll()
    expect([0, 1, 2].map((isolate) => world.order('a', { isolate })[0])).toEqual([
      'twilio',
      'twilio',
      'twilio',
    ])
    expect(lines.slice(1)).toEqual([
      { event: 'breaker.closed', scope: 'twilio', by: 'hand', trips: 1 },
    ])
  })

  it('is not undone by what was told before', async () => {
    const world = await convicted()
    world.at(OPENED + 3_000)
    await world.execute(`DELETE FROM breakers WHERE scope = 'twilio'`)
    await world.readAll()
    world.at(OPENED + 6_000)
    await world.readAll()
    expect(await world.rows('breakers')).toEqual([])
  })
})

describe('the board', () => {
  it('is read once a second at most', async () => {
    const world = createBoardWorld(2)
    await world.read()
    world.note(CONFIG, { isolate: 1 })
    await world.store(1)
    world.at(NOW + 999)
    await world.read()
    expect(world.distrust()).toBe(0)
    world.at(NOW + 1_000)
    await world.read()
    expect(world.distrust()).toBe(2)
  })

  it('serves as it was when it cannot be read', async () => {
    const world = createBoardWorld()
    world.note(CONFIG)
    await world.store()
    await world.execute('DROP TABLE breakers')
    await world.read()
    expect(world.distrust()).toBe(2)
  })

  it('is tidied by the minute: notes go, and a breaker whose probe nobody needed', async () => {
    const world = await convicted()
    world.note(FAULT, { provider: 'infobip' })
    await world.store()
    world.at(OPENED + 10_000 + 60_000)
    await learnRoutes(world.contextOf(0))
    expect(await world.rows('breakers')).toEqual([])
    world.at(OPENED + 180_000)
    await learnRoutes(world.contextOf(0))
    expect(await world.rows('route_faults')).toEqual([])
    expect(lines.slice(1)).toEqual([{ event: 'breaker.closed', scope: 'twilio', by: 'idle' }])
    world.at(OPENED + 31 * 86_400_000)
    await learnRoutes(world.contextOf(0))
    expect(await world.rows('route_changes')).toEqual([])
  })
})
