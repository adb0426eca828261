// Every rule of what is sick: at its bound, just within it, and what the operator is told. And that each kind there is
// has a rule, or is told elsewhere.

import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts'
import type { Facts } from '../../../src/ops/facts.ts'
import { INCIDENT_KINDS, type IncidentKind } from '../../../src/ops/incident-kinds.ts'
import { canSeeEnd, judgeHealth } from '../../../src/ops/judge.ts'
import type { SampleCell } from '../../../src/routing/route-samples.ts'
import { aBreaker, aCallback, aDatabase, NOW, wellFacts } from './facts-world.ts'

function cell(counts: SampleCell['counts'], changes: Partial<SampleCell> = {}): SampleCell {
  return { provider: 'twilio', country: 'DE', minuteAt: NOW - MINUTE_MS, counts, ...changes }
}

const alert = (ageMs: number): Facts['waiting'][number] => ({
  accountId: '1',
  seq: 1,
  alertNumber: 1,
  receivedAt: NOW - ageMs,
  state: 'queued',
})
const letter = (ageMs: number): Facts['deadLetters'][number] => ({
  messageId: 'm',
  queue: 'alerts',
  kind: 'deliver',
  accountId: '1',
  subjectId: null,
  reason: 'retries_used',
  diedAt: NOW - ageMs,
})
const filled = (percent: number) => [aDatabase({ bytes: percent * 1e8, daysLeft: 12 })]
/** The second of two databases; the first is well. */
const other = (changes: Parameters<typeof aDatabase>[0]) => ({
  databases: [aDatabase(), aDatabase({ name: 'DB_1', ...changes })],
})
const walking = (ageMs: number) => other({ walk: { cursor: 'a', startedAt: NOW - ageMs } })
const lock = (changes: Parameters<typeof aCallback>[0]) =>
  aCallback({ type: 'account.locked', ...changes })

const partly = (lockedAt: number): Facts['partlyConfirmed'][number] => ({
  ...{ accountId: '1001', lockId: 'lck_1', lockedAt },
  actions: ['sessions.revoke', 'withdrawals.hold', 'orders.cancel'],
  answers: { done: { 'withdrawals.hold': lockedAt }, failed: { 'orders.cancel': lockedAt } },
})

/** Kind, the scopes found, and the facts in which just this is found; then facts in which it is just not so. */
const RULED: readonly (readonly [
  IncidentKind,
  readonly string[],
  Partial<Facts>,
  Partial<Facts>,
])[] = [
  [
    'country_unreachable',
    ['DE'],
    { evidence: [cell({ fault: 2 }), cell({ fault: 1 }, { provider: 'infobip' })] },
    { evidence: [cell({ fault: 9 }), cell({ ok: 1 }, { provider: 'infobip' })] },
  ],
  [
    'country_unreachable',
    ['DE'],
    { evidence: [cell({ fault: 3 }), cell({ ok: 3 }, { country: 'FR' })] },
    { evidence: [cell({ fault: 9 }, { minuteAt: NOW - 6 * MINUTE_MS }), cell({ fault: 2 })] },
  ],
  [
    'lock_unconfirmed',
    ['*'],
    { unconfirmedLocks: [lock({ createdAt: NOW - 61 * SECOND_MS })] },
    { unconfirmedLocks: [lock({ createdAt: NOW - 60 * SECOND_MS })] },
  ],
  [
    'lock_unconfirmed',
    ['*'],
    { partlyConfirmed: [partly(NOW - 61 * SECOND_MS)] },
    { partlyConfirmed: [partly(NOW - 60 * SECOND_MS)] },
  ],
  ['alert_waiting', ['*'], { waiting: [alert(61 * SECOND_MS)] }, { waiting: [alert(MINUTE_MS)] }],
  [
    'provider_distrusted',
    ['twilio/TH'],
    { breakers: [aBreaker('twilio/TH')] },
    { breakers: [{ ...aBreaker('twilio/TH'), openUntil: NOW - MINUTE_MS }] },
  ],
  [
    'provider_distrusted',
    ['twilio'],
    {
      weights: [
        {
          scope: 'twilio',
          keptPercent: 25,
          relapses: 0,
          retryAt: NOW,
          changedAt: NOW,
          reason: 'receipts',
        },
      ],
    },
    {
      weights: [
        {
          scope: 'twilio',
          keptPercent: 100,
          relapses: 0,
          retryAt: NOW,
          changedAt: NOW,
          reason: 'receipts',
        },
      ],
    },
  ],
  [
    'receipts_stopped',
    ['twilio'],
    { evidence: [cell({ ok: 9, missing: 5 })] },
    {
      evidence: [
        cell({ ok: 9, missing: 50, delivered: 1 }),
        cell({ missing: 4 }, { provider: 'infobip' }),
      ],
    },
  ],
  [
    'callbacks_stopped',
    ['*'],
    { oldCallbacks: [aCallback({ attempts: 2 })] },
    { oldCallbacks: [aCallback({ attempts: 1 }), lock({ attempts: 9 })] },
  ],
  [
    'callbacks_stopped',
    ['*'],
    {
      givenUp: [
        aCallback({ state: 'stopped', lastStatus: 410, nextAttemptAt: NOW - 9 * MINUTE_MS }),
      ],
    },
    {
      givenUp: [
        aCallback({ state: 'stopped', lastStatus: 410, nextAttemptAt: NOW - 10 * MINUTE_MS }),
      ],
    },
  ],
  [
    'queue_late',
    ['alerts'],
    { queues: [{ name: 'alerts', backlog: 3, oldestAt: NOW - 121 * SECOND_MS }] },
    {
      queues: [
        { name: 'alerts', backlog: 3, oldestAt: NOW - 2 * MINUTE_MS },
        { name: 'callbacks', backlog: 9, oldestAt: NOW - HOUR_MS },
        { name: 'sweep', backlog: null, oldestAt: null },
      ],
    },
  ],
  [
    'dead_letters',
    ['*'],
    { deadLetters: [letter(HOUR_MS - 1)] },
    { deadLetters: [letter(HOUR_MS)] },
  ],
  ['database_filling', ['DB'], { databases: filled(71) }, { databases: filled(70) }],
  [
    'slot_frozen',
    ['DB_1 17'],
    { awaySlots: [{ slot: 17, to: 'DB_1', changedAt: NOW - 3 * MINUTE_MS - 1 }] },
    { awaySlots: [{ slot: 17, to: 'DB_1', changedAt: NOW - 3 * MINUTE_MS }] },
  ],
  ['retention_behind', ['DB_1 accounts'], walking(3 * DAY_MS + 1), walking(3 * DAY_MS)],
  [
    'retention_behind',
    ['DB_1 sweep'],
    other({ retentionAt: NOW - 15 * MINUTE_MS - 1 }),
    other({ retentionAt: NOW - 15 * MINUTE_MS }),
  ],
  ['database_unavailable', ['DB_1'], other({ isAnswering: false }), other({ bytes: null })],
  ['cron_still', ['cron'], { cronAt: NOW - 3 * MINUTE_MS - 1 }, { cronAt: NOW - 3 * MINUTE_MS }],
]

