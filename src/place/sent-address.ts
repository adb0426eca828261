// The address a login is reported with, as servers really write it: with a port, in brackets, with a zone id, as a list
// of proxies. Reads it only where it can mean one address. What an intruder can put in front of their own address must
// never place them elsewhere, so of two candidates neither is believed.

import { formatIpAddress, type IpAddress, parseIpAddress } from './ip-address.ts'
import { type ReservedKind, reservedKind } from './reserved-range.ts'

/** Ten proxies with long IPv6 addresses; a longer list was written by no server of the exchange's. */
const LONGEST_TEXT = 512

/** Where proxies of one's own stand: such a hop says nothing of the client behind it. */
const INNER_KINDS: ReadonlySet<ReservedKind | null> = new Set<ReservedKind>([
  'private',
  'loopback',
  'link_local',
  'carrier_nat',
])

/** The address in its canonical form, or null: then nothing is known of place and network. Total. */
export function readSentAddress(text: string): string | null {
  if (text.length > LONGEST_TEXT) return null
  const hops = text
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '')
  const addresses = new Map<string, IpAddress>()
  for (const hop of hops) {
    const address = readHop(hop)
    if (address === null) return null
    addresses.set(formatIpAddress(address), address)
  }
  const outer = [...addresses].filter(([, address]) => !INNER_KINDS.has(reservedKind(address)))
  const [only, ...others] = outer.length > 0 ? outer : addresses
  return only !== undefined && others.length === 0 ? only[0] : null
}

/** One address; an IPv6 address followed by `:443` without brackets is the longer address it spells. */
function readHop(hop: string): IpAddress | null {
  const plain = hop.replace(/^"(.*)"$/, '$1')
  const bracketed = /^\[([^[\]]*)\](?::\d{1,5})?$/.exec(plain)?.[1]
  const withPort = /^([\d.]+):\d{1,5}$/.exec(plain)?.[1]
  const bare = bracketed ?? withPort ?? plain
  if (bracketed !== undefined && !bracketed.includes(':')) return null
  // RFC 4007 §11: the zone is of the server's own making. A host route is how databases write one address.
  return parseIpAddress(bare.replace(bare.includes(':') ? /%[\w.~-]{1,32}$|\/128$/ : /\/32$/, ''))
}
