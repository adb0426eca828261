// The breaker in fake time: what opens it, for how long, who may probe, what closes it. The shared
// table and its three statements are modelled here as the SQL of breakers.ts reads.

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  breakerGate,
  breakerSignal,
  openDurationMs,
  PROBE_LEASE_MS,
} from '../../../src/routing/breaker.ts'
import {
  type BreakerBoard,
  createBreakerBoard,
  passGate,
  refreshBoard,
} from '../../../src/routing/breaker-board.ts'
import { type BreakerNote, breakerScopes, noteOutcome } from '../../../src/routing/note-outcome.ts'
import type { SendFailure, SendOutcome } from '../../../src/sms/provider.ts'
import { ACCEPTED, FAILURE_CLASSES, failure, NOW } from '../deliver/fixtures.ts'

const FAULT: SendFailure = { class: 'provider_transient', code: '503' }
const COUNTRY_FAULT: SendFailure = { class: 'provider_config', code: '21408', scope: 'country' }
const CONFIG: SendFailure = { class: 'provider_config', code: '20003' }

type Row = { scope: string; openUntil: number; trips: number; probeUntil: number }

/** The `breakers` table. */
function createTable() {
  const rows = new Map<string, Row>()
  return {
    rows,
    claimProbes(now: number): readonly string[] {
      const due = [...rows.values()].filter((row) => row.openUntil <= now && row.probeUntil <= now)
      for (const row of due) row.probeUntil = now + PROBE_LEASE_MS
      return due.map((row) => row.scope)
    },
    store(notes: readonly BreakerNote[], now: number) {
      for (const note of notes) {
        const row = rows.get(note.scope)
        if (note.kind === 'close') rows.delete(note.scope)
        else if (!row || row.openUntil <= now) {
          const { scope, openUntil, trips } = note
          rows.set(scope, { scope, openUntil, trips, probeUntil: 0 })
        }
      }
    },
  }
}

function createWorld(isolates = 1) {
  const table = createTable()
  const boards = Array.from({ length: isolates }, createBreakerBoard)
  const boardOf = (isolate: number): BreakerBoard => boards[isolate] ?? createBreakerBoard()
  return {
    table,
    /** What the claim of a queue batch does. */
    claim(now: number, isolate = 0) {
      const probes = table.claimProbes(now)
      refreshBoard(boardOf(isolate), [...table.rows.values()], probes, now)
    },
    mayCall(now: number, { isolate = 0, provider = 'twilio', country = 'US' } = {}) {
      return passGate(boardOf(isolate), breakerScopes(provider, country), now)
    },
    note(
      outcome: SendOutcome,
      now: number,
      { isolate = 0, provider = 'twilio', country = 'US', startedAt = now } = {},
    ) {
      const call = { provider, country, startedAt, outcome }
      const notes = noteOutcome(boardOf(isolate), call, now)
      table.store(notes, now)
      return notes
    },
  }
}

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a closed breaker', () => {
  it('opens at the third fault in a row, in its isolate at once', () => {
    const world = createWorld()
    expect(world.note(FAULT, NOW)).toEqual([])
    expect(world.note(FAULT, NOW + 1)).toEqual([])
    expect(world.mayCall(NOW + 2)).toBe(true)
    expect(world.note(FAULT, NOW + 2)).toEqual([
      { kind: 'open', scope: 'twilio', code: '503', trips: 1, openUntil: NOW + 2 + 10_000 },
    ])
    expect(world.mayCall(NOW + 3)).toBe(false)
  })

  it('starts counting anew after a success', () => {
    const world = createWorld()
    for (const outcome of [FAULT, FAULT, ACCEPTED, FAULT, FAULT]) world.note(outcome, NOW)
    expect(world.mayCall(NOW)).toBe(true)
    expect(world.table.rows.size).toBe(0)
  })

  it('opens at the first fault of credentials, funds or senders, for five minutes', () => {
    const world = createWorld()
    expect(world.note(CONFIG, NOW)).toMatchObject([{ kind: 'open', openUntil: NOW + 300_000 }])
    expect(world.mayCall(NOW)).toBe(false)
  })

  it('opens at one deadline passed while nobody had an answer, not at one straggler', () => {
    const timeout: SendFailure = { class: 'ambiguous', code: 'timeout' }
    const startedAt = NOW - 1_500
    const straggler = createWorld()
    straggler.note(ACCEPTED, NOW - 200)
    expect(straggler.note(timeout, NOW, { startedAt })).toEqual([])
    const silent = createWorld()
    silent.note(ACCEPTED, startedAt - 1)
    expect(silent.note(timeout, NOW, { startedAt })).toMatchObject([{ kind: 'open', trips: 1 }])
    const unheard = createWorld()
    unheard.note(ACCEPTED, NOW - 200, { provider: 'infobip' })
    expect(unheard.note(timeout, NOW, { startedAt })).toMatchObject([{ scope: 'twilio' }])
  })

  it('is not moved by what is the recipient’s or the text’s fault', () => {
    const neutral = FAILURE_CLASSES.filter((name) => breakerSignal(failure(name)) === 'neutral')
    expect(neutral).toEqual([
      'recipient_permanent',
      'recipient_temporary',
      'opted_out',
      'message_rejected',
      'expired',
    ])
    const world = createWorld()
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...neutral)), (classes) => {
        for (const name of classes) expect(world.note(failure(name), NOW)).toEqual([])
        expect(world.mayCall(NOW)).toBe(true)
      }),
    )
    expect(world.table.rows.size).toBe(0)
  })

  it('costs no write while calls succeed', () => {
    const world = createWorld()
    for (let call = 0; call < 5; call += 1) expect(world.note(ACCEPTED, NOW)).toEqual([])
  })

  it('is not opened by other providers’ faults', () => {
    const world = createWorld()
    for (let call = 0; call < 3; call += 1) world.note(FAULT, NOW, { provider: 'infobip' })
    expect(world.mayCall(NOW, { provider: 'infobip' })).toBe(false)
    expect(world.mayCall(NOW)).toBe(true)
  })
})

