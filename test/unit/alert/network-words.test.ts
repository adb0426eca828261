// A relay is told as what it is: never as a data centre, which would frighten its owner at every login.

import { describe, expect, it } from 'vitest'
import { composeAlert } from '../../../src/alert/compose.ts'
import { namedNetwork, networkWord } from '../../../src/alert/network-words.ts'
import { PRIVATE_RELAY } from '../../../src/place/relay.ts'
import { placeAndDevice } from '../../../src/portal/login-words.ts'
import { en } from '../../../src/words/languages/en.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'
import { aLogin } from '../deliver/fixtures.ts'

const RULES = { hasLink: true, canReply: true, isNameBarred: false }

describe('the network of a login', () => {
  it.each([
    [PRIVATE_RELAY, '(private relay)'],
    ['Cloudflare', '(VPN or relay Cloudflare)'],
    ['Zscaler', '(VPN or relay Zscaler)'],
    ['Hetzner', '(data centre Hetzner)'],
  ])('%s is told as %s in the SMS', (hosting, told) => {
    const { text } = composeAlert({ ...USUAL_ALERT, hosting, deviceName: null }, RULES, en)
    expect(text).toContain(told)
  })

  it.each([
    [PRIVATE_RELAY, 'Germany (private relay)'],
    ['Zscaler', 'Germany (VPN or relay Zscaler)'],
    ['Hetzner', 'Germany (data centre Hetzner)'],
  ])('%s is shown as %s', (hosting, shown) => {
    const login = aLogin({ country: 'DE', city: null, reserved: null, hosting })
    const text = String(placeAndDevice(login, en)).replaceAll(/<[^>]+>/g, '')
    expect(text).toContain(`${shown},`)
  })

  it.each(LANGUAGES.map((language) => [language.tag, language.alert] as const))(
    'has three words that differ in %s',
    (_tag, words) => {
      const kinds = [PRIVATE_RELAY, 'Zscaler', 'Hetzner'].map((name) => networkWord(name, words))
      expect(new Set(kinds).size).toBe(3)
      expect(namedNetwork('Zscaler', '', words)).toBe(words.vpnOrRelay)
      expect(namedNetwork('Hetzner', '', words)).toBe(words.dataCentre)
      expect(namedNetwork('Zscaler', 'Zscaler', words)).toContain('Zscaler')
    },
  )
})
