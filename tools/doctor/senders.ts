// How the configured senders stand with every country, by the rules that the Worker itself sends by: where nobody may send,
// and which dated rules come into force soon. Pure.

import examples from 'libphonenumber-js/examples.mobile.json'
import { getCountries, getExampleNumber } from 'libphonenumber-js/mobile'
import { parsePhone } from '../../src/account/phone.ts'
import type { Config } from '../../src/config.ts'
import { isBarred } from '../../src/country/standing.ts'
import { DAY_MS } from '../../src/lib/time.ts'
import { chooseRoute, type RouteStep } from '../../src/routing/route.ts'
import { type Line, ok, warn } from './line.ts'

const SOON_DAYS = 60

type Routes = Pick<Config, 'providers' | 'routes' | 'senders'>

/** @param now epoch milliseconds */
export function senderLines(config: Routes, now: number): readonly Line[] {
  const routes = countries().map(({ country, phone }) => ({
    country,
    now: chooseRoute(config, phone, now),
    soon: chooseRoute(config, phone, now + SOON_DAYS * DAY_MS),
  }))
  const of = (holds: (one: (typeof routes)[number]) => boolean) =>
    routes.filter(holds).map(({ country }) => country)
  const unserved = of((one) => one.now.length === 0)
  const lost = of((one) => one.now.length > 0 && one.soon.length === 0)
  const lone = of((one) => one.now.length === 1 && config.providers.length > 1)
  const late = of((one) => one.now.length > 0 && one.now.every(isLate))
  return [
    ok(
      `${routes.length - unserved.length} of ${routes.length} countries have a sender that may be used`,
    ),
    ...told(
      unserved,
      'have none: alerts there are undelivered, PUT answers served: false',
      REGISTER,
    ),
    ...told(lost, `will have none in ${SOON_DAYS} days, by a rule with a date`, REGISTER),
    ...told(late, 'have only senders that are unregistered or said to be refused there', REGISTER),
    ...told(lone, 'have one provider alone, no other can take over', 'See docs/coverage.md.'),
    ...(config.providers.length === 1
      ? [warn('one provider is configured: nobody takes over', 'Add one to SMS_PROVIDERS.')]
      : []),
  ]
}

const REGISTER =
  'Register a sender where you have customers and name it in SMS_SENDERS; docs/coverage.md has the rules.'

const SHOWN_MAX = 25

function told(countries: readonly string[], what: string, act: string): readonly Line[] {
  if (countries.length === 0) return []
  const shown = countries.slice(0, SHOWN_MAX).join(' ')
  const more = countries.length > SHOWN_MAX ? ` and ${countries.length - SHOWN_MAX} more` : ''
  return [warn(`${countries.length} countries ${what}: ${shown}${more}`, act)]
}

function isLate({ standing }: RouteStep): boolean {
  return standing === 'registration' || standing === 'refused' || isBarred(standing)
}

function countries() {
  return getCountries().flatMap((country) => {
    const phone = parsePhone(getExampleNumber(country, examples)?.number ?? '')
    return phone.ok ? [{ country, phone: phone.value }] : []
  })
}
