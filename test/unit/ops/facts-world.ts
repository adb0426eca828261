// Facts of a deployment that is well, to be made sick one by one.

import { MINUTE_MS } from '../../../src/lib/time.ts'
import type { Facts } from '../../../src/ops/facts.ts'

export const NOW = Date.UTC(2026, 10, 28, 14, 3)

export function wellFacts(changes: Partial<Facts> = {}): Facts {
  return {
    providers: ['twilio', 'infobip'],
    breakers: [],
    weights: [],
    evidence: [],
    unconfirmedLocks: [],
    partlyConfirmed: [],
    oldCallbacks: [],
    givenUp: [],
    waiting: [],
    deadLetters: [],
    queues: [{ name: 'alerts', backlog: 0, oldestAt: null }],
    databases: [aDatabase()],
    awaySlots: [],
    cronAt: NOW - MINUTE_MS,
    ...changes,
  }
}

export function aDatabase(
  changes: Partial<Facts['databases'][number]> = {},
): Facts['databases'][number] {
  return {
    name: 'DB',
    isAnswering: true,
    bytes: 1_000_000,
    bytesMax: 10_000_000_000,
    daysLeft: null,
    walk: { cursor: null, startedAt: NOW - MINUTE_MS },
    retentionAt: NOW - MINUTE_MS,
    ...changes,
  }
}

type Callback = Facts['oldCallbacks'][number]

export function aCallback(changes: Partial<Callback> = {}): Callback {
  return {
    accountId: '10482113',
    callbackId: 'cbk_1',
    type: 'session.revoked',
    state: 'open',
    attempts: 3,
    lastStatus: 500,
    lastError: null,
    createdAt: NOW - 2 * MINUTE_MS,
    nextAttemptAt: NOW + MINUTE_MS,
    ...changes,
  }
}

export function aBreaker(scope: string): Facts['breakers'][number] {
  return {
    scope,
    openedAt: NOW - MINUTE_MS,
    openUntil: NOW + MINUTE_MS,
    probeUntil: 0,
    trips: 1,
    code: 'HTTP 500',
    figure: '5 of 5 calls in 30 s',
  }
}
