// No message leaves by a sender that a country blocks or brands: over all countries, providers, senders, routes and days.

import fc from 'fast-check'
import examples from 'libphonenumber-js/examples.mobile.json'
import { getCountries, getExampleNumber } from 'libphonenumber-js/mobile'
import { describe, expect, it } from 'vitest'
import { parsePhone } from '../../../src/account/phone.ts'
import { makeSender, type SenderKind } from '../../../src/country/sender.ts'
import { SENDER_LAW } from '../../../src/country/sender-law-data.ts'
import { chooseRoute, isUnserved, serviceFor } from '../../../src/routing/route.ts'
import { aProvider } from '../deliver/fixtures.ts'

const NAMES = ['twilio', 'infobip', 'vonage', 'sinch', 'telnyx', 'aws'] as const
const TODAY = Date.UTC(2026, 10, 28)

const phones = getCountries().map((country) => {
  const phone = parsePhone(getExampleNumber(country, examples)?.number ?? '')
  if (!phone.ok) throw new Error(country)
  return phone.value
})

type Case = {
  readonly to: (typeof phones)[number]
  readonly from: string
  readonly isRegistered: boolean
  readonly provider: string
  readonly now: number
}

/** By the rows alone, read in the plainest way: the oracle of the code that uses them. */
function isBarredByLaw({ to, from, isRegistered, provider, now }: Case): boolean {
  const kind = makeSender(from).kind
  if (kind === 'pool') return false
  const rows = SENDER_LAW.filter(
    ([country, sender, , , sinceAt, of]) =>
      country === to.country &&
      sinceAt <= now &&
      (of === null || of === provider) &&
      classOf(kind, from, to.e164) === sender,
  )
  const row = rows.find(([, , , , , of]) => of !== null) ?? rows[0]
  if (!row) return false
  const [, , standing, unregistered] = row
  if (standing === 'blocked' || standing === 'branded') return true
  const isLost = unregistered === 'blocked' || unregistered === 'branded'
  return standing === 'registration' && !isRegistered && isLost
}

function classOf(kind: SenderKind, from: string, to: string): string {
  if (kind !== 'number') return kind
  return from === to ? 'domestic_number' : 'foreign_number'
}

describe('senders that are barred', () => {
  // A number of the destination itself, and one of a country that no row speaks of.
  const sender = (to: string) => fc.constantFrom('Lockline', '72345', to, '+88212345678')
  const some = fc.constantFrom(...phones).chain((to) =>
    fc.record({
      to: fc.constant(to),
      from: sender(to.e164),
      named: fc.option(sender(to.e164), { nil: null }),
      names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }),
      now: fc.constantFrom(TODAY, Date.UTC(2022, 0, 1), Date.UTC(2030, 0, 1)),
    }),
  )

  it('are never chosen, and nobody else is left out', () => {
    fc.assert(
      fc.property(some, ({ to, from, named, names, now }) => {
        const [first] = names
        if (first === undefined) return
        const settings = {
          providers: names.map((name) => ({ ...aProvider(name), defaultSender: from })),
          routes: new Map(),
          senders:
            named === null
              ? new Map()
              : new Map([[to.e164.slice(0, 3), new Map([[first, makeSender(named)]])]]),
        }
        const chosen = chooseRoute(settings, to, now).map(({ provider }) => provider.name)
        const expected = names.filter((provider) => {
          const isRegistered = named !== null && provider === first
          const used = isRegistered ? named : from
          return !isBarredByLaw({ to, from: used, isRegistered, provider, now })
        })
        expect(chosen.toSorted()).toEqual(expected.toSorted())
        expect(isUnserved(serviceFor(settings, to, now).service)).toBe(expected.length === 0)
      }),
      { numRuns: 5_000 },
    )
  })

  it('leave every country with a way, for who registers there', () => {
    for (const to of phones) {
      const settings = {
        providers: NAMES.map((name) => ({ ...aProvider(name), defaultSender: to.e164 })),
        routes: new Map(),
        senders: new Map([
          [
            to.e164.slice(0, 3),
            new Map(NAMES.map((name) => [name, makeSender('Lockline')] as const)),
          ],
        ]),
      }
      const byNumber = chooseRoute({ ...settings, senders: new Map() }, to, TODAY)
      const byName = chooseRoute(settings, to, TODAY)
      expect([to.country, byNumber.length + byName.length]).not.toEqual([to.country, 0])
    }
  })
})