describe('judgeHealth', () => {
  it('finds nothing where nothing is sick, nor where nothing is known yet', () => {
    expect(judgeHealth(wellFacts(), NOW)).toEqual({ status: 'well', findings: [] })
    const fresh = wellFacts({
      cronAt: null,
      queues: [],
      databases: [aDatabase({ bytes: null, walk: null, retentionAt: null })],
    })
    expect(judgeHealth(fresh, NOW).status).toBe('well')
  })

  it.each(RULED)('finds %s of %j, and not a moment sooner', (kind, scopes, sick, nearly) => {
    const { status, findings } = judgeHealth(wellFacts(sick), NOW)
    expect(findings.map((finding) => [finding.kind, finding.scope])).toEqual(
      scopes.map((scope) => [kind, scope]),
    )
    expect(status).toBe(INCIDENT_KINDS[kind].severity)
    for (const { evidence } of findings) expect(evidence).toMatch(/^[A-Z0-9].*\.$/)
    expect(judgeHealth(wellFacts(nearly), NOW).findings).toEqual([])
  })

  it('is down where every provider is distrusted everywhere, and says so first', () => {
    const breakers = [aBreaker('infobip'), aBreaker('twilio')]
    const { status, findings } = judgeHealth(wellFacts({ breakers }), NOW)
    expect(status).toBe('down')
    expect(findings.map(({ kind }) => kind)).toEqual([
      'no_provider_accepts',
      'provider_distrusted',
      'provider_distrusted',
    ])
    const elsewhere = [aBreaker('infobip/TH'), aBreaker('twilio')]
    expect(judgeHealth(wellFacts({ breakers: elsewhere }), NOW).status).toBe('degraded')
  })

  it('has a rule for every kind, but for the one that is told where there is nothing to judge by', () => {
    const ruled = new Set<string>([...RULED.map(([kind]) => kind), 'no_provider_accepts'])
    const without = Object.keys(INCIDENT_KINDS).filter((kind) => !ruled.has(kind))
    expect(without).toEqual(['settings_broken'])
  })

  it('says how many and for how long, and what was answered', () => {
    const unconfirmedLocks = [
      lock({ createdAt: NOW - 5 * MINUTE_MS, attempts: 7, lastStatus: null, lastError: 'timeout' }),
      lock({ createdAt: NOW - 2 * MINUTE_MS }),
    ]
    const partlyConfirmed = [partly(NOW - 3 * MINUTE_MS)]
    const { findings } = judgeHealth(wellFacts({ unconfirmedLocks, partlyConfirmed }), NOW)
    expect(findings.map(({ evidence }) => evidence)).toEqual([
      '2 locks not confirmed, the oldest for 5 min: timeout after 7 attempts. 1 lock confirmed in part, the oldest for 3 min: sessions.revoke not confirmed, orders.cancel failed.',
    ])
  })
})

describe('canSeeEnd', () => {
  const { databases } = other({ isAnswering: false })

  it.each([
    ['lock_unconfirmed', '*', false],
    ['alert_waiting', '*', false],
    ['callbacks_stopped', '*', false],
    ['database_filling', 'DB_1', false],
    ['retention_behind', 'DB_1 sweep', false],
    ['slot_frozen', 'DB 17', false],
    ['database_filling', 'DB', true],
    ['retention_behind', 'DB accounts', true],
    ['provider_distrusted', 'twilio', true],
    ['dead_letters', '*', true],
  ] as const)('of %s of %s, with DB_1 silent, is %s', (kind, scope, expected) => {
    expect(canSeeEnd(wellFacts({ databases }), { kind, scope })).toBe(expected)
    expect(canSeeEnd(wellFacts(), { kind, scope })).toBe(true)
  })

  it.each([
    ['lock_unconfirmed', '*', false],
    ['alert_waiting', '*', false],
    ['callbacks_stopped', '*', false],
    ['slot_frozen', 'DB_1 17', true],
    ['dead_letters', '*', true],
  ] as const)('of %s of %s, with a slot in no database, is %s', (kind, scope, expected) => {
    const awaySlots = [{ slot: 18, to: 'DB_1', changedAt: NOW }]
    expect(canSeeEnd(wellFacts({ awaySlots }), { kind, scope })).toBe(expected)
  })
})
