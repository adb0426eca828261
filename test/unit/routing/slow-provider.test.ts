// Slow but answering: what puts a provider behind the others, what brings it back, and that nothing goes
// to and fro. The shared table is modelled as in breaker.test.ts.

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PROBE_LEASE_MS } from '../../../src/routing/breaker.ts'
import { createBreakerBoard, passGate, refreshBoard } from '../../../src/routing/breaker-board.ts'
import { breakerScopes } from '../../../src/routing/note-outcome.ts'
import {
  noteLatency,
  SLOW_CALLS_TO_TRIP,
  slowFromMs,
  slowProviders,
  takeSlowProbe,
} from '../../../src/routing/slow-provider.ts'
import { NOW } from '../deliver/fixtures.ts'

const SLOW_FROM_MS = slowFromMs(1_500)
const NAMES = ['twilio', 'infobip', 'vonage'] as const

type Row = { scope: string; openUntil: number; trips: number; probeUntil: number }

/** Isolates with one table of breakers between them; counts what is written. */
function createWorld(isolates = 1) {
  const rows = new Map<string, Row>()
  const boards = Array.from({ length: isolates }, createBreakerBoard)
  const boardOf = (isolate: number) => boards[isolate] ?? createBreakerBoard()
  const world = {
    rows,
    writes: 0,
    boardOf,
    claim(now: number, isolate = 0) {
      const due = [...rows.values()].filter((row) => row.openUntil <= now && row.probeUntil <= now)
      for (const row of due) row.probeUntil = now + PROBE_LEASE_MS
      refreshBoard(
        boardOf(isolate),
        [...rows.values()],
        due.map((row) => row.scope),
        now,
      )
    },
    call(durationMs: number, now: number, { isolate = 0, provider = 'twilio' } = {}) {
      const call = { provider, durationMs, slowFromMs: SLOW_FROM_MS }
      for (const note of noteLatency(boardOf(isolate), call, now)) {
        world.writes += 1
        if (note.kind === 'close') rows.delete(note.scope)
        else if ((rows.get(note.scope)?.openUntil ?? 0) <= now) {
          const { scope, openUntil, trips } = note
          rows.set(scope, { scope, openUntil, trips, probeUntil: 0 })
        }
      }
    },
    slow: (now: number, isolate = 0) => [...slowProviders(boardOf(isolate), NAMES, now)],
    probe: (now: number, isolate = 0) => takeSlowProbe(boardOf(isolate), NAMES, now),
  }
  return world
}

function slowWorld(isolates = 1) {
  const world = createWorld(isolates)
  for (let call = 0; call < SLOW_CALLS_TO_TRIP; call += 1) world.call(1_200, NOW)
  return world
}

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('what counts as slow', () => {
  it('is four tenths of the deadline, but never less than half a second', () => {
    expect([10_000, 1_500, 1_250, 300].map(slowFromMs)).toEqual([4_000, 600, 500, 500])
  })

  it('is three calls in a row, each as long as that', () => {
    const world = createWorld()
    for (const durationMs of [1_200, 1_200, 599, 600, 600]) world.call(durationMs, NOW)
    expect(world.slow(NOW)).toEqual([])
    world.call(600, NOW)
    expect(world.slow(NOW)).toEqual(['twilio'])
  })

  it('of one provider is nothing against another', () => {
    const world = createWorld()
    for (const provider of ['twilio', 'infobip', 'vonage']) world.call(1_200, NOW, { provider })
    expect(world.slow(NOW)).toEqual([])
  })

  it('is never so for calls below the bound, and then costs no write', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(SLOW_FROM_MS - 1)), (durations) => {
        const world = createWorld()
        for (const durationMs of durations) world.call(durationMs, NOW)
        expect(world.slow(NOW)).toEqual([])
        expect(world.writes).toBe(0)
      }),
    )
  })
})

