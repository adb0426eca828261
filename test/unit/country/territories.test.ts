// Every territory there is: its example mobile number through parsing, route, sender, rules and text, in
// the language that is likeliest there.

import examples from 'libphonenumber-js/examples.mobile.json'
import { type CountryCode, getCountries, getExampleNumber } from 'libphonenumber-js/mobile'
import { describe, expect, it } from 'vitest'
import { parsePhone } from '../../../src/account/phone.ts'
import { composeAlert, SEGMENTS_MAX } from '../../../src/alert/compose.ts'
import { countSegments } from '../../../src/alert/segments.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import { textRules } from '../../../src/deliver/text-rules.ts'
import { chooseRoute, isServed, isUnserved, serviceFor } from '../../../src/routing/route.ts'
import { chooseLanguage } from '../../../src/words/languages.ts'
import { likeliestTag } from '../../../tools/country-rules/render-coverage.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'
import { aProvider } from '../deliver/fixtures.ts'

const NAMES = ['twilio', 'infobip', 'vonage', 'sinch', 'telnyx', 'aws'] as const
const countries = getCountries()
const NOW = Date.UTC(2026, 10, 28)

function routeTo(country: CountryCode, from: string) {
  const e164 = getExampleNumber(country, examples)?.number ?? ''
  const phone = parsePhone(e164)
  if (!phone.ok) throw new Error(`${country}: ${phone.error}`)
  const providers = NAMES.map((name) => ({ ...aProvider(name), defaultSender: from }))
  const settings = { providers, routes: new Map(), senders: new Map() }
  const route = chooseRoute(settings, phone.value, NOW)
  return { phone: phone.value, route, service: serviceFor(settings, phone.value, NOW).service }
}

describe('all territories', () => {
  it('are 245', () => {
    expect(countries).toHaveLength(245)
  })

  it.each(countries)('%s has a way, or says that it has none', (country) => {
    for (const from of ['Lockline', '+12025550100']) {
      const { phone, route, service } = routeTo(country, from)
      expect(route.length === 0).toBe(isUnserved(service))
      const language = chooseLanguage([likeliestTag(country)])
      for (const step of route) {
        const rules = textRules(step, phone, { exchangeName: 'BitEx', profile: NO_PROFILE })
        const { text, segments } = composeAlert(USUAL_ALERT, rules, language)
        expect(segments).toBeLessThanOrEqual(SEGMENTS_MAX[countSegments(text).encoding])
        expect(text.includes(USUAL_ALERT.lockUrl)).toBe(rules.hasLink)
        expect(text).toContain('7K3Q')
      }
    }
  })

  // The Emirates, the Philippines, Qatar, Thailand and Vietnam block what is not registered; Singapore brands it.
  it('are nearly all served by a name or a number that nobody has registered', () => {
    const unserved = countries.filter(
      (country) =>
        !isServed(routeTo(country, 'Lockline').service) &&
        !isServed(routeTo(country, '+12025550100').service),
    )
    expect(unserved).toEqual(['AE', 'PH', 'QA', 'SG', 'TH', 'VN'])
  })
})
