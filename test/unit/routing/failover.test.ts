// One round over a route, for every script of outcomes: who is asked, who is not, and when it ends.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failOver } from '../../../src/routing/failover.ts'
import type { SendOutcome } from '../../../src/sms/provider.ts'
import { ACCEPTED, aCall, anyOutcome, failure, NOW, PROVIDERS, ROUTE } from '../deliver/fixtures.ts'
import { createClock } from './virtual-clock.ts'

type Step = {
  readonly outcome: SendOutcome
  /** Without one it answers at once. */
  readonly answersAfterMs?: number
}

const HEDGE_MS = 600
const DEADLINE_MS = 1_500

const script: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ outcome: anyOutcome, answersAfterMs: fc.constantFrom(0, 20, 700, 1_400, 9_000) }),
  { maxLength: PROVIDERS.length },
)

type Play = {
  readonly firstNumber?: number
  /** Of the budget, after so many calls. */
  readonly isAllowed?: (asked: number) => boolean
  readonly stalledMs?: number
  /** On the route; one for each step where nothing is said. */
  readonly providers?: number
}

/** In virtual time; who has no answer by the deadline is ambiguous. */
async function play(steps: readonly Step[], options: Play = {}) {
  const { firstNumber = 1, isAllowed = () => true, stalledMs = 0 } = options
  const clock = createClock()
  clock.stall(stalledMs)
  const route = ROUTE.slice(0, options.providers ?? steps.length)
  const called: string[] = []
  const silent: string[] = []
  const calledAt: number[] = []
  let running = 0
  let mostAtOnce = 0
  const playing = failOver(route, firstNumber, {
    after: clock.after,
    now: clock.now,
    hedgeMs: () => HEDGE_MS,
    onSilence: ({ provider }, _number, next) => {
      silent.push(provider.name)
      return next !== null && isAllowed(called.length)
    },
    overtaken: ({ provider }, number) =>
      aCall(provider, number, { class: 'ambiguous', code: 'overtaken' }),
    call: async ({ provider }, number) => {
      const { outcome, answersAfterMs = 0 } = steps[called.length] ?? { outcome: ACCEPTED }
      called.push(provider.name)
      calledAt.push(clock.now())
      running += 1
      mostAtOnce = Math.max(mostAtOnce, running)
      await clock.pause(Math.min(answersAfterMs, DEADLINE_MS))
      running -= 1
      const isLate = answersAfterMs >= DEADLINE_MS
      return aCall(provider, number, isLate ? { class: 'ambiguous', code: 'timeout' } : outcome)
    },
  })
  let endedAt = 0
  void playing.then(() => {
    endedAt = clock.now()
  })
  await clock.run()
  const { round, later } = await playing
  return { round, called, calledAt, silent, route, mostAtOnce, endedAt, later: await later }
}

function atOnce(...outcomes: SendOutcome[]) {
  return play(outcomes.map((outcome) => ({ outcome })))
}

