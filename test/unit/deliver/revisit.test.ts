// What is done about an alert that nobody may be at any more: a table, and that it knows every state.

import { describe, expect, it } from 'vitest'
import { decideRevisit } from '../../../src/deliver/revisit.ts'
import { ALERT_MAX_AGE_MS } from '../../../src/login/login.ts'
import { aLogin, anAttempt, NOW } from './fixtures.ts'

const WAIT_MS = 60_000
const waitUntil = (untilAt: number) => ({ step: 'wait', untilAt })
const NUDGE = { step: 'nudge' }
const CLOSE = { step: 'close' }
const SECOND_WAVE = { step: 'second_wave' }

const accepted = { attempts: [anAttempt({ startedAt: NOW })], state: 'accepted' as const }

describe('decideRevisit', () => {
  it.each([
    ['queued, never claimed', { state: 'queued', leaseUntil: null }, NOW, NUDGE],
    [
      'queued, due later',
      { state: 'queued', leaseUntil: NOW + 5_000 },
      NOW,
      waitUntil(NOW + 35_000),
    ],
    ['queued, just due', { state: 'queued', leaseUntil: NOW - 30_000 }, NOW, waitUntil(NOW)],
    [
      'gathering others',
      { state: 'queued', mergedInto: 7, leaseUntil: NOW + 5_000 },
      NOW,
      waitUntil(NOW + 5_000),
    ],
    [
      'done with gathering: it has no other message',
      { state: 'queued', mergedInto: 7, leaseUntil: NOW - 1 },
      NOW,
      NUDGE,
    ],
    ['queued, overdue', { state: 'queued', leaseUntil: NOW - 30_001 }, NOW, NUDGE],
    [
      'queued and too old: a consumer shall close it',
      { state: 'queued', leaseUntil: null },
      NOW + 2 * ALERT_MAX_AGE_MS,
      NUDGE,
    ],
    ['sending, lease run out', { state: 'sending', leaseUntil: NOW }, NOW, NUDGE],
    ['sending, lease unknown', { state: 'sending', leaseUntil: null }, NOW, NUDGE],
    [
      'sending, lease running',
      { state: 'sending', leaseUntil: NOW + 4_001 },
      NOW,
      waitUntil(NOW + 4_001),
    ],
    ['accepted, receipt not due', accepted, NOW + WAIT_MS - 1, waitUntil(NOW + WAIT_MS)],
    ['accepted, and no receipt to be expected', { ...accepted, isOpen: false }, NOW, CLOSE],
    ['accepted, receipt missing', accepted, NOW + WAIT_MS, SECOND_WAVE],
    [
      'sent, final receipt not due',
      { ...accepted, state: 'sent' },
      NOW + WAIT_MS - 1,
      waitUntil(NOW + WAIT_MS),
    ],
    ['sent, final receipt missing', { ...accepted, state: 'sent' }, NOW + WAIT_MS, CLOSE],
    [
      'second wave, receipt not due',
      { ...accepted, wave: 2 },
      NOW + WAIT_MS - 1,
      waitUntil(NOW + WAIT_MS),
    ],
    ['second wave, receipt missing', { ...accepted, wave: 2 }, NOW + WAIT_MS, CLOSE],
    ['receipt missing, too old by now', accepted, NOW + ALERT_MAX_AGE_MS + 1, CLOSE],
    ['receipt missing, just young enough', accepted, NOW + ALERT_MAX_AGE_MS, SECOND_WAVE],
    ['delivered', { state: 'delivered' }, NOW, CLOSE],
    ['undelivered', { state: 'undelivered' }, NOW, CLOSE],
    ['suppressed', { state: 'suppressed' }, NOW, CLOSE],
  ] as const)('%s', (_name, changes, now, step) => {
    expect(decideRevisit(aLogin(changes), WAIT_MS, now)).toEqual(step)
  })

  it('waits from the last call, not from the first', () => {
    const attempts = [
      anAttempt({ number: 1, startedAt: NOW - WAIT_MS }),
      anAttempt({ number: 2, startedAt: NOW }),
    ]
    const login = aLogin({ state: 'accepted', attempts })
    expect(decideRevisit(login, WAIT_MS, NOW + 1_000)).toEqual(waitUntil(NOW + WAIT_MS))
    expect(decideRevisit(login, WAIT_MS, NOW + WAIT_MS)).toEqual(SECOND_WAVE)
  })
})
