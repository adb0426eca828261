// An episode opens once and closes once, whatever comes and goes, whoever looks, and however often: the decision alone, and
// with its rows.

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE_MS } from '../../../src/lib/time.ts'
import { decideIncidents, type OpenIncident, QUIET_MS } from '../../../src/ops/decide-incidents.ts'
import {
  closeIncident,
  insertIncident,
  readHistoryStatement,
  readOpenStatement,
} from '../../../src/ops/incidents.ts'
import type { Finding } from '../../../src/ops/judge.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { NOW } from './facts-world.ts'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

const SCOPES = ['twilio', 'infobip'] as const
const finding = (scope: string): Finding => ({
  kind: 'provider_distrusted',
  scope,
  evidence: 'Asked last.',
})

/** What is sick, minute by minute; minutes may be skipped, as by a cron that stands still. */
const anyHistory = fc.array(
  fc.record({
    sick: fc.subarray([...SCOPES]),
    minutes: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 1, maxLength: 40 },
)

describe('decideIncidents', () => {
  it('opens each episode once and closes it once, and never before its evidence has been gone for a minute', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let open: readonly OpenIncident[] = []
        let now = NOW
        const news: string[] = []
        const seenAt = new Map<string, number>()
        for (const { sick, minutes } of [...history, { sick: [], minutes: 9 }]) {
          now += minutes * MINUTE_MS
          for (const scope of sick) seenAt.set(scope, now)
          for (const step of decideIncidents(open, sick.map(finding), now)) {
            switch (step.step) {
              case 'open': {
                const { kind, scope, evidence } = step.finding
                expect(sick).toContain(scope)
                news.push(`${scope} opened`)
                const incident = { incidentId: `${scope} ${now}`, kind, scope, evidence }
                open = [...open, { ...incident, openedAt: now, seenAt: now }]
                break
              }
              case 'see':
                open = open.map((one) => (one === step.incident ? { ...one, seenAt: now } : one))
                break
              case 'close': {
                const { scope } = step.incident
                expect(sick).not.toContain(scope)
                expect(now - (seenAt.get(scope) ?? 0)).toBeGreaterThanOrEqual(QUIET_MS)
                news.push(`${scope} closed`)
                open = open.filter((one) => one !== step.incident)
              }
            }
          }
          expect(new Set(open.map(({ scope }) => scope)).size).toBe(open.length)
        }
        expect(open).toEqual([])
        for (const scope of SCOPES) {
          const own = news.filter((one) => one.startsWith(scope))
          expect(own).toEqual(
            own.map((_, nth) => `${scope} ${nth % 2 === 0 ? 'opened' : 'closed'}`),
          )
        }
      }),
    )
  })

  it('keeps one open that comes back within the minute', () => {
    const incident = { ...finding('twilio'), incidentId: 'i', openedAt: NOW, seenAt: NOW }
    expect(decideIncidents([incident], [], NOW + QUIET_MS - 1)).toEqual([])
    const [step] = decideIncidents([incident], [finding('twilio')], NOW + QUIET_MS - 1)
    expect(step?.step).toBe('see')
  })
})

describe('the rows', () => {
  const incident = {
    incidentId: 'inc_1',
    kind: 'dead_letters',
    scope: '*',
    openedAt: NOW,
    evidence: '1 message.',
  } as const

  it('let one of several open it, and one close it', async () => {
    const db = openMemoryDb()
    const opened = await Promise.all(
      ['inc_1', 'inc_2', 'inc_3'].map((incidentId) =>
        insertIncident(db, { ...incident, incidentId }),
      ),
    )
    expect(opened).toEqual([true, false, false])
    expect(await readOpenStatement(db)).toHaveLength(1)
    const closed = await Promise.all([1, 2].map(() => closeIncident(db, incident, NOW + 1)))
    expect(closed.filter(Boolean)).toHaveLength(1)
  })

  it('do not open one again whose message comes late, and do open the next', async () => {
    const db = openMemoryDb()
    await insertIncident(db, incident)
    await closeIncident(db, incident, NOW + 1)
    expect(await insertIncident(db, incident)).toBe(false)
    expect(await insertIncident(db, { ...incident, incidentId: 'inc_2', openedAt: NOW + 2 })).toBe(
      true,
    )
    const history = await readHistoryStatement(db, NOW + 10, 10)
    expect(history.map(({ incidentId, closedAt }) => [incidentId, closedAt])).toEqual([
      ['inc_2', null],
      ['inc_1', NOW + 1],
    ])
  })
})
