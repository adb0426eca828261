// First or last by hand: what holds where, for how long, and that every isolate follows. Nobody is ever left out.

import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  clearOrderStatement,
  forgetOrdersStatement,
  type HandOrder,
  handFacts,
  setOrderStatement,
} from '../../../src/routing/hand-orders.ts'
import { trustAgainStatements } from '../../../src/routing/trust-again.ts'
import { NOW, PROVIDERS } from '../deliver/fixtures.ts'
import { createBoardWorld } from './board-world.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

const NAMES = PROVIDERS.map(({ name }) => name)
const HOUR_MS = 3_600_000

function anOrder(scope: string, place: HandOrder['place'], sinceAt = NOW): HandOrder {
  return { scope, place, sinceAt, untilAt: sinceAt + HOUR_MS }
}

const anyOrder = fc.record({
  scope: fc.constantFrom(...NAMES.flatMap((name) => [name, `${name}/US`, `${name}/TH`])),
  place: fc.constantFrom('first' as const, 'last' as const),
  sinceAt: fc.integer({ min: NOW - 2 * HOUR_MS, max: NOW }),
  untilAt: fc.integer({ min: NOW - HOUR_MS, max: NOW + HOUR_MS }),
})

it('every isolate follows with its next reading, and for an hour', async () => {
  const world = createBoardWorld(3)
  await world.readAll()
  await setOrderStatement(world.db, anOrder('twilio', 'last'))
  await setOrderStatement(world.db, anOrder('telnyx', 'first'))
  world.at(NOW + 1_000)
  await world.readAll()
  for (const isolate of [0, 1, 2]) {
    expect(world.order('a', { isolate })).toEqual(['telnyx', 'infobip', 'vonage', 'twilio'])
  }
  world.at(NOW + HOUR_MS)
  expect(world.order('a')).toEqual(['twilio', 'infobip', 'vonage', 'telnyx'])
})

it('an order that is taken back is over with the next reading; what is over is forgotten', async () => {
  const world = createBoardWorld()
  await setOrderStatement(world.db, anOrder('twilio', 'last'))
  await world.readAll()
  expect(world.order('a').at(-1)).toBe('twilio')
  await clearOrderStatement(world.db, 'twilio', NOW)
  world.at(NOW + 1_000)
  await world.readAll()
  expect(world.order('a')[0]).toBe('twilio')
  await setOrderStatement(world.db, anOrder('twilio', 'last'))
  const forget = async (now: number) => (await forgetOrdersStatement(world.db, now)).meta.changes
  expect([await forget(NOW + HOUR_MS - 1), await forget(NOW + HOUR_MS)]).toEqual([0, 1])
})

it('who is trusted again by hand has its place back with the next reading of every isolate', async () => {
  const world = createBoardWorld(2)
  // Credentials: no probe would heal it within minutes.
  world.note({ class: 'provider_config', code: '20003' })
  await world.store()
  world.at(NOW + 3_000)
  await world.readAll()
  for (const isolate of [0, 1]) expect(world.order('a', { isolate }).at(-1)).toBe('twilio')
  const twilio = { provider: 'twilio', country: null }
  await world.db.batch([...trustAgainStatements(world.db, twilio, NOW + 3_000)])
  world.at(NOW + 4_000)
  await world.readAll()
  for (const isolate of [0, 1]) expect(world.order('a', { isolate })[0]).toBe('twilio')
})

it('what is said of a country is over what is said of all, and the newer of two pins holds', () => {
  const facts = (country: string, ...orders: readonly HandOrder[]) => {
    const { pin, resting } = handFacts(orders, NAMES, country, NOW)
    return [pin, [...resting]]
  }
  const everywhere = anOrder('twilio', 'last')
  const inTh = anOrder('twilio/TH', 'first')
  expect(facts('TH', everywhere, inTh)).toEqual(['twilio', []])
  expect(facts('DE', everywhere, inTh)).toEqual([null, ['twilio']])
  const older = anOrder('infobip', 'first', NOW - 1_000)
  expect(facts('DE', older, anOrder('vonage', 'first'))).toEqual(['vonage', []])
  expect(facts('TH', inTh, anOrder('vonage', 'first'))).toEqual(['twilio', []])
})

it('everybody is asked, whatever is said of whom; who is put last comes after all that are not', () => {
  fc.assert(
    fc.property(fc.array(anyOrder), fc.constantFrom('US', 'TH', 'DE'), (orders, country) => {
      const world = createBoardWorld()
      world.contextOf(0).routing.handOrders.push(...orders)
      const asked = world.order('a', { country })
      expect(asked.toSorted()).toEqual(NAMES.toSorted())
      const { resting } = handFacts(orders, NAMES, country, NOW)
      const tail = NAMES.length - resting.size
      expect(asked.filter((_, index) => index >= tail).every((name) => resting.has(name))).toBe(
        true,
      )
    }),
    { numRuns: 60 },
  )
})