describe('an open breaker', () => {
  it('is shared: another isolate knows it with its next claim', () => {
    const world = createWorld(2)
    world.note(CONFIG, NOW, { isolate: 0 })
    expect(world.mayCall(NOW, { isolate: 1 })).toBe(true)
    world.claim(NOW, 1)
    expect(world.mayCall(NOW, { isolate: 1 })).toBe(false)
  })

  it('is neither prolonged nor closed by calls that were under way when it opened', () => {
    const world = createWorld()
    for (let call = 0; call < 3; call += 1) world.note(FAULT, NOW)
    expect(world.note(FAULT, NOW + 1_000)).toEqual([])
    expect(world.note(ACCEPTED, NOW + 1_000)).toEqual([])
    expect(world.table.rows.get('twilio')).toMatchObject({ openUntil: NOW + 10_000, trips: 1 })
    expect(world.mayCall(NOW + 1_000)).toBe(false)
  })

  it('of one country leaves the others alone', () => {
    const world = createWorld()
    world.note(COUNTRY_FAULT, NOW, { country: 'TH' })
    expect(world.mayCall(NOW, { country: 'TH' })).toBe(false)
    expect(world.mayCall(NOW, { country: 'US' })).toBe(true)
    expect([...world.table.rows.keys()]).toEqual(['twilio/TH'])
  })

  it('of the whole provider covers every country', () => {
    const world = createWorld()
    world.note(CONFIG, NOW, { country: 'TH' })
    expect(world.mayCall(NOW, { country: 'US' })).toBe(false)
  })
})

describe('how long it stays open', () => {
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
})

