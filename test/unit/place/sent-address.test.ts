// Addresses as servers write them: read where they can mean one address, else unknown.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIpAddress, parseIpAddress } from '../../../src/place/ip-address.ts'
import { readSentAddress } from '../../../src/place/sent-address.ts'

describe('the address of a login', () => {
  it.each([
    ['203.0.113.77', '203.0.113.77'],
    [' 203.0.113.77 ', '203.0.113.77'],
    ['203.0.113.77:51234', '203.0.113.77'],
    ['203.0.113.77/32', '203.0.113.77'],
    ['::ffff:203.0.113.77', '203.0.113.77'],
    ['::FFFF:CB00:714D', '203.0.113.77'],
    ['[::ffff:203.0.113.77]:443', '203.0.113.77'],
    ['2001:DB8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['"[2001:db8::1]:443"', '2001:db8::1'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25en0]:80', 'fe80::1'],
    ['203.0.113.77, 10.0.0.7', '203.0.113.77'],
    ['203.0.113.77,10.0.0.7, 172.16.3.4:8080, 100.64.0.9, ::1', '203.0.113.77'],
    ['203.0.113.77, 203.0.113.77', '203.0.113.77'],
    ['203.0.113.77,', '203.0.113.77'],
    ['10.0.0.7', '10.0.0.7'],
    ['10.0.0.7, 10.0.0.8', null],
    ['203.0.113.77, 198.51.100.9', null],
    ['203.0.113.77, unknown', null],
    ['unknown', null],
    ['', null],
    [',', null],
    ['1.2.3', null],
    ['01.2.3.4', null],
    ['0x7f.1', null],
    ['1.2.3.4/24', null],
    ['2001:db8::/64', null],
    ['[1.2.3.4]:80', null],
    ['203.0.113.77:', null],
    ['203.0.113.77%eth0', null],
    ['2001:db8::1%', null],
    [`${'203.0.113.77,'.repeat(40)}`, null],
  ])('A1 %j is read as %j', (text, expected) => {
    expect(readSentAddress(text)).toBe(expected)
  })

  it('A1 is read in each of its spellings, and no two public ones in any order', () => {
    const canonical = (ip: string) => {
      const address = parseIpAddress(ip)
      return address && formatIpAddress(address)
    }
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), fc.integer({ min: 1, max: 65_535 }), (v4, v6, port) => {
        expect(readSentAddress(`${v4}:${port}`)).toBe(canonical(v4))
        expect(readSentAddress(`[${v6}]:${port}`)).toBe(canonical(v6))
        expect(readSentAddress(`8.8.8.8, 9.9.9.9, ${v4}`)).toBe(null)
      }),
    )
  })
})