describe('a round', () => {
  it('keeps every call, one accepted last, numbered without a gap as they were made', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 50 }), async (steps, firstNumber) => {
        const { round, called, route } = await play(steps, { firstNumber })
        const byNumber = [...round.calls].sort((a, b) => a.number - b.number)
        expect(byNumber.map((call) => call.provider.name)).toEqual(called)
        expect(byNumber.map((call) => call.number)).toEqual(
          called.map((_, index) => firstNumber + index),
        )
        const inTurn = [...route, ...route.slice(0, 1)].map(({ provider }) => provider.name)
        expect(called).toEqual(inTurn.slice(0, called.length))
        const isAccepted = round.calls.map(({ outcome }) => outcome.class === 'accepted')
        expect(isAccepted.slice(0, -1)).not.toContain(true)
        expect(round.conclusion === 'accepted').toBe(isAccepted.at(-1) ?? false)
      }),
    )
  })

  it('has two calls under way at most', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.boolean(), async (steps, isAllowed) => {
        const { mostAtOnce } = await play(steps, { isAllowed: () => isAllowed })
        expect(mostAtOnce).toBeLessThanOrEqual(isAllowed ? 2 : 1)
      }),
    )
  })

  it('ends only when everyone was asked, somebody took it or nobody can help', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.boolean(), async (steps, isAllowed) => {
        const { round, called, route } = await play(steps, { isAllowed: () => isAllowed })
        const isCut = round.calls.some(({ outcome }) =>
          ['accepted', 'opted_out', 'recipient_temporary'].includes(outcome.class),
        )
        if (!isCut && round.conclusion !== 'stopped') {
          expect(new Set(called).size).toBe(route.length)
        }
      }),
    )
  })

  it('tells later of exactly those it overtook, by their numbers', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const { round, later } = await play(steps)
        const overtaken = round.calls.filter(
          ({ outcome }) => outcome.class === 'ambiguous' && outcome.code === 'overtaken',
        )
        expect(later.map(({ number }) => number)).toEqual(overtaken.map(({ number }) => number))
      }),
    )
  })

  it('A4 makes no call after an opt-out, or once two providers deny the number', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const { round } = await play(steps.map(({ outcome }) => ({ outcome })))
        const isStop = round.calls.map(({ outcome }, index) => {
          const before = round.calls.slice(0, index)
          const isDenied = before.some((call) => call.outcome.class === 'recipient_permanent')
          return (
            outcome.class === 'opted_out' || (outcome.class === 'recipient_permanent' && isDenied)
          )
        })
        expect(isStop.slice(0, -1)).not.toContain(true)
        expect(round.conclusion === 'stopped').toBe(isStop.at(-1) ?? false)
      }),
    )
  })

  it('A4 asks a second provider where one denies the number, and takes its yes', async () => {
    const { called, round } = await atOnce(failure('recipient_permanent'), ACCEPTED)
    expect(called).toEqual(['twilio', 'infobip'])
    expect(round.conclusion).toBe('accepted')
  })

  it('makes one call more at most once a handset could not be reached', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const { round } = await play(steps.map(({ outcome }) => ({ outcome })))
        const first = round.calls.findIndex(
          ({ outcome }) => outcome.class === 'recipient_temporary',
        )
        if (first !== -1) expect(round.calls.length - first).toBeLessThanOrEqual(2)
      }),
    )
  })

  it('counts a call beside as the second opinion on a handset', async () => {
    const { called } = await play([
      { outcome: failure('recipient_temporary'), answersAfterMs: 700 },
      { outcome: failure('recipient_temporary'), answersAfterMs: 700 },
      { outcome: ACCEPTED },
    ])
    expect(called).toEqual(['twilio', 'infobip'])
  })

  it('asks every provider once where nobody takes the message', async () => {
    const { round, called } = await atOnce(
      failure('provider_transient'),
      failure('ambiguous'),
      failure('provider_config'),
      failure('expired'),
    )
    expect(called).toEqual(['twilio', 'infobip', 'vonage', 'telnyx'])
    expect(round.conclusion).toBe('exhausted')
  })

  it('is rejected only where every provider of the route refused the text itself', async () => {
    const rejected = failure('message_rejected')
    expect((await atOnce(rejected, rejected)).round.conclusion).toBe('rejected')
    expect((await atOnce(rejected, failure('ambiguous'))).round.conclusion).toBe('exhausted')
    expect((await atOnce()).round.conclusion).toBe('exhausted')
  })
})

