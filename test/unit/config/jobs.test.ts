// Queue messages: what we send comes back as it was, whatever else is in a queue is refused.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAlertJob, parseCallbackJob, parseNetJob, parseSweepJob } from '../../../src/jobs.ts'

const login = {
  alertId: 'alr_1',
  accountId: '1001',
  sessionId: 's_1',
  occurredAt: 1,
  receivedAt: 2,
  country: 'DE',
  city: null,
  hosting: null,
  reserved: 'private',
  ipTail: '13.77',
  browser: 'Safari',
  os: 'iOS',
  deviceName: null,
  locale: null,
  sessionExpiresAt: null,
  deviceMark: 'bWFyazEx',
  networkMark: null,
  olderDeviceMarks: ['b2xkbWFy'],
  olderNetworkMarks: [],
  formerNetworkMarks: [],
  trace: 'S_kvNXezTaajzpKd8Q5HNg1',
}
/** What a login has that an older deployment put into the queue without it. */
const OPTIONAL = new Set([
  'deviceMark',
  'networkMark',
  'olderDeviceMarks',
  'olderNetworkMarks',
  'formerNetworkMarks',
  'trace',
  'claim',
  'shard',
])
const session = { accountId: '1001', sessionId: 's_1', endedAt: 3 }
type Job = Readonly<Record<string, unknown>> & { readonly kind: string }
type Case = readonly [string, (body: unknown) => unknown, readonly Job[], readonly Job[]]

const alertJobs: readonly Job[] = [
  { kind: 'deliver', accountId: '1001', alertId: 'alr_1' },
  { kind: 'notice', accountId: '1001', noticeId: 'ntc_1' },
  { kind: 'login', login },
  { kind: 'login', login, claim: 'token' },
  { kind: 'outcome', accountId: '1001', alertId: 'alr_1', sealed: 'c2VhbGVk' },
  { kind: 'session_end', session },
]
const callbackJobs: readonly Job[] = [
  { kind: 'callback', accountId: '1001', callbackId: 'cbk_1' },
  { kind: 'lock', accountId: '1001', alertNumber: 42, expiresAtSeconds: 5, lockedAt: 4 },
]

const sweepJobs: readonly Job[] = [
  {
    ...{ kind: 'alerts', startedAt: 1, shard: 'DB' },
    after: { receivedAt: 2, accountId: '1001', seq: 3 },
  },
  {
    ...{ kind: 'notices', startedAt: 1, shard: 'DB' },
    after: { createdAt: 2, accountId: '1001', noticeId: 'ntc_1' },
  },
  {
    ...{ kind: 'callbacks', startedAt: 1, shard: 'DB_1' },
    after: { createdAt: 2, accountId: '1', callbackId: 'cbk_1' },
  },
  { kind: 'retention', startedAt: 1, shard: 'DB_1' },
  { kind: 'incident', incidentId: 'inc_1' },
  {
    ...{ kind: 'unstored_incident', incidentId: 'inc_1', incidentKind: 'database_unavailable' },
    ...{ scope: 'DB', openedAt: 1, evidence: 'It refused.' },
  },
]

const CASES: readonly Case[] = [
  ['parseAlertJob', parseAlertJob, alertJobs, callbackJobs],
  ['parseNetJob', parseNetJob, alertJobs.slice(0, 1), [...alertJobs.slice(1), ...callbackJobs]],
  ['parseCallbackJob', parseCallbackJob, callbackJobs, alertJobs],
  ['parseSweepJob', parseSweepJob, sweepJobs, [...alertJobs, ...callbackJobs]],
]

describe.each(CASES)('%s', (_name, parse, ours, others) => {
  it.each(ours)('reads $kind as it was sent', (job) => {
    expect(parse(JSON.parse(JSON.stringify(job)))).toEqual(job)
  })

  it.each(ours)('drops from $kind what a newer deployment added', (job) => {
    expect(parse({ ...job, tenant: 'x' })).toEqual(job)
  })

  it.each(ours)('refuses $kind with any member missing or of another type', (job) => {
    const spoilt = (value: Readonly<Record<string, unknown>>): readonly unknown[] =>
      Object.entries(value).flatMap(([key, member]) => [
        ...(OPTIONAL.has(key)
          ? []
          : [Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))]),
        { ...value, [key]: typeof member === 'string' ? 7 : {} },
      ])
    const inner = job.kind === 'login' ? spoilt(login).map((one) => ({ ...job, login: one })) : []
    for (const body of [...spoilt(job), ...inner]) expect(parse(body)).toBe(null)
  })

  it.each(others)('refuses $kind, which belongs into the other queue', (job) => {
    expect(parse(job)).toBe(null)
  })

  it('refuses an account of another alphabet', () => {
    for (const job of ours) {
      if ('accountId' in job) expect(parse({ ...job, accountId: 'a/b' })).toBe(null)
    }
  })

  it('is total', () => {
    const kind = fc.constantFrom('deliver', 'login', 'session_end', 'callback', 'lock')
    const record = fc.record({ kind, login: fc.anything(), session: fc.anything() })
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue(), record), (body) => {
        expect(parse(body)).toBe(null)
      }),
    )
  })
})
