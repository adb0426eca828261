import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanField, shorten } from '../../../src/alert/field.ts'
import { isGsm7Basic } from '../../../src/lib/gsm7.ts'
import { findTappable, hostileText } from './hostile.ts'

describe('cleanField', () => {
  it.each([
    ['St. Louis', 'St. Louis'],
    ['St.Louis', 'St Louis'],
    ['Washington, D.C.', 'Washington, DC'],
    ["Xi'an", "Xi'an"],
    ['iPad Pro 12.9', 'iPad Pro 12.9'],
    ['SM-G991B (2021)', 'SM-G991B (2021)'],
    ['Hetzner Online GmbH', 'Hetzner Online GmbH'],
    ['visit evil.com', 'visit'],
    ['see http://evil.com/a?b=c now', 'see now'],
    ['evil.example.COM', ''],
    ['evil。com', ''],
    ['𝐞𝐯𝐢𝐥.𝐜𝐨𝐦 phone', 'phone'],
    ['пример.рф', ''],
    ['www.evil', ''],
    ['mail bob@evil.com', 'mail'],
    ['http:evil', 'http evil'],
    ['call +1 (202) 555-0123 now', 'call now'],
    ['1.2.3.4', '1 2 3 4'],
    ['10.20.30.40', ''],
    ['a\u202e\nb', 'a b'],
    ['say "hi"', "say 'hi'"],
    ['張三', ''],
  ])('%j becomes %j', (value, expected) => {
    expect(cleanField(value, 40)).toBe(expected)
  })

  it('has nothing to say of null', () => {
    expect(cleanField(null, 40)).toBe('')
  })

  it('never leaves anything tappable, nor anything over its limit', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 40 }), (value, limit) => {
        const field = cleanField(value, limit)
        expect(findTappable(field)).toBeNull()
        expect(field.length).toBeLessThanOrEqual(limit)
        expect([...field].every(isGsm7Basic)).toBe(true)
        expect(field).not.toMatch(/["[\]{}]|[.,:;]$/)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('shorten', () => {
  it.each([
    ['Frankfurt am Main', 20, 'Frankfurt am Main'],
    ['Frankfurt am Main', 12, 'Frankfurt am'],
    ['Frankfurt am Main', 11, 'Frankfurt'],
    ['Llanfairpwllgwyngyll', 12, 'Llanfairpwll'],
    ['A Llanfairpwllgwyngyll', 12, 'A Llanfairpw'],
    ['Turks & Caicos', 8, 'Turks'],
  ])('%j to %i is %j', (text, limit, expected) => {
    expect(shorten(text, limit)).toBe(expected)
  })
})
