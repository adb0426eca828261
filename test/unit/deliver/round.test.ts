// What a round means for its alert, and how rounds follow each other until the alert is settled.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decideAfterRound,
  nextAttemptNumber,
  remainingRoute,
  retryDelaySeconds,
  toAttempt,
} from '../../../src/deliver/round.ts'
import type { Attempt } from '../../../src/login/attempt.ts'
import { ALERT_MAX_AGE_MS, type Login } from '../../../src/login/login.ts'
import { failOver } from '../../../src/routing/failover.ts'
import type { RouteStep } from '../../../src/routing/route.ts'
import type { SendOutcome } from '../../../src/sms/provider.ts'
import {
  ACCEPTED,
  aCall,
  aLogin,
  anAttempt,
  anyOutcome,
  aProvider,
  failure,
  NOW,
  PROVIDERS,
  ROUTE,
} from './fixtures.ts'

const [first = aProvider('twilio'), second = aProvider('infobip')] = PROVIDERS
const RETRIES_MAX = 60

function names(route: readonly RouteStep[]) {
  return route.map(({ provider }) => provider.name)
}

const left = (attempts: readonly Attempt[], now = NOW) => {
  const { steps, comesLater } = remainingRoute(ROUTE, attempts, NOW, now)
  return comesLater ? 'later' : names(steps)
}

describe('remainingRoute', () => {
  it('leaves out who holds the message, failed it later, or refused the text', () => {
    const attempts = [
      anAttempt({ number: 1, provider: 'twilio', state: 'sent' }),
      anAttempt({
        number: 2,
        provider: 'infobip',
        state: 'failed',
        failedAt: NOW,
        class: 'expired',
      }),
      anAttempt({ number: 3, provider: 'vonage', state: 'failed', class: 'message_rejected' }),
    ]
    expect(left(attempts)).toEqual(['telnyx'])
  })

  it('asks again who did not answer or was only out of order', () => {
    const attempts = [
      anAttempt({ number: 1, provider: 'twilio', state: 'unknown', class: 'ambiguous' }),
      anAttempt({ number: 2, provider: 'infobip', state: 'failed', class: 'provider_transient' }),
    ]
    expect(left(attempts)).toEqual(names(ROUTE))
  })

  it('is empty once a receipt said opted_out, which the queue may learn between two rounds', () => {
    expect(left([anAttempt({ state: 'failed', class: 'opted_out', failedAt: NOW })])).toEqual([])
  })

  it('A4 asks the others where one provider denies the number, and nobody once two do', () => {
    const denied = { state: 'failed', class: 'recipient_permanent', failedAt: NOW } as const
    expect(left([anAttempt({ number: 1, provider: 'twilio', ...denied })])).toEqual([
      'infobip',
      'vonage',
      'telnyx',
    ])
    const two = [
      anAttempt({ number: 1, provider: 'twilio', ...denied }),
      anAttempt({ number: 2, provider: 'infobip', ...denied }),
    ]
    expect(left(two)).toEqual([])
  })

  it('A5 asks who reported a failure again where nobody else is left, each time later', () => {
    const failed = (startedAt: number, number: number) =>
      PROVIDERS.map(({ name }, index) =>
        anAttempt({
          number: number + index,
          provider: name,
          state: 'failed',
          class: 'unclear',
          startedAt,
          failedAt: startedAt,
        }),
      )
    const once = failed(NOW, 1)
    expect(left(once, NOW + 59_999)).toBe('later')
    expect(left(once, NOW + 60_000)).toEqual(names(ROUTE))
    const thrice = [...once, ...failed(NOW + 240_000, 5)]
    expect(left(thrice, NOW + 479_999)).toBe('later')
    expect(left(thrice, NOW + 480_000)).toEqual(names(ROUTE))
  })

  it('never asks again who refused the text itself', () => {
    const refused = PROVIDERS.map(({ name }, index) =>
      anAttempt({ number: index + 1, provider: name, state: 'failed', class: 'message_rejected' }),
    )
    expect(left(refused, NOW + ALERT_MAX_AGE_MS)).toEqual([])
  })
})

