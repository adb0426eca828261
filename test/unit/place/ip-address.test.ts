// The address parser: what it reads, what it refuses, and that text and bytes round-trip.
import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIpAddress, parseIpAddress } from '../../../src/place/ip-address.ts'
import { anyText } from '../../support/any-text.ts'

function canonical(text: string): string | null {
  const address = parseIpAddress(text)
  return address === null ? null : formatIpAddress(address)
}

const groupsText = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
    minLength: 8,
    maxLength: 8,
  })
  .map((groups) => groups.map((group) => group.toString(16)).join(':'))

describe('parseIpAddress', () => {
  it('reads the bytes of an IPv4 address', () => {
    expect(parseIpAddress('203.0.113.77')).toEqual({
      version: 4,
      bytes: Uint8Array.of(203, 0, 113, 77),
    })
  })

  it('reads the bytes of an IPv6 address', () => {
    expect(parseIpAddress('2001:db8::ff00:42')).toEqual({
      version: 6,
      bytes: Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0x42),
    })
  })

  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['2001:DB8:0:0:8:800:200C:417A', '2001:db8::8:800:200c:417a'],
    ['2001:0db8:0000:0000:0008:0800:200c:417a', '2001:db8::8:800:200c:417a'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4:5:6:c000:221'],
    ['::13.1.68.3', '::d01:4403'],
  ])('reads %s as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
  })

  it.each(['::ffff:1.2.3.4', '::FFFF:1.2.3.4', '::ffff:102:304', '0:0:0:0:0:ffff:1.2.3.4'])(
    'reads IPv4-mapped %s as the IPv4 address it carries',
    (text) => {
      expect(canonical(text)).toBe('1.2.3.4')
    },
  )

  it.each([
    '',
    ' ',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.04',
    '010.1.2.3',
    '0x1.2.3.4',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.',
    '1..2.3',
    '+1.2.3.4',
    '１.2.3.4',
    '16909060',
    '1.2.3.4/24',
    '1.2.3.4:443',
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1::2:3:4:5:6:7:8',
    '::1::',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '12345::',
    'g::',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::1.2.3',
    '::1.2.3.04',
    '[::1]',
    'fe80::1%eth0',
    '::1/128',
    `::${'0'.repeat(60)}`,
  ])('refuses %j', (text) => {
    expect(parseIpAddress(text)).toBeNull()
  })

  it('accepts what the runtime of Node accepts, zone ids apart', () => {
    const soup = fc.string({ unit: fc.constantFrom(...'0123456789abf.::'), maxLength: 24 })
    fc.assert(
      fc.property(fc.oneof(soup, fc.ipV4(), fc.ipV6(), groupsText), (text) => {
        expect(parseIpAddress(text) !== null).toBe(isIP(text) !== 0)
      }),
      { numRuns: 2000 },
    )
  })

  it('answers for any string at all', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 60 }), (text) => {
        const address = parseIpAddress(text)
        expect(address === null ? 0 : address.bytes.length).toBe(
          address === null ? 0 : address.version === 4 ? 4 : 16,
        )
      }),
    )
  })
})

describe('formatIpAddress', () => {
  it('gives IPv4 back as it was', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(canonical(text)).toBe(text)
      }),
    )
  })

  it('gives text that reads as the same address, and is its own canonical form', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), groupsText), (text) => {
        const once = canonical(text) ?? ''
        expect(parseIpAddress(once)).toEqual(parseIpAddress(text))
        expect(canonical(once)).toBe(once)
      }),
    )
  })

  it('agrees with the URL standard, which serialises IPv6 by RFC 5952', () => {
    fc.assert(
      fc.property(groupsText, (text) => {
        // Mapped addresses are the one intended difference.
        fc.pre(parseIpAddress(text)?.version === 6)
        expect(`[${canonical(text)}]`).toBe(new URL(`http://[${text}]/`).hostname)
      }),
    )
  })
})
