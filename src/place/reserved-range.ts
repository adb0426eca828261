// Addresses that no country and no network owns: the IANA special-purpose registries (RFC 6890 and
// its updates to 2026) as prefixes. They are answered here, before the table, whose sources carry
// stray rows for some of them. No embedded address is dug out of 6to4 or Teredo: it is not proof.
import { type IpAddress, parseIpAddress } from './ip-address.ts'

export const RESERVED_KINDS = [
  'private',
  'loopback',
  'link_local',
  'carrier_nat',
  'documentation',
  'multicast',
  'reserved',
] as const
export type ReservedKind = (typeof RESERVED_KINDS)[number]

type Prefix = { readonly address: IpAddress; readonly bits: number; readonly kind: ReservedKind }

// The first match wins, so a narrower range stands before the one around it.
const PREFIXES: readonly Prefix[] = [
  prefix('10.0.0.0', 8, 'private'), // RFC 1918
  prefix('172.16.0.0', 12, 'private'),
  prefix('192.168.0.0', 16, 'private'),
  prefix('127.0.0.0', 8, 'loopback'), // RFC 1122
  prefix('169.254.0.0', 16, 'link_local'), // RFC 3927
  prefix('100.64.0.0', 10, 'carrier_nat'), // RFC 6598
  prefix('192.0.2.0', 24, 'documentation'), // RFC 5737
  prefix('198.51.100.0', 24, 'documentation'),
  prefix('203.0.113.0', 24, 'documentation'),
  prefix('224.0.0.0', 4, 'multicast'), // RFC 5771
  prefix('0.0.0.0', 8, 'reserved'), // this network, RFC 791
  prefix('192.0.0.0', 24, 'reserved'), // protocol assignments, DS-Lite, NAT64 discovery
  prefix('192.31.196.0', 24, 'reserved'), // AS112, RFC 7535
  prefix('192.52.193.0', 24, 'reserved'), // AMT, RFC 7450
  prefix('192.88.99.0', 24, 'reserved'), // 6to4 relays, RFC 7526
  prefix('192.175.48.0', 24, 'reserved'), // AS112, RFC 7534
  prefix('198.18.0.0', 15, 'reserved'), // benchmarking, RFC 2544
  prefix('240.0.0.0', 4, 'reserved'), // RFC 1112, and limited broadcast

  prefix('::1', 128, 'loopback'), // RFC 4291
  prefix('fe80::', 10, 'link_local'),
  prefix('fc00::', 7, 'private'), // unique local, RFC 4193
  prefix('ff00::', 8, 'multicast'),
  prefix('2001:db8::', 32, 'documentation'), // RFC 3849
  prefix('3fff::', 20, 'documentation'), // RFC 9637
  prefix('2001::', 23, 'reserved'), // Teredo, benchmarking, ORCHID, DRIP, AMT: RFC 2928
  prefix('2002::', 16, 'reserved'), // 6to4, RFC 3056
  prefix('2620:4f:8000::', 48, 'reserved'), // AS112, RFC 7534
  // IANA has given out global unicast from 2000::/3 alone; the rest (NAT64, discard-only, SRv6
  // SIDs, site-local, the unspecified address) is no place a login comes from.
  prefix('::', 3, 'reserved'),
  prefix('4000::', 2, 'reserved'),
  prefix('8000::', 1, 'reserved'),
]

/** What a special-purpose address is for; null for an address that can belong to someone. */
export function reservedKind(address: IpAddress): ReservedKind | null {
  return PREFIXES.find((candidate) => contains(candidate, address))?.kind ?? null
}

function prefix(text: string, bits: number, kind: ReservedKind): Prefix {
  const address = parseIpAddress(text)
  if (address === null) throw new Error(`reserved range ${text} is not an address`)
  return { address, bits, kind }
}

function contains(range: Prefix, address: IpAddress): boolean {
  if (range.address.version !== address.version) return false
  const wholeBytes = range.bits >> 3
  const restBits = range.bits & 7
  for (let index = 0; index < wholeBytes; index++) {
    if (range.address.bytes[index] !== address.bytes[index]) return false
  }
  if (restBits === 0) return true
  const mask = 0xff << (8 - restBits)
  return (
    ((range.address.bytes[wholeBytes] ?? 0) & mask) === ((address.bytes[wholeBytes] ?? 0) & mask)
  )
}