describe('decideAfterRound', () => {
  const finished = (...outcomes: SendOutcome[]) =>
    outcomes.map((outcome, index) =>
      toAttempt(aCall(PROVIDERS[index] ?? first, index + 1, outcome)),
    )

  it('waits for the receipt of a first wave that was accepted', () => {
    const round = {
      conclusion: 'accepted' as const,
      attempts: finished(ACCEPTED),
      awaitsReceipt: true,
    }
    expect(decideAfterRound(aLogin(), round, NOW)).toEqual({
      change: { state: 'accepted', attempts: round.attempts, isOpen: true, leaseUntil: null },
      undelivered: null,
      retryAfterSeconds: null,
    })
    expect(decideAfterRound(aLogin({ wave: 2 }), round, NOW).change.isOpen).toBe(false)
    const silent = { ...round, awaitsReceipt: false }
    expect(decideAfterRound(aLogin(), silent, NOW).change.isOpen).toBe(false)
  })

  it('comes again while the alert is young and nobody took it', () => {
    const round = {
      conclusion: 'exhausted' as const,
      attempts: finished(failure('provider_transient')),
      awaitsReceipt: false,
    }
    const now = NOW + 20_000
    expect(decideAfterRound(aLogin(), round, now)).toEqual({
      change: {
        state: 'queued',
        attempts: round.attempts,
        isOpen: true,
        leaseUntil: now + 5_000,
      },
      undelivered: null,
      retryAfterSeconds: 5,
    })
  })

  it('gives up an alert that is too old to help', () => {
    const round = { conclusion: 'exhausted' as const, attempts: [], awaitsReceipt: false }
    const at = (now: number) => decideAfterRound(aLogin(), round, now)
    expect(at(NOW + ALERT_MAX_AGE_MS).undelivered).toBe(null)
    expect(at(NOW + ALERT_MAX_AGE_MS + 1)).toMatchObject({
      change: { state: 'undelivered', isOpen: false },
      undelivered: 'too_old',
    })
  })

  it.each(['recipient_permanent', 'opted_out'] as const)(
    'gives up at once on %s of two',
    (failureClass) => {
      const round = {
        conclusion: 'stopped' as const,
        attempts: finished(failure(failureClass), failure(failureClass)),
        awaitsReceipt: true,
      }
      expect(decideAfterRound(aLogin(), round, NOW)).toMatchObject({
        change: { state: 'undelivered', isOpen: false, leaseUntil: null },
        undelivered: failureClass,
        retryAfterSeconds: null,
      })
    },
  )

  it('names the failure rather than the missing route when no provider is left', () => {
    const login = aLogin({
      attempts: [anAttempt({ state: 'failed', class: 'expired', code: 'x', failedAt: NOW })],
    })
    const round = { conclusion: 'no_route' as const, attempts: [], awaitsReceipt: false }
    expect(decideAfterRound(login, round, NOW).undelivered).toBe('expired')
    expect(decideAfterRound(aLogin(), round, NOW).undelivered).toBe('no_route')
  })

  it('keeps the receipt that overtook the record of the call', () => {
    const login = aLogin({
      attempts: [
        anAttempt({ state: 'delivered', deliveredAt: NOW + 90, durationMs: 0, segments: 0 }),
      ],
    })
    const round = {
      conclusion: 'accepted' as const,
      attempts: finished(ACCEPTED),
      awaitsReceipt: true,
    }
    const { change } = decideAfterRound(login, round, NOW + 200)
    expect(change).toMatchObject({ state: 'delivered', isOpen: false })
    expect(change.attempts).toEqual([
      { ...round.attempts[0], state: 'delivered', deliveredAt: NOW + 90 },
    ])
  })

  it('sends a young alert on where the receipt that overtook the record was a failure', () => {
    const login = aLogin({
      attempts: [
        anAttempt({ state: 'failed', class: 'recipient_temporary', code: 'x', failedAt: NOW + 90 }),
      ],
    })
    const round = {
      conclusion: 'accepted' as const,
      attempts: finished(ACCEPTED),
      awaitsReceipt: true,
    }
    const after = decideAfterRound(login, round, NOW + 200)
    expect(after.change).toMatchObject({ state: 'queued', isOpen: true })
    expect(after.undelivered).toBe(null)
    expect(after.retryAfterSeconds).not.toBe(null)
  })

  it('stops where the receipt that overtook the record was an opt-out', () => {
    const login = aLogin({
      attempts: [anAttempt({ state: 'failed', class: 'opted_out', code: 'x', failedAt: NOW + 90 })],
    })
    const round = {
      conclusion: 'accepted' as const,
      attempts: finished(ACCEPTED),
      awaitsReceipt: true,
    }
    expect(decideAfterRound(login, round, NOW + 200)).toMatchObject({
      change: { state: 'undelivered', isOpen: false },
      undelivered: 'opted_out',
    })
  })

  it('lets go of old refusals, never of an attempt that may still arrive', () => {
    const old = Array.from({ length: 60 }, (_, index) =>
      anAttempt({
        number: index + 1,
        provider: index % 2 === 0 ? 'twilio' : 'infobip',
        state: index < 3 ? 'unknown' : 'failed',
        class: index < 3 ? 'ambiguous' : 'provider_transient',
      }),
    )
    const round = { conclusion: 'exhausted' as const, attempts: [], awaitsReceipt: false }
    const kept = decideAfterRound(aLogin({ attempts: old }), round, NOW).change.attempts ?? []
    expect(kept.map((attempt) => attempt.number)).toEqual([
      1,
      2,
      3,
      ...Array.from({ length: 37 }, (_, index) => 24 + index),
    ])
    expect(nextAttemptNumber(kept)).toBe(61)
  })

  it('is total, and says one thing: settled, waiting for a receipt, or coming again', () => {
    const anyAttempts = fc
      .array(anyOutcome, { maxLength: 4 })
      .map((outcomes) => finished(...outcomes))
    fc.assert(
      fc.property(
        fc.constantFrom('accepted', 'stopped', 'rejected', 'exhausted', 'no_route'),
        anyAttempts,
        anyAttempts,
        fc.boolean(),
        fc.nat(2 * ALERT_MAX_AGE_MS),
        (conclusion, known, attempts, awaitsReceipt, ageMs) => {
          const login = aLogin({ attempts: known })
          const round = { conclusion, attempts, awaitsReceipt }
          const after = decideAfterRound(login, round, NOW + ageMs)
          const { state, isOpen } = after.change
          expect(after.undelivered !== null).toBe(state === 'undelivered')
          expect(after.retryAfterSeconds !== null).toBe(state === 'queued')
          if (state === 'queued') expect(isOpen).toBe(true)
          if (state === 'undelivered') expect(isOpen).toBe(false)
        },
      ),
    )
  })
})

