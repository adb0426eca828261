// Slow but answering: what puts a provider behind the others, what brings it back, and that nothing goes to and fro.

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEMOTED_MS } from '../../../src/routing/note-outcome.ts'
import { slowFromMs } from '../../../src/routing/slow-provider.ts'
import { NOW } from '../deliver/fixtures.ts'
import { createBoardWorld, SLOW_FROM_MS } from './board-world.ts'

const OPENED = NOW + 2_000
const DUE = OPENED + 10_000

async function slowWorld(isolates = 1) {
  const world = createBoardWorld(isolates)
  for (let call = 0; call < 3; call += 1) world.noteDuration(1_200)
  await world.store()
  world.at(OPENED)
  await world.readAll()
  return world
}

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('what counts as slow', () => {
  it('is four tenths of the deadline, but never less than half a second', () => {
    expect([10_000, 1_500, 1_250, 300].map(slowFromMs)).toEqual([4_000, 600, 500, 500])
  })

  it('is three calls in a row, each as long as that; in one isolate for seconds', () => {
    const world = createBoardWorld()
    for (const durationMs of [1_200, 1_200, 599, 600, 600]) world.noteDuration(durationMs)
    expect(world.slow()).toEqual([])
    world.noteDuration(600)
    expect(world.slow()).toEqual(['twilio'])
    world.at(NOW + DEMOTED_MS)
    expect(world.slow()).toEqual([])
  })

  it('of one provider is nothing against another', () => {
    const world = createBoardWorld()
    for (const provider of ['twilio', 'infobip', 'vonage']) world.noteDuration(1_200, { provider })
    expect(world.slow()).toEqual([])
  })

  it('is never so for calls below the bound, and then costs no write', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(SLOW_FROM_MS - 1)), async (durations) => {
        const world = createBoardWorld()
        for (const durationMs of durations) world.noteDuration(durationMs)
        expect([world.slow(), await world.store()]).toEqual([[], 0])
      }),
      { numRuns: 20 },
    )
  })
})

describe('a slow provider', () => {
  it('is known to all isolates by their evidence', async () => {
    const world = await slowWorld(2)
    expect([world.slow(0), world.slow(1)]).toEqual([['twilio'], ['twilio']])
    expect(await world.rows('breakers')).toMatchObject([
      { scope: 'twilio/slow', code: 'slow', figure: '3 of 3 calls in 30 s' },
    ])
  })

  it('is asked after the others, and distrusted no further', async () => {
    const world = await slowWorld()
    expect(world.order('a')).toEqual(['infobip', 'vonage', 'telnyx', 'twilio'])
    expect(world.distrust()).toBe(0)
  })

  it('is written once, however many slow calls were under way', async () => {
    const world = await slowWorld()
    for (let call = 0; call < 20; call += 1) world.noteDuration(1_400)
    expect(await world.store()).toBe(0)
  })

  it('is not back for a quick call before its time', async () => {
    const world = await slowWorld()
    world.at(DUE - 1)
    world.noteDuration(20)
    expect(world.slow()).toEqual(['twilio'])
  })

  it('is tried by one text of all isolates when its time has come', async () => {
    const world = await slowWorld(3)
    world.at(DUE)
    await world.readAll()
    const firsts = [0, 1, 2].flatMap((isolate) =>
      ['a', 'b'].map((id) => world.order(id, { isolate })[0]),
    )
    expect(firsts.filter((name) => name === 'twilio')).toHaveLength(1)
  })

  it('is back for all once the probe is quick', async () => {
    const world = await slowWorld(2)
    world.at(DUE)
    await world.read()
    world.noteDuration(SLOW_FROM_MS / 2 - 1)
    await world.store()
    world.at(DUE + 1_000)
    await world.readAll()
    expect([world.slow(0), world.slow(1)]).toEqual([[], []])
    expect(await world.rows('breakers')).toEqual([])
  })

  it('is not back for a probe that is merely not slow, and not put off either', async () => {
    const world = await slowWorld()
    world.at(DUE + 1_000)
    world.noteDuration(SLOW_FROM_MS / 2)
    await world.store()
    expect(world.slow()).toEqual(['twilio'])
    expect(await world.rows('breakers')).toMatchObject([{ trips: 1 }])
  })

  it('stays behind for twice as long with every slow probe, five minutes at most', async () => {
    const world = await slowWorld()
    const seconds = []
    let now = OPENED
    for (let trip = 0; trip < 7; trip += 1) {
      const until = Number((await world.rows('breakers'))[0]?.open_until)
      seconds.push((until - now) / 1_000)
      now = until + 1_200
      world.at(now)
      await world.read()
      world.noteDuration(1_200)
      await world.store()
    }
    expect(seconds).toEqual([10, 20, 40, 80, 160, 300, 300])
  })

  it('is forgotten a minute after its time, if no text came to try it', async () => {
    const world = await slowWorld()
    world.at(DUE + 59_999)
    await world.read()
    expect(world.slow()).toEqual(['twilio'])
    world.at(DUE + 60_000)
    expect(world.slow()).toEqual([])
  })
})
