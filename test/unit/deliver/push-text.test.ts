// A push is read beside its SMS, or instead of it: an intruder's login must not read in it like any other.

import { describe, expect, it } from 'vitest'
import { describeLogin } from '../../../src/deliver/push-text.ts'
import { ar } from '../../../src/words/languages/ar.ts'
import { en } from '../../../src/words/languages/en.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { aLogin, NOW } from './fixtures.ts'

const USUAL = aLogin({
  ...{ occurredAt: NOW, country: 'DE', city: 'Frankfurt', hosting: null, reserved: null },
  ...{ browser: 'Chrome', os: 'Windows', isParallel: false },
})
const NEWS = { isNewCountry: false, isNewDevice: false }

describe('a push', () => {
  it('says of a usual login where, when and on what', () => {
    expect(describeLogin({ told: USUAL, ...NEWS }, en)).toBe(
      'Frankfurt, Germany, 14:03 UTC 23 Nov, Chrome, Windows',
    )
  })

  it.each(LANGUAGES.map((language) => [language.tag, language] as const))(
    'says in %s what the SMS warns of, before anything else',
    (_, language) => {
      const told = { ...USUAL, isParallel: true, hosting: 'Hetzner Online' }
      const text = describeLogin({ told, isNewCountry: true, isNewDevice: true }, language)
      const { alert, portal } = language
      const first = [portal.history.parallel, alert.newCountry, alert.newDevice]
      const parts = text.replace(/[\u200f\u2068\u2069]/g, '').split(alert.detailSeparator)
      expect(parts.slice(0, 3)).toEqual(first)
      expect(parts[3]).toContain('Frankfurt')
      expect(text).toContain('Hetzner Online')
    },
  )

  it('says of a private network what it is, and that a place is unknown', () => {
    const told = { ...USUAL, country: null, city: null }
    const inside = describeLogin({ told: { ...told, reserved: 'private' }, ...NEWS }, en)
    expect([inside, describeLogin({ told, ...NEWS }, en)]).toEqual([
      'private network, 14:03 UTC 23 Nov, Chrome, Windows',
      'unknown place, 14:03 UTC 23 Nov, Chrome, Windows',
    ])
  })

  it('begins from the right where its language does, each part apart', () => {
    const body = describeLogin({ told: { ...USUAL, os: null }, ...NEWS }, ar)
    expect(body.startsWith('\u200f\u2068Frankfurt\u2069، \u2068ألمانيا\u2069، \u2068')).toBe(true)
    expect(body.endsWith('\u2069، \u2068Chrome\u2069')).toBe(true)
  })
})