describe('retryDelaySeconds', () => {
  it('is whole seconds from 1 to 30 and never shrinks with age', () => {
    fc.assert(
      fc.property(fc.nat(2 * ALERT_MAX_AGE_MS), fc.nat(60_000), (ageMs, moreMs) => {
        const delay = retryDelaySeconds(ageMs)
        expect(Number.isInteger(delay) && delay >= 1 && delay <= 30).toBe(true)
        expect(retryDelaySeconds(ageMs + moreMs)).toBeGreaterThanOrEqual(delay)
      }),
    )
  })
})

/** Plays queue and providers in fake time; each call takes `callMs`, each queue hop `hopMs`. */
async function deliver(
  scripts: readonly (readonly SendOutcome[])[],
  { callMs = 0, hopMs = 0 } = {},
) {
  const route = ROUTE.slice(0, scripts.length)
  const turns = new Map<string, number>()
  let now = NOW
  let login: Login = aLogin()
  let retries = 0
  for (;;) {
    const remaining = remainingRoute(route, login.attempts, login.receivedAt, now)
    const { round } = await failOver(remaining.steps, nextAttemptNumber(login.attempts), {
      // Nobody is silent for long enough here; failover.test.ts has those.
      after: () => () => {},
      now: () => now,
      hedgeMs: () => 600,
      onSilence: () => false,
      overtaken: ({ provider }, number) => aCall(provider, number, failure('ambiguous')),
      call: async (step, number) => {
        const { provider } = step
        const turn = turns.get(provider.name) ?? 0
        turns.set(provider.name, turn + 1)
        const startedAt = now
        now += callMs
        const outcomes = scripts[route.indexOf(step)] ?? []
        const outcome = outcomes[Math.min(turn, outcomes.length - 1)] ?? failure('ambiguous')
        return { ...aCall(provider, number, outcome), startedAt, durationMs: callMs }
      },
    })
    const isEnd = remaining.steps.length === 0 && !remaining.comesLater
    const conclusion = isEnd ? 'no_route' : round.conclusion
    const attempts = round.calls.map(toAttempt)
    const finished = { conclusion, attempts, awaitsReceipt: true } as const
    const after = decideAfterRound(login, finished, now)
    login = { ...login, ...after.change }
    if (after.retryAfterSeconds === null) return { login, after, retries, now, calls: turns }
    retries += 1
    now += after.retryAfterSeconds * 1_000 + hopMs
  }
}