describe('a call that is silent', () => {
  const hangs = { outcome: ACCEPTED, answersAfterMs: 9_000 }

  it('is overtaken by the next, and settled later', async () => {
    const { round, calledAt, endedAt, later, silent } = await play([hangs, { outcome: ACCEPTED }])
    expect(calledAt.map((at) => at - NOW)).toEqual([0, HEDGE_MS])
    expect(endedAt - NOW).toBe(HEDGE_MS)
    expect(round.calls.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, { class: 'ambiguous', code: 'overtaken' }],
      [2, ACCEPTED],
    ])
    expect(later.map(({ outcome }) => outcome)).toEqual([{ class: 'ambiguous', code: 'timeout' }])
    expect(silent).toEqual(['twilio'])
  })

  it('wins if it answers before the one beside it', async () => {
    const { round, later } = await play([
      { outcome: ACCEPTED, answersAfterMs: 700 },
      { outcome: ACCEPTED, answersAfterMs: 1_400 },
    ])
    expect(round.calls.map(({ number }) => number)).toEqual([2, 1])
    expect(later).toMatchObject([{ number: 2, outcome: ACCEPTED }])
  })

  it('is waited for until its deadline where the budget says no', async () => {
    const { calledAt } = await play([hangs, { outcome: ACCEPTED }], {
      isAllowed: () => false,
    })
    expect(calledAt.map((at) => at - NOW)).toEqual([0, DEADLINE_MS])
  })

  it('leaves the third its turn when one of two has failed', async () => {
    const { calledAt } = await play([hangs, hangs, { outcome: ACCEPTED }])
    expect(calledAt.map((at) => at - NOW)).toEqual([0, HEDGE_MS, DEADLINE_MS])
  })

  it('is not waited for when the one beside it fails: the next is asked at once', async () => {
    const fails = { outcome: failure('provider_transient'), answersAfterMs: 20 }
    const { calledAt } = await play([hangs, fails, { outcome: ACCEPTED }])
    expect(calledAt.map((at) => at - NOW)).toEqual([0, HEDGE_MS, HEDGE_MS + 20])
  })

  it('is asked once more where all are silent, once its own call is over', async () => {
    const { called, calledAt, endedAt, round } = await play([hangs, hangs, { outcome: ACCEPTED }], {
      providers: 2,
    })
    expect(called).toEqual(['twilio', 'infobip', 'twilio'])
    expect(calledAt.map((at) => at - NOW)).toEqual([0, HEDGE_MS, DEADLINE_MS])
    expect(endedAt - NOW).toBe(DEADLINE_MS)
    expect(round.conclusion).toBe('accepted')
  })

  it('is asked once more, and not again', async () => {
    const { called, round } = await play([hangs, hangs, hangs, hangs], { providers: 2 })
    expect(called).toEqual(['twilio', 'infobip', 'twilio'])
    expect(round.conclusion).toBe('exhausted')
  })

  it('is not asked once more where the budget says no', async () => {
    const isAllowed = (asked: number) => asked < 2
    const { called } = await play([hangs, hangs, hangs], { providers: 2, isAllowed })
    expect(called).toEqual(['twilio', 'infobip'])
  })

  it('is not asked once more where somebody has answered, or alone', async () => {
    const fails = { outcome: failure('provider_transient'), answersAfterMs: 20 }
    expect((await play([fails, hangs])).called).toEqual(['twilio', 'infobip'])
    expect((await play([hangs])).called).toEqual(['twilio'])
  })

  it('is noted even where nobody else is left to ask', async () => {
    const { silent, round } = await play([hangs])
    expect(silent).toEqual(['twilio'])
    expect(round.conclusion).toBe('exhausted')
  })
})

describe('a process that was kept waiting itself', () => {
  const [quick, silent] = [
    { outcome: ACCEPTED, answersAfterMs: 620 },
    { outcome: ACCEPTED, answersAfterMs: 9_000 },
  ]

  it('does not take its own delay for a provider’s silence', async () => {
    const { called, silent: noticed } = await play([quick, quick], { stalledMs: 900 })
    expect([called, noticed]).toEqual([['twilio'], []])
  })

  it('notices a provider that is silent after that, too', async () => {
    const { called, calledAt } = await play([silent, { outcome: ACCEPTED }], { stalledMs: 900 })
    expect(called).toEqual(['twilio', 'infobip'])
    expect((calledAt[1] ?? 0) - (calledAt[0] ?? 0)).toBe(1_200)
  })

  it('is not patient for a timer that is a little late', async () => {
    const { calledAt } = await play([silent, quick], { stalledMs: 700 })
    expect((calledAt[1] ?? 0) - (calledAt[0] ?? 0)).toBe(700)
  })
})
