import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskIp, maskPhone } from '../../../src/lib/mask.ts'

describe('maskIp', () => {
  it.each([
    ['203.0.113.77', '13.77'],
    ['1.2.3.4', '3.4'],
    ['10.0.0.255', '0.255'],
    ['192.168.100.200', '0.200'],
    ['8.8.88.8', '88.8'],
    ['8.8.188.8', '188.8'],
    ['2001:db8::8a2e:370:7334', '7334'],
    ['2001:DB8::00AF', 'af'],
    ['2001:db8::', 'db8'],
    ['2001:db8:0:0:0:0:0:1', '1'],
    ['::1', ''],
    ['::', ''],
    ['::ffff:203.0.113.77', '13.77'],
    ['64:ff9b::203.0.113.77', '13.77'],
    ['203.0.113.777', ''],
    ['203.0.113.077', ''],
    ['203.0.113', ''],
    ['2001:db8::1::2', ''],
    ['1:2:3:4:5:6:7:8:9', ''],
    ['1:2:3', ''],
    ['fe80::1%eth0', ''],
    ['hello:203.0.113.77', ''],
    ['', ''],
  ])('%s shows %j', (ip, expected) => {
    expect(maskIp(ip)).toBe(expected)
  })

  it('shows an IPv4 address in at most four digits, never the whole', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        const tail = maskIp(ip)
        expect(ip.endsWith(tail)).toBe(true)
        expect(tail).toMatch(/^\d{1,3}\.\d{1,3}$/)
        expect(tail.replace('.', '').length).toBeLessThanOrEqual(4)
      }),
    )
  })

  it('shows an IPv6 address in one group at most', () => {
    fc.assert(
      fc.property(fc.ipV6(), (ip) => {
        expect(maskIp(ip)).toMatch(ip.includes('.') ? /^\d{1,3}\.\d{1,3}$/ : /^[0-9a-f]{0,4}$/)
      }),
    )
  })

  it('shows nothing of a text that is no address', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^[\da-f:.]+$/i.test(text))
        expect(maskIp(text)).toBe('')
      }),
    )
  })
})

describe('maskPhone', () => {
  it.each([
    ['+12025550123', '•••• 0123'],
    ['+442071838750', '•••• 8750'],
    ['12025550123', ''],
    ['+1202', ''],
    ['+1 202 555 0123', ''],
    ['+12025550123\n', ''],
    ['', ''],
  ])('%j shows %j', (number, expected) => {
    expect(maskPhone(number)).toBe(expected)
  })
})