describe('a whole alert', () => {
  const outcomes = fc.array(anyOutcome, { minLength: 1, maxLength: 4 })

  it('ends accepted or undelivered, within its age and the queue’s retries', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(outcomes, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0, 40, 1_500),
        fc.constantFrom(0, 300),
        async (scripts, callMs, hopMs) => {
          const { login, after, retries, now } = await deliver(scripts, { callMs, hopMs })
          expect(['accepted', 'undelivered']).toContain(login.state)
          expect(after.undelivered !== null).toBe(login.state === 'undelivered')
          expect(retries).toBeLessThan(RETRIES_MAX)
          expect(now - NOW).toBeLessThanOrEqual(ALERT_MAX_AGE_MS + 30_300 + 4 * callMs)
        },
      ),
    )
  })

  it('numbers its calls without a gap over all rounds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(outcomes, { minLength: 1, maxLength: 4 }), async (scripts) => {
        const { login, calls } = await deliver(scripts, { callMs: 1_500 })
        const made = [...calls.values()].reduce((sum, count) => sum + count, 0)
        const numbers = login.attempts.map((attempt) => attempt.number)
        expect(nextAttemptNumber(login.attempts)).toBe(made + 1)
        expect(new Set(numbers).size).toBe(numbers.length)
        if (made <= 40) expect(numbers).toEqual(numbers.map((_, index) => index + 1))
      }),
    )
  })

  it('retries the most when calls fail at once, and still stays under the queue’s limit', async () => {
    const { login, after, retries } = await deliver([[failure('provider_transient')]])
    expect(login.state).toBe('undelivered')
    expect(after.undelivered).toBe('too_old')
    expect(retries).toBeGreaterThan(30)
    expect(retries).toBeLessThan(RETRIES_MAX)
  })

  it('is sent as soon as one provider is back', async () => {
    const down = Array.from({ length: 12 }, () => failure('provider_transient'))
    const { login, now } = await deliver([[...down, ACCEPTED], [failure('ambiguous')]])
    expect(login.state).toBe('accepted')
    expect(now - NOW).toBeLessThan(60_000)
  })

  it('does not ask a provider again that refused the text', async () => {
    const { calls, login } = await deliver([[failure('message_rejected')], [failure('ambiguous')]])
    expect(calls.get(first.name)).toBe(1)
    expect(calls.get(second.name)).toBeGreaterThan(30)
    expect(login.state).toBe('undelivered')
  })
})

describe('a number that is gone when a round begins', () => {
  const round = { conclusion: 'no_number', attempts: [], awaitsReceipt: false } as const
  const settled = (login: Login) => {
    const { change, undelivered } = decideAfterRound(login, round, NOW)
    return { state: change.state, isOpen: change.isOpen, undelivered }
  }

  it('means that nobody is told, where nobody was ever called', () => {
    expect(settled(aLogin())).toEqual({ state: 'suppressed', isOpen: false, undelivered: null })
  })

  it.each(['no_number', 'opted_out', 'number_invalid'] as const)(
    'says %s as it is',
    (conclusion) => {
      const { change } = decideAfterRound(aLogin(), { ...round, conclusion }, NOW)
      expect(change.suppressionReason).toBe(conclusion)
    },
  )

  it('takes nothing back from a provider that has the text', () => {
    const attempts = [anAttempt({ number: 1, state: 'accepted' })]
    const accepted = { state: 'accepted', isOpen: false, undelivered: null }
    expect(settled(aLogin({ wave: 2, attempts }))).toEqual(accepted)
  })

  it('gives up what was called in vain, and says so', () => {
    const attempts = [anAttempt({ number: 1, state: 'failed', class: 'provider_transient' })]
    const given = { state: 'undelivered', isOpen: false, undelivered: 'provider_transient' }
    expect(settled(aLogin({ attempts }))).toEqual(given)
  })
})
