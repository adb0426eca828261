// Every territory there is: its example mobile number through parsing, route, sender, rules and text, in
// the language that is likeliest there.

import examples from 'libphonenumber-js/examples.mobile.json'
import { type CountryCode, getCountries, getExampleNumber } from 'libphonenumber-js/mobile'
import { describe, expect, it } from 'vitest'
import { parsePhone } from '../../../src/account/phone.ts'
import { composeAlert, SEGMENTS_MAX } from '../../../src/alert/compose.ts'
import { countSegments } from '../../../src/alert/segments.ts'
import { textRules } from '../../../src/deliver/text-rules.ts'
import { chooseRoute, serviceOf } from '../../../src/routing/route.ts'
import { chooseLanguage } from '../../../src/words/languages.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'
import { aProvider } from '../deliver/fixtures.ts'

const NAMES = ['twilio', 'infobip', 'vonage', 'sinch', 'telnyx', 'aws'] as const
const countries = getCountries()

function routeTo(country: CountryCode, from: string) {
  const e164 = getExampleNumber(country, examples)?.number ?? ''
  const phone = parsePhone(e164)
  if (!phone.ok) throw new Error(`${country}: ${phone.error}`)
  const providers = NAMES.map((name) => ({ ...aProvider(name), defaultSender: from }))
  const route = chooseRoute({ providers, routes: new Map(), senders: new Map() }, phone.value)
  return { phone: phone.value, route }
}

describe('all territories', () => {
  it('are 245', () => {
    expect(countries).toHaveLength(245)
  })

  it.each(countries)('%s has a way, or says that it has none', (country) => {
    for (const from of ['Lockline', '+12025550100']) {
      const { phone, route } = routeTo(country, from)
      expect(route).toHaveLength(NAMES.length)
      const language = chooseLanguage([new Intl.Locale(`und-${country}`).maximize().language])
      for (const step of route) {
        const rules = textRules(step, phone, 'BitEx')
        const { text, segments } = composeAlert(USUAL_ALERT, rules, language)
        expect(segments).toBeLessThanOrEqual(SEGMENTS_MAX[countSegments(text).encoding])
        expect(text.includes(USUAL_ALERT.lockUrl)).toBe(rules.hasLink)
        expect(text).toContain('7K3Q')
      }
    }
  })

  it('are nearly all served by a name or a number; these want a short code', () => {
    const unserved = countries.filter(
      (country) =>
        serviceOf(routeTo(country, 'Lockline').route) === 'not_served' &&
        serviceOf(routeTo(country, '+12025550100').route) === 'not_served',
    )
    expect(unserved).toEqual(['BR', 'CO', 'EC', 'JP', 'MY', 'VE'])
  })
})
