// What isolates count reaches its hour once, whoever takes it, and costs a row a minute at most.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Db } from '../../../src/lib/db.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts'
import { measureHours, measures } from '../../../src/schema.ts'
import {
  countMeasure,
  createMeasureBuffer,
  takeMeasures,
} from '../../../src/watch/measure-cells.ts'
import { flushMeasures, readHoursStatement, rollMeasures } from '../../../src/watch/measures.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const NOW = Date.UTC(2026, 10, 28, 14, 30)

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

function anIsolate(db: Db, clock: { now: number }) {
  let ids = 0
  return {
    db,
    watch: createWatchMemory(),
    now: () => clock.now,
    randomBytes: (length: number) => {
      ids += 1
      return new Uint8Array(length).fill(ids)
    },
  }
}

const TAKEN = { country: 'DE', provider: 'twilio', counts: { asked: 1, accepted: 1 } } as const

describe('what an isolate counts', () => {
  it('is kept for a minute, then handed out whole, and is gone', () => {
    const buffer = createMeasureBuffer()
    for (let alert = 0; alert < 500; alert += 1) {
      countMeasure(buffer, { ...TAKEN, times: { accepted: 300 } }, NOW + alert)
    }
    expect(takeMeasures(buffer, NOW + MINUTE_MS - 1)).toEqual([])
    const cells = takeMeasures(buffer, NOW + MINUTE_MS)
    expect(cells).toHaveLength(1)
    expect(cells[0]?.counts).toEqual({ asked: 500, accepted: 500 })
    expect(takeMeasures(buffer, NOW + 2 * MINUTE_MS)).toEqual([])
  })

  it('costs one row a minute, however many alerts there are', async () => {
    const db = openMemoryDb()
    const clock = { now: NOW }
    const isolate = anIsolate(db, clock)
    for (let second = 0; second < 300; second += 1) {
      clock.now = NOW + second * SECOND_MS
      countMeasure(isolate.watch.measures, TAKEN, clock.now)
      await flushMeasures(isolate)
    }
    expect(await db.select().from(measures)).toHaveLength(4)
  })

  it('is let go of where it cannot be stored: no alert fails for it', async () => {
    const isolate = anIsolate(openMemoryDb(), { now: NOW })
    countMeasure(isolate.watch.measures, TAKEN, NOW - MINUTE_MS)
    const broken = Object.assign(Object.create(isolate.db), {
      batch: () => Promise.reject(new Error('D1_ERROR: away')),
    })
    await flushMeasures({ ...isolate, db: broken })
    expect(isolate.watch.measures.cells.size).toBe(0)
  })

  it('has a bound in countries and providers', () => {
    const buffer = createMeasureBuffer()
    for (let country = 0; country < 2_000; country += 1) {
      countMeasure(buffer, { ...TAKEN, country: `C${country}` }, NOW)
    }
    expect(buffer.cells.size).toBe(1_000)
  })
})

describe('the hours', () => {
  async function lumps(db: Db, isolates: number): Promise<void> {
    for (let isolate = 0; isolate < isolates; isolate += 1) {
      const cells = [
        {
          hourAt: NOW - 30 * MINUTE_MS,
          country: 'DE',
          provider: 'twilio',
          counts: { asked: 1 },
          times: { accepted: [1] },
        },
        {
          hourAt: NOW - 90 * MINUTE_MS,
          country: 'DE',
          provider: 'twilio',
          counts: { asked: 2 },
          times: {},
        },
      ]
      const flushedAt = NOW - 20 * SECOND_MS
      await db.insert(measures).values({ flushedAt, measureId: `msr_${isolate}`, cells })
    }
  }

  it('take what all isolates stored, each lump once, though two take it at once', async () => {
    const db = openMemoryDb()
    await lumps(db, 40)
    await Promise.all([rollMeasures(db, NOW), rollMeasures(db, NOW)])
    await rollMeasures(db, NOW)
    expect(await db.select().from(measures)).toEqual([])
    const hours = await readHoursStatement(db, NOW - 2 * HOUR_MS)
    expect(hours.map(({ cells }) => cells.map(({ counts }) => counts.asked))).toEqual([[40], [80]])
    expect(hours[0]?.cells[0]?.times).toEqual({ accepted: [40] })
  })

  it('leave a lump that may still be on its way, and take it the next minute', async () => {
    const db = openMemoryDb()
    const cells = [{ hourAt: NOW, country: 'DE', provider: '', counts: { asked: 1 }, times: {} }]
    await db.insert(measures).values({ flushedAt: NOW - SECOND_MS, measureId: 'late', cells })
    expect(await rollMeasures(db, NOW)).toEqual([])
    expect(await rollMeasures(db, NOW + MINUTE_MS)).toHaveLength(1)
    expect(await rollMeasures(db, NOW + MINUTE_MS)).toEqual([])
    expect(await db.select().from(measureHours)).toHaveLength(1)
  })
})
