import { describe, expect, it } from 'vitest'
import { en } from '../../../src/alert/locales/en.ts'
import { isGsm7Basic } from '../../../src/alert/segments.ts'
import { wordsFor } from '../../../src/alert/words.ts'

describe('wordsFor', () => {
  it.each([null, '', 'en', 'en-GB', 'zh-TW', 'EN_us', '__proto__', 'constructor'])(
    '%s reads English while there is no other',
    (locale) => {
      expect(wordsFor(locale)).toBe(en)
    },
  )
})

describe('English', () => {
  const strings = Object.entries(en).flatMap(([key, value]) =>
    (typeof value === 'string' ? [value] : value).map((text) => [key, text] as const),
  )

  it.each(strings)('%s costs one septet a character: %s', (_key, text) => {
    const written = text.replace(/\{\w+\}/g, '')
    expect([...written].filter((character) => !isGsm7Basic(character))).toEqual([])
  })

  it.each([
    ['message', ['exchange', 'number', 'details', 'parallel', 'link', 'closing']],
    ['time', ['hour', 'minute', 'day', 'month']],
    ['cityAndCountry', ['city', 'country']],
    ['cityAlone', ['city']],
    ['placeWithDataCentre', ['place', 'dataCentre']],
    ['dataCentreNamed', ['network']],
    ['ip', ['ip']],
    ['software', ['browser', 'os']],
    ['deviceName', ['deviceName']],
    ['phrase', ['phrase']],
  ] as const)('%s names each of its parts once', (key, names) => {
    const found = [...en[key].matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    expect(found.sort()).toEqual([...names].sort())
  })

  it('lists every detail once', () => {
    expect([...en.details].sort()).toEqual(['deviceName', 'ip', 'place', 'software', 'time'])
  })
})
