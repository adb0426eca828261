// The settings of the guard: what they may look like, and what is meant without them.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCodeCountries, parseCodeGuard } from '../../../src/guard/code-policy.ts'

describe('CODE_COUNTRIES', () => {
  it.each([undefined, '', '  ', '*', ' * '])('%j means all', (setting) => {
    expect(parseCodeCountries(setting)).toEqual({ ok: true, value: '*' })
  })

  it('is a list', () => {
    const parsed = parseCodeCountries(' DE  GB\nTW ')
    expect(parsed).toEqual({ ok: true, value: new Set(['DE', 'GB', 'TW']) })
  })

  it.each(['UK', 'de', 'DE,GB', 'DE *', '* *', '+49', 'EU', 'DEU', 49, {}])(
    '%j is refused',
    (setting) => {
      expect(parseCodeCountries(setting).ok).toBe(false)
    },
  )

  it('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything({ withNullPrototype: true })), (setting) => {
        const parsed = parseCodeCountries(setting)
        if (parsed.ok && parsed.value !== '*') expect(parsed.value.size).toBeGreaterThan(0)
      }),
    )
  })
})

describe('CODE_GUARD', () => {
  it.each([
    [undefined, true],
    ['', true],
    ['enforce', true],
    ['record', false],
  ])('%j: enforced %s', (setting, meant) => {
    expect(parseCodeGuard(setting)).toEqual({ ok: true, value: meant })
  })

  it.each(['off', 'Record', 'true', 0])('%j is refused', (setting) => {
    expect(parseCodeGuard(setting).ok).toBe(false)
  })
})
