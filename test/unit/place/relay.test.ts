// What the shipped table knows of relays: Apple's by address and country, the others by their operators.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findPlace } from '../../../src/place/place.ts'
import { openPlaceTable } from '../../../src/place/place-table.ts'
import { networkKind, PRIVATE_RELAY, VPNS_AND_RELAYS } from '../../../src/place/relay.ts'

const file = readFileSync(new URL('../../../src/place/place-table.bin', import.meta.url))
const table = openPlaceTable(new Uint8Array(file).buffer)

// Of Apple's feed as it stood on 13 August 2026, from each of its operators' ranges.
const RELAYED = [
  ['104.28.28.1', 'AU'],
  ['104.28.101.100', 'HK'],
  ['104.28.66.106', 'MO'],
  ['104.28.101.83', 'TW'],
  ['140.248.0.1', 'US'],
  ['146.75.128.0', 'US'],
  ['172.224.226.1', 'GB'],
  ['2606:54c0:3910::1', 'HK'],
  ['2606:54c3::1', 'MX'],
  ['2a04:4e41:100::1', 'GH'],
  ['2a09:bac3:d568::1', 'IN'],
] as const

const OPERATED = [
  ['104.30.1.1', 'Cloudflare'],
  ['165.225.1.1', 'Zscaler'],
  ['8.36.116.1', 'Netskope'],
  ['64.224.160.1', 'iboss'],
  ['57.140.0.1', 'Menlo Security'],
  ['45.62.176.1', 'Cato Networks'],
  ['85.115.32.1', 'Forcepoint'],
  ['146.112.1.1', 'Cisco Umbrella'],
  ['1.7.225.1', 'Palo Alto Networks'],
  ['37.228.104.1', 'Opera'],
  ['45.83.220.1', 'Mullvad (31173)'],
  ['2.56.252.1', 'PacketHub'],
  ['62.169.136.1', 'Proton'],
  ['5.45.56.1', 'Avast'],
  ['23.154.160.1', 'Windscribe'],
] as const

describe('iCloud Private Relay', () => {
  it.each(RELAYED)('is what %s comes through, with the country Apple gives: %s', (ip, country) => {
    const place = { country, hosting: PRIVATE_RELAY, operator: PRIVATE_RELAY, reserved: null }
    expect(findPlace(table, ip)).toEqual(place)
    expect(networkKind(PRIVATE_RELAY)).toBe('private_relay')
  })

  it('ends where its ranges end', () => {
    expect(findPlace(table, '104.28.101.107').hosting).not.toBeNull()
    expect(findPlace(table, '104.16.0.1').hosting).toBe('Cloudflare')
    expect(findPlace(table, '23.32.0.1').hosting).toBe('Akamai')
  })
})

describe('a VPN or relay', () => {
  it.each(OPERATED)('is what %s comes through: %s', (ip, name) => {
    expect(findPlace(table, ip).hosting).toBe(name)
    expect(networkKind(name)).toBe('vpn_or_relay')
  })

  it('is known by a name only that the table has', () => {
    expect(OPERATED.map(([, name]) => name).toSorted()).toEqual([...VPNS_AND_RELAYS].toSorted())
  })

  it.each(['Hetzner', 'Amazon', 'Akamai', 'Fastly', ''])('is not %s, a data centre', (name) => {
    expect(networkKind(name)).toBe('data_centre')
  })
})
