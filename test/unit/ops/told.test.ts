// What is told of figures: the promise is never rounded up, evidence is called what it is worth, what is open and what is
// found are one list, the metrics are OpenMetrics, and an alert's timeline is in order.

import { describe, expect, it } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts'
import type { Incident } from '../../../src/ops/decide-incidents.ts'
import { latencyRows } from '../../../src/ops/latency.ts'
import { metricsText } from '../../../src/ops/metrics.ts'
import type { Overview } from '../../../src/ops/overview.ts'
import { mergeSick } from '../../../src/ops/sickness.ts'
import { timelineOf } from '../../../src/ops/timeline.ts'
import { hourOf, type MeasureCell } from '../../../src/watch/measure-cells.ts'
import { aLogin, anAttempt } from '../deliver/fixtures.ts'
import { NOW, wellFacts } from './facts-world.ts'

function cell(changes: Partial<MeasureCell>): MeasureCell {
  const key = { hourAt: hourOf(NOW), country: 'DE', provider: 'twilio' }
  return { ...key, counts: {}, times: {}, ...changes }
}

const within = (count: number) => [count]
const late = (count: number) => [0, 0, 0, 0, 0, 0, 0, 0, 0, count]

describe('latencyRows', () => {
  it('counts what was given up against the promise', () => {
    const [all] = latencyRows(
      [cell({ counts: { accepted: 99, undelivered: 1 }, times: { accepted: within(99) } })],
      () => 'handset',
    )
    expect(all?.keptPercent).toBe(99)
    const [less] = latencyRows(
      [
        cell({ counts: { undelivered: 1 }, times: { accepted: within(98) } }),
        cell({ times: { accepted: late(1) } }),
      ],
      () => 'handset',
    )
    expect(less?.keptPercent).toBe(98)
  })

  it.each([
    ['good', 200, 150, 'handset'],
    ['few', 99, 99, 'handset'],
    ['few_receipts', 200, 99, 'handset'],
    ['carrier_word', 200, 150, 'carrier'],
    ['carrier_word', 200, 150, 'unknown'],
    ['none', 0, 0, 'handset'],
  ] as const)(
    'says that evidence is %s of %i alerts with %i receipts by %s',
    (quality, taken, receipts, source) => {
      const counts = { accepted: taken, delivered: receipts, asked: 1 }
      const rows = latencyRows([cell({ counts, times: { accepted: within(taken) } })], () => source)
      expect(rows.find(({ country }) => country === 'DE')?.quality).toBe(quality)
    },
  )
})

describe('mergeSick', () => {
  const incident: Incident = {
    incidentId: 'inc_1',
    kind: 'lock_unconfirmed',
    scope: '*',
    openedAt: NOW - MINUTE_MS,
    seenAt: NOW,
    closedAt: null,
    evidence: 'Then.',
    isTold: true,
  }

  it('has each once: with the evidence of now where there is any, the worst first', () => {
    const found = [
      { kind: 'lock_unconfirmed', scope: '*', evidence: 'Now.' },
      { kind: 'no_provider_accepts', scope: '*', evidence: 'All.' },
    ] as const
    expect(
      mergeSick([incident], found).map(({ kind, evidence, openedAt }) => [
        kind,
        evidence,
        openedAt,
      ]),
    ).toEqual([
      ['no_provider_accepts', 'All.', null],
      ['lock_unconfirmed', 'Now.', NOW - MINUTE_MS],
    ])
    expect(mergeSick([incident], [])[0]?.evidence).toBe('Then.')
  })
})

describe('the metrics', () => {
  const overview: Overview = {
    readAt: NOW,
    status: 'degraded',
    sick: [
      {
        kind: 'provider_distrusted',
        scope: 'a"b\\c',
        evidence: 'x',
        openedAt: NOW,
        incidentId: 'i',
      },
    ],
    facts: wellFacts(),
    recent: [cell({ counts: { asked: 3 }, times: { accepted: [1, 0, 2] } })],
    recentSinceAt: NOW,
    hours: [],
    latencies: [],
    changes: [],
    acts: [],
    holds: null,
    keys: { keys: [], pass: null },
    codes: { sent: 0, segments: 0 },
    placeDataDate: '2026-06-17',
  }

  it('are OpenMetrics: each line a type, a help or a sample of the family before it, and an end', () => {
    const lines = metricsText(overview).trimEnd().split('\n')
    expect(lines.at(-1)).toBe('# EOF')
    let family = ''
    for (const line of lines.slice(0, -1)) {
      const [, name] = /^# (?:TYPE|HELP) ([a-z_]+) \S/.exec(line) ?? []
      if (name === undefined) {
        expect(line).toMatch(
          /^[a-z_]+(\{[a-z]+="(?:[^"\\]|\\.)*"(,[a-z]+="(?:[^"\\]|\\.)*")*\})? -?[\d.]+$/,
        )
        expect(line.startsWith(family)).toBe(true)
      } else family = name
    }
    expect(lines).toContain(
      'lockline_incident_open{kind="provider_distrusted",scope="a\\"b\\\\c"} 1',
    )
  })

  it('tell buckets that add up', () => {
    const text = metricsText(overview)
    expect(text).toContain('lockline_accepted_seconds_bucket{country="DE",le="0.25"} 1\n')
    expect(text).toContain('lockline_accepted_seconds_bucket{country="DE",le="+Inf"} 3\n')
    expect(text).toContain('lockline_accepted_seconds_gcount{country="DE"} 3\n')
  })
})

describe('timelineOf', () => {
  it('has all that happened, in its order', () => {
    const login = aLogin({
      occurredAt: NOW,
      receivedAt: NOW + 100,
      attempts: [
        anAttempt({
          number: 1,
          state: 'failed',
          class: 'provider_transient',
          code: '500',
          startedAt: NOW + 200,
        }),
        anAttempt({
          ...{ number: 2, provider: 'infobip', state: 'delivered', startedAt: NOW + SECOND_MS },
          ...{ sentAt: NOW + 2 * SECOND_MS, deliveredAt: NOW + 3 * SECOND_MS },
        }),
      ],
    })
    const moments = timelineOf(login)
    expect(moments.map(({ at }) => at)).toEqual(
      moments.map(({ at }) => at).toSorted((a, b) => a - b),
    )
    expect(moments.filter(({ isBad }) => isBad).map(({ what }) => what)).toEqual([
      'Attempt 1: twilio did not take it: provider_transient (500)',
    ])
    expect(moments.at(-1)?.what).toBe('Attempt 2: infobip says: arrived')
  })
})