describe('a half-open breaker', () => {
  const tripped = (isolates = 1) => {
    const world = createWorld(isolates)
    for (let call = 0; call < 3; call += 1) world.note(FAULT, NOW)
    return { world, dueAt: NOW + 10_000 }
  }

  it('lets exactly one call of all isolates try', () => {
    const { world, dueAt } = tripped(4)
    const tried: number[] = []
    for (const isolate of [0, 1, 2, 3]) {
      world.claim(dueAt, isolate)
      for (let call = 0; call < 6; call += 1) {
        if (world.mayCall(dueAt, { isolate })) tried.push(isolate)
      }
    }
    expect(tried).toEqual([0])
  })

  it('lets nobody try without the probe', () => {
    const { world, dueAt } = tripped()
    expect(world.mayCall(dueAt)).toBe(false)
  })

  it('lets another try when the holder of the probe never came back', () => {
    const { world, dueAt } = tripped(2)
    world.claim(dueAt, 0)
    world.claim(dueAt + PROBE_LEASE_MS - 1, 1)
    expect(world.mayCall(dueAt + PROBE_LEASE_MS - 1, { isolate: 1 })).toBe(false)
    world.claim(dueAt + PROBE_LEASE_MS, 1)
    expect(world.mayCall(dueAt + PROBE_LEASE_MS, { isolate: 1 })).toBe(true)
  })

  it('closes for everyone on success', () => {
    const { world, dueAt } = tripped(2)
    world.claim(dueAt, 0)
    expect(world.mayCall(dueAt)).toBe(true)
    expect(world.note(ACCEPTED, dueAt + 100)).toEqual([{ kind: 'close', scope: 'twilio' }])
    world.claim(dueAt + 200, 1)
    expect([world.mayCall(dueAt + 200), world.mayCall(dueAt + 200, { isolate: 1 })]).toEqual([
      true,
      true,
    ])
    expect(world.table.rows.size).toBe(0)
  })

  it('opens again at the first fault, twice as long', () => {
    const { world } = tripped()
    let now = NOW
    const openSeconds = []
    for (let trip = 0; trip < 7; trip += 1) {
      const row = world.table.rows.get('twilio')
      openSeconds.push(((row?.openUntil ?? 0) - now) / 1_000)
      now = row?.openUntil ?? 0
      world.claim(now)
      expect(world.mayCall(now)).toBe(true)
      world.note(FAULT, now)
    }
    expect(openSeconds).toEqual([10, 20, 40, 80, 160, 300, 300])
  })

  it('stays as it is when the probe says nothing of the provider', () => {
    const { world, dueAt } = tripped()
    world.claim(dueAt)
    expect(world.mayCall(dueAt)).toBe(true)
    expect(world.note(failure('recipient_permanent'), dueAt)).toEqual([])
    expect(world.mayCall(dueAt)).toBe(false)
  })

  it('needs the probes of provider and country both, and spends neither without the other', () => {
    const board = createBreakerBoard()
    const rows = ['twilio', 'twilio/TH'].map((scope) => ({ scope, openUntil: NOW, trips: 1 }))
    const scopes = breakerScopes('twilio', 'TH')
    refreshBoard(board, rows, ['twilio'], NOW)
    expect(passGate(board, scopes, NOW)).toBe(false)
    expect(board.probes).toEqual(new Set(['twilio']))
    refreshBoard(board, rows, ['twilio', 'twilio/TH'], NOW)
    expect([passGate(board, scopes, NOW), passGate(board, scopes, NOW)]).toEqual([true, false])
  })

  it('counts as closed a minute later, so that an idle provider holds nothing back', () => {
    const breaker = { scope: 'twilio', openUntil: NOW, trips: 3 }
    expect(breakerGate(breaker, NOW - 1)).toBe('open')
    expect(breakerGate(breaker, NOW)).toBe('half_open')
    expect(breakerGate(breaker, NOW + 59_999)).toBe('half_open')
    expect(breakerGate(breaker, NOW + 60_000)).toBe('closed')
    expect(breakerGate(undefined, NOW)).toBe('closed')
  })
})

describe('an outage seen by several isolates', () => {
  it('costs few calls, and ends for all of them soon after the provider is back', () => {
    fc.assert(
      fc.property(fc.nat(10 * 60_000), fc.infiniteStream(fc.nat(3)), (outageMs, isolates) => {
        const world = createWorld(4)
        let wasted = 0
        let now = NOW
        const backAt = NOW + outageMs
        const step = (isolate: number) => {
          world.claim(now, isolate)
          if (!world.mayCall(now, { isolate })) return false
          if (now < backAt) wasted += 1
          world.note(now < backAt ? FAULT : ACCEPTED, now, { isolate })
          return now >= backAt
        }
        for (; now < backAt; now += 500) step(isolates.next().value ?? 0)
        // Three per isolate to notice, then one per opening.
        expect(wasted).toBeLessThanOrEqual(4 * 3 + 8)

        const successes = new Set<number>()
        for (; now < backAt + 320_000 && successes.size < 4; now += 500) {
          for (const isolate of [0, 1, 2, 3]) if (step(isolate)) successes.add(isolate)
        }
        expect(successes.size).toBe(4)
        expect(world.table.rows.size).toBe(0)
      }),
      { numRuns: 50 },
    )
  })
})
