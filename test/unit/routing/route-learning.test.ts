// The step of the minute against real SQL: what isolates stored is judged, what follows is read by the
// next claim, and old samples go.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Config } from '../../../src/config.ts'
import type { Context } from '../../../src/context.ts'
import {
  flushSamples,
  learnRoutes,
  readWeightsStatement,
} from '../../../src/routing/route-learning.ts'
import { createRouteMemory } from '../../../src/routing/route-memory.ts'
import { routeStatements, samplesNotes } from '../../../src/routing/route-notes.ts'
import { noteSample, type SampleKind } from '../../../src/routing/route-samples.ts'
import { routeSamples, routeWeights } from '../../../src/schema.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { randomBytes } from '../../support/ports.ts'
import { NOW, PROVIDERS } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const MINUTE_MS = 60_000
const log = vi.fn()

beforeEach(() => {
  log.mockReset()
  vi.spyOn(console, 'log').mockImplementation(log)
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Only what learning uses of it. */
function createStage() {
  const clock = { now: NOW }
  const config: Partial<Config> = { providers: PROVIDERS }
  const parts: Partial<Context> = {
    config: Object.assign(Object.create(null), config),
    db: openMemoryDb(),
    routing: createRouteMemory(),
    watch: createWatchMemory(),
    now: () => clock.now,
    randomBytes,
  }
  const context: Context = Object.assign(Object.create(null), parts)
  const note = (kind: SampleKind, count: number) => {
    for (let index = 0; index < count; index += 1) {
      const sample = { provider: 'twilio', country: 'TH', calledAt: clock.now, kind }
      noteSample(context.routing.samples, sample)
    }
  }
  return {
    context,
    clock,
    note,
    learn: async () => (await learnRoutes(context)).moved,
    rows: () => context.db.select().from(routeSamples),
    weights: async () => readWeightsStatement(context.db),
  }
}

describe('good news', () => {
  it('stays in memory, and the minute writes nothing', async () => {
    const { context, note, learn, rows } = createStage()
    note('ok', 20)
    await flushSamples(context)
    expect(await learn()).toBe(0)
    expect(await rows()).toEqual([])
    expect(context.routing.samples.count).toBe(20)
  })

  it('of 32 makes one row', async () => {
    const { context, note, rows } = createStage()
    note('ok', 16)
    note('delivered', 16)
    await flushSamples(context)
    expect(await rows()).toMatchObject([{ cells: [{ counts: { ok: 16, delivered: 16 } }] }])
  })
})

describe('bad news', () => {
  it('lowers the provider for the next claim, and tells the operator', async () => {
    const { note, learn, weights } = createStage()
    note('ok', 15)
    note('failed', 15)
    expect(await weights()).toEqual([])
    expect(await learn()).toBe(1)
    expect(await weights()).toEqual([{ scope: 'twilio/TH', keptPercent: 25 }])
    expect(log.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
      {
        event: 'route.weight_changed',
        scope: 'twilio/TH',
        from_percent: 100,
        to_percent: 25,
        reason: 'receipts',
        bad_percent: 100,
        retry_ms: 15 * MINUTE_MS,
      },
    ])
  })

  it('is gone after a quarter of an hour, and so is the row of the provider in the end', async () => {
    const { context, clock, note, learn, rows } = createStage()
    note('fault', 15)
    await learn()
    for (let minute = 0; minute < 240; minute += 1) {
      clock.now += MINUTE_MS
      await learn()
    }
    expect(await rows()).toEqual([])
    expect(await context.db.select().from(routeWeights)).toEqual([])
  })
})

describe('receipts that do not come', () => {
  it.each([
    ['DE', 'twilio/DE'],
    ['US', undefined],
    ['XX', undefined],
  ])('to %s, as far as published facts know, lower %s', async (country, scope) => {
    const { context, learn, weights } = createStage()
    for (let count = 0; count < 20; count += 1) {
      const sample = { provider: 'twilio', country, calledAt: NOW, kind: 'missing' } as const
      noteSample(context.routing.samples, sample)
    }
    await learn()
    expect((await weights())[0]?.scope).toBe(scope)
  })
})

describe('a lump of samples', () => {
  it('is stored once, though its batch is repeated', async () => {
    const { context, note, rows } = createStage()
    note('fault', 1)
    const cells = [...context.routing.samples.cells.values()]
    const notes = samplesNotes(randomBytes, cells, NOW)
    for (let time = 0; time < 2; time += 1) {
      for (const statement of routeStatements(context.db, notes, NOW)) await statement
    }
    expect(await rows()).toMatchObject([{ flushedAt: NOW, cells }])
  })

  it('that D1 refuses does not fail the receipt', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { context, note } = createStage()
    note('failed', 1)
    const refusing = Object.assign(Object.create(null), {
      insert: () => {
        throw new Error('D1 is away')
      },
    })
    await expect(flushSamples({ ...context, db: refusing })).resolves.toBeUndefined()
  })
})
