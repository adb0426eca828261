// The table as it ships: known addresses, special ranges, and an answer for any text.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPlace } from '../../../src/place/place.ts'
import { openPlaceTable } from '../../../src/place/place-table.ts'

const file = readFileSync(new URL('../../../src/place/place-table.bin', import.meta.url))
const table = openPlaceTable(new Uint8Array(file).buffer)

const NOWHERE = { country: null, hosting: null, operator: null, reserved: null }

describe('findPlace', () => {
  it.each([
    ['8.8.8.8', 'US', 'Google'],
    ['::ffff:8.8.8.8', 'US', 'Google'],
    ['5.9.1.1', 'DE', 'Hetzner'],
    ['2a01:4f8::1', 'DE', 'Hetzner'],
    ['3.120.5.5', 'DE', 'Amazon'],
    ['2a05:d014::1', 'DE', 'Amazon'],
    ['51.254.1.1', 'FR', 'OVH'],
    ['46.101.5.5', 'GB', 'DigitalOcean'],
    ['20.50.1.1', 'NL', 'Microsoft Azure'],
    ['18.162.1.1', 'HK', 'Amazon'],
    ['43.198.1.1', 'HK', 'Amazon'],
    ['2406:da1e::1', 'HK', 'Amazon'],
    ['43.213.1.1', 'TW', 'Amazon'],
    ['34.92.1.1', 'HK', 'Google Cloud'],
    ['35.185.128.1', 'TW', 'Google Cloud'],
    ['8.210.1.1', 'HK', 'Alibaba Cloud'],
    ['43.154.1.1', 'HK', 'Tencent Cloud'],
  ])('sees %s in %s, at %s', (ip, country, hosting) => {
    expect(findPlace(table, ip)).toEqual({ country, hosting, operator: hosting, reserved: null })
  })

  it.each([
    ['80.128.1.1', 'DE', 'AS3320'], // Deutsche Telekom
    ['93.200.11.12', 'DE', 'AS3320'],
    ['2003:c0::1', 'DE', 'AS3320'],
    ['1.160.2.3', 'TW', 'AS3462'], // Chunghwa Telecom
    ['2001:b011::1', 'TW', 'AS3462'],
    ['119.236.1.1', 'HK', 'AS4760'], // PCCW
    ['60.246.1.1', 'MO', 'AS4609'], // CTM
    ['202.175.1.1', 'MO', 'AS4609'],
    ['36.110.1.1', 'CN', 'AS4847'], // China Telecom in Beijing
    ['73.1.1.1', 'US', 'AS7922'], // Comcast
    ['172.58.1.1', 'US', 'AS21928'], // T-Mobile USA
    ['2607:fb90::1', 'US', 'AS21928'],
    ['2600:1700::1', 'US', 'AS7018'], // AT&T
    ['166.137.1.1', 'US', 'AS7018'], // and its mobile network, which has a number of its own
    ['126.0.0.1', 'JP', 'AS17676'], // SoftBank
    ['49.36.0.1', 'IN', 'AS55836'], // Jio
    ['2409:4000::1', 'IN', 'AS55836'],
  ])('sees %s, a line to a home or phone, in %s, of %s', (ip, country, operator) => {
    expect(findPlace(table, ip)).toEqual({ country, hosting: null, operator, reserved: null })
  })

  it.each([
    ['2001:df1:3b40::1', 'BD'],
    ['2001:8000::1', 'AU'],
  ])('is not misled by the registry own block over %s', (ip, country) => {
    expect(findPlace(table, ip).country).toBe(country)
  })

  it.each([
    ['203.0.113.77', 'documentation'],
    ['2001:db8::1', 'documentation'],
    ['192.168.1.1', 'private'],
    ['2002:808:808::1', 'reserved'],
  ])('says of %s that it is %s and nothing more', (ip, reserved) => {
    expect(findPlace(table, ip)).toEqual({ ...NOWHERE, reserved })
  })

  it('knows no place for what is not an address', () => {
    expect(findPlace(table, 'localhost')).toEqual(NOWHERE)
  })

  it('leaves space nobody announces unknown instead of inheriting a neighbour', () => {
    expect(findPlace(table, '3000::1').country).toBeNull()
  })

  it('answers any address with a code and a short name, or with unknown', () => {
    const anyAddress = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV6().map((ip) => ip.replace(/^[^:]*/, '2a01')),
    )
    fc.assert(
      fc.property(anyAddress, (ip) => {
        const place = findPlace(table, ip)
        expect(place.country ?? 'ZZ').toMatch(/^[A-Z]{2}$/)
        expect(place.hosting ?? 'none').toMatch(/^[\x21-\x7e][\x20-\x7e]{0,23}$/)
        // Whose it is: what it is shown as, or a number.
        if (place.hosting !== null) expect(place.operator).toBe(place.hosting)
        else expect(place.operator ?? 'AS0').toMatch(/^AS[0-9]{1,10}$/)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the table file', () => {
  it('is dated', () => {
    expect(table.dataDate).toMatch(/^20\d\d-\d\d-\d\d$/)
  })

  it('leaves room for the rest in a Worker', () => {
    expect(file.length).toBeLessThan(3_300_000)
    expect(gzipSync(file).length).toBeLessThan(1_700_000)
  })
})
