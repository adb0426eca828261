// One round over a route, for every script of outcomes: who is asked, who is not, and when it ends.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failOver, nextStep } from '../../../src/routing/failover.ts'
import type { SendOutcome } from '../../../src/sms/provider.ts'
import {
  ACCEPTED,
  aCall,
  anyOutcome,
  FAILURE_CLASSES,
  failure,
  PROVIDERS,
  ROUTE,
} from '../deliver/fixtures.ts'

type Step = { readonly outcome: SendOutcome; readonly isOpen: boolean }

const script: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ outcome: anyOutcome, isOpen: fc.boolean() }),
  { maxLength: PROVIDERS.length },
)

async function play(steps: readonly Step[], firstNumber = 1) {
  const route = ROUTE.slice(0, steps.length)
  const asked: string[] = []
  const called: string[] = []
  const stepOf = (name: string) => steps[route.findIndex(({ provider }) => provider.name === name)]
  const round = await failOver(
    route,
    firstNumber,
    (provider) => {
      asked.push(provider.name)
      return !stepOf(provider.name)?.isOpen
    },
    async ({ provider }, number) => {
      called.push(provider.name)
      return aCall(provider, number, stepOf(provider.name)?.outcome ?? ACCEPTED)
    },
  )
  return { round, asked, called, route }
}

function closed(...outcomes: SendOutcome[]) {
  return play(outcomes.map((outcome) => ({ outcome, isOpen: false })))
}

describe('a round', () => {
  it('keeps every call, in the order of the route, numbered without a gap', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 50 }), async (steps, firstNumber) => {
        const { round, called, route } = await play(steps, firstNumber)
        expect(round.calls.map((call) => call.provider.name)).toEqual(called)
        expect(round.calls.map((call) => call.number)).toEqual(
          round.calls.map((_, index) => firstNumber + index),
        )
        const positions = called.map((name) => route.findIndex((one) => one.provider.name === name))
        expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b))
      }),
    )
  })

  it('ends with the call that was accepted, and then only says so', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const { round } = await play(steps)
        const acceptedAt = round.calls.findIndex(({ outcome }) => outcome.class === 'accepted')
        expect(round.conclusion === 'accepted').toBe(acceptedAt !== -1)
        if (acceptedAt !== -1) expect(acceptedAt).toBe(round.calls.length - 1)
      }),
    )
  })

  it('makes no call after an invalid number or an opt-out', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const { round } = await play(steps)
        const isStop = round.calls.map(({ outcome }) => nextStep(outcome.class) === 'stop')
        expect(isStop.slice(0, -1)).not.toContain(true)
        expect(round.conclusion === 'stopped').toBe(isStop.at(-1) ?? false)
      }),
    )
  })

  it('makes one call more at most once a handset could not be reached', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const { round } = await play(steps)
        const first = round.calls.findIndex(
          ({ outcome }) => outcome.class === 'recipient_temporary',
        )
        if (first !== -1) expect(round.calls.length - first).toBeLessThanOrEqual(2)
      }),
    )
  })

  it('spends no call, and no second opinion, on an open breaker', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const { round, called } = await play(steps)
        const healthy = await play(steps.filter((step) => !step.isOpen))
        const openNames = PROVIDERS.filter((_, index) => steps[index]?.isOpen).map((p) => p.name)
        expect(called.filter((name) => openNames.some((open) => open === name))).toEqual([])
        expect(round.calls.map(({ outcome }) => outcome)).toEqual(
          healthy.round.calls.map(({ outcome }) => outcome),
        )
      }),
    )
  })

  it('asks every provider once where nobody takes the message', async () => {
    const { round, asked } = await closed(
      failure('provider_transient'),
      failure('ambiguous'),
      failure('provider_config'),
      failure('expired'),
    )
    expect(asked).toEqual(['twilio', 'infobip', 'vonage', 'telnyx'])
    expect(round.conclusion).toBe('exhausted')
  })

  it('stops asking the breaker once nothing may be called', async () => {
    const { asked } = await closed(
      failure('recipient_temporary'),
      failure('recipient_temporary'),
      ACCEPTED,
    )
    expect(asked).toEqual(['twilio', 'infobip'])
  })

  it('is rejected only where every provider of the route refused the text itself', async () => {
    const rejected = failure('message_rejected')
    expect((await closed(rejected, rejected)).round.conclusion).toBe('rejected')
    expect((await closed(rejected, failure('ambiguous'))).round.conclusion).toBe('exhausted')
    const halfAsked = await play([
      { outcome: rejected, isOpen: false },
      { outcome: rejected, isOpen: true },
    ])
    expect(halfAsked.round.conclusion).toBe('exhausted')
    expect((await closed()).round.conclusion).toBe('exhausted')
  })
})

describe('nextStep', () => {
  it('knows every class', () => {
    expect(FAILURE_CLASSES.map((failureClass) => [failureClass, nextStep(failureClass)])).toEqual([
      ['recipient_permanent', 'stop'],
      ['recipient_temporary', 'one_more'],
      ['opted_out', 'stop'],
      ['message_rejected', 'next'],
      ['provider_config', 'next'],
      ['provider_transient', 'next'],
      ['ambiguous', 'next'],
      ['expired', 'next'],
    ])
  })
})
