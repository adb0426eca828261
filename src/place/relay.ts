// Which of the networks in the table of places hide where their users are, and are no data centres to an owner: a
// person's own phone, browser or office sends its logins through them. A closed list of names as the table has them;
// `test/unit/place/relay.test.ts` holds that it has every one.

/** Apple's, by the addresses it publishes; the country the table has for these is Apple's as well. */
export const PRIVATE_RELAY = 'iCloud Private Relay'

/** Gateways of companies, services of VPN and exits of Tor, by the operators of their networks. */
export const VPNS_AND_RELAYS: ReadonlySet<string> = new Set([
  // WARP and the gateways of Zero Trust; a Worker's own requests come from there, too.
  'Cloudflare',
  'Zscaler',
  'Netskope',
  'iboss',
  'Menlo Security',
  'Cato Networks',
  'Forcepoint',
  'Cisco Umbrella',
  'Palo Alto Networks',
  'Opera',
  'Mullvad (31173)',
  'PacketHub',
  'Proton',
  'Avast',
  'Windscribe',
])

export type NetworkKind = 'data_centre' | 'private_relay' | 'vpn_or_relay'

/** What a network named by the table is to whoever reads of it. */
export function networkKind(name: string): NetworkKind {
  if (name === PRIVATE_RELAY) return 'private_relay'
  return VPNS_AND_RELAYS.has(name) ? 'vpn_or_relay' : 'data_centre'
}