describe('a slow provider', () => {
  it('is known to the other isolates with their next claim', () => {
    const world = slowWorld(2)
    expect(world.slow(NOW, 1)).toEqual([])
    world.claim(NOW, 1)
    expect(world.slow(NOW, 1)).toEqual(['twilio'])
  })

  it('may still be called: only its place is another', () => {
    const world = slowWorld()
    expect(passGate(world.boardOf(0), breakerScopes('twilio', 'US'), NOW)).toBe(true)
  })

  it('is written once, however many slow calls were under way', () => {
    const world = slowWorld()
    for (let call = 0; call < 20; call += 1) world.call(1_400, NOW + 100)
    expect(world.writes).toBe(1)
  })

  it('is not back for a quick call before its time', () => {
    const world = slowWorld()
    world.call(20, NOW + 9_999)
    expect(world.slow(NOW + 9_999)).toEqual(['twilio'])
  })

  it('is tried by one text of all isolates when its time has come', () => {
    const world = slowWorld(3)
    const dueAt = NOW + 10_000
    const tried = [0, 1, 2].flatMap((isolate) => {
      world.claim(dueAt, isolate)
      return [world.probe(dueAt, isolate), world.probe(dueAt, isolate)]
    })
    expect(tried).toEqual(['twilio', null, null, null, null, null])
  })

  it('is back for all once the probe is quick', () => {
    const world = slowWorld(2)
    const dueAt = NOW + 10_000
    world.claim(dueAt)
    world.call(SLOW_FROM_MS / 2 - 1, dueAt)
    world.claim(dueAt, 1)
    expect([world.slow(dueAt), world.slow(dueAt, 1)]).toEqual([[], []])
    expect(world.rows.size).toBe(0)
  })

  it('is not back for a probe that is merely not slow, and not put off either', () => {
    const world = slowWorld()
    const dueAt = NOW + 10_000
    world.claim(dueAt)
    world.call(SLOW_FROM_MS / 2, dueAt)
    expect(world.slow(dueAt)).toEqual(['twilio'])
    expect(world.rows.get('twilio/slow')?.trips).toBe(1)
  })

  it('stays behind for twice as long with every slow probe, five minutes at most', () => {
    const world = slowWorld()
    let now = NOW
    const seconds = []
    for (let trip = 0; trip < 7; trip += 1) {
      const { openUntil = 0 } = world.rows.get('twilio/slow') ?? {}
      seconds.push((openUntil - now) / 1_000)
      now = openUntil
      world.claim(now)
      world.call(1_200, now)
    }
    expect(seconds).toEqual([10, 20, 40, 80, 160, 300, 300])
  })

  it('is forgotten a minute after its time, if no text came to try it', () => {
    const world = slowWorld()
    world.claim(NOW + 10_000 + 59_999)
    expect(world.slow(NOW + 10_000 + 59_999)).toEqual(['twilio'])
    expect(world.slow(NOW + 10_000 + 60_000)).toEqual([])
  })
})

describe('an hour of one slow provider', () => {
  it('costs few slow calls, and its place is its own again within minutes of its recovery', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 3_600_000 }), (slowMs) => {
        const world = createWorld()
        let slowCalls = 0
        let backAt = 0
        for (let now = NOW; now < NOW + slowMs + 400_000 && backAt === 0; now += 500) {
          world.claim(now)
          const probe = world.probe(now)
          if (probe === null && world.slow(now).includes('twilio')) continue
          const isSlow = now < NOW + slowMs
          if (isSlow) slowCalls += 1
          world.call(isSlow ? 1_200 : 50, now)
          if (!isSlow && world.rows.size === 0) backAt = now
        }
        // Three to notice, six while the periods grow, one in five minutes then.
        expect(slowCalls).toBeLessThanOrEqual(3 + 6 + Math.ceil(slowMs / 300_000))
        expect(backAt - NOW - slowMs).toBeLessThanOrEqual(305_000)
      }),
      { numRuns: 20 },
    )
  })
})
