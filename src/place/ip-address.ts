// Text to IP address and back. Total: every string is either an address or null, nothing throws.
// It refuses what different parsers read differently: octal or short IPv4, zone ids, brackets,
// spaces, prefixes. Guessing there would place a login in the wrong country.

/** An address as its bytes in network order: 4 for version 4, 16 for version 6. */
export type IpAddress = { readonly version: 4 | 6; readonly bytes: Uint8Array }

// The longest form: six groups of four and a full dotted quad.
const LONGEST_TEXT = 45
const DECIMAL_OCTET = /^(?:0|[1-9][0-9]{0,2})$/
const HEX_GROUP = /^[0-9a-fA-F]{1,4}$/

/**
 * Reads IPv4 dotted decimal or any form of RFC 4291 section 2.2, `::` and embedded IPv4 included.
 * An IPv4-mapped address (`::ffff:0:0/96`, section 2.5.5.2) is the IPv4 address it carries: a
 * dual-stack server reports the same phone either way.
 */
export function parseIpAddress(text: string): IpAddress | null {
  if (text.length > LONGEST_TEXT) return null
  if (!text.includes(':')) {
    const octets = parseIpv4(text)
    return octets === null ? null : { version: 4, bytes: Uint8Array.from(octets) }
  }
  const groups = parseIpv6(text)
  if (groups === null) return null
  const bytes = Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  return isMapped ? { version: 4, bytes: bytes.slice(12) } : { version: 6, bytes }
}

/** The one canonical text: dotted decimal, or RFC 5952 section 4 (lower case, longest zeros as `::`). */
export function formatIpAddress(address: IpAddress): string {
  if (address.version === 4) return address.bytes.join('.')
  const groups = groupsOf(address.bytes)
  const zeros = longestZeroRun(groups)
  const hex = groups.map((group) => group.toString(16))
  if (zeros.length < 2) return hex.join(':')
  const head = hex.slice(0, zeros.start).join(':')
  const tail = hex.slice(zeros.start + zeros.length).join(':')
  return `${head}::${tail}`
}

function parseIpv4(text: string): number[] | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => DECIMAL_OCTET.test(part))) return null
  const octets = parts.map(Number)
  return octets.every((octet) => octet <= 255) ? octets : null
}

function parseIpv6(text: string): number[] | null {
  const halves = text.split('::')
  const [head = '', tail] = halves
  if (halves.length > 2) return null
  const before = parseGroups(head, tail === undefined)
  if (before === null) return null
  if (tail === undefined) return before.length === 8 ? before : null
  const after = parseGroups(tail, true)
  if (after === null) return null
  const missing = 8 - before.length - after.length
  // `::` stands for at least one group.
  return missing < 1 ? null : [...before, ...new Array<number>(missing).fill(0), ...after]
}

/** Groups between colons; a dotted quad may stand for the last two of the whole address only. */
function parseGroups(text: string, mayEndInIpv4: boolean): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (HEX_GROUP.test(part)) {
      groups.push(Number.parseInt(part, 16))
      continue
    }
    const octets = mayEndInIpv4 && index === parts.length - 1 ? parseIpv4(part) : null
    if (octets === null) return null
    const [a = 0, b = 0, c = 0, d = 0] = octets
    groups.push(a * 256 + b, c * 256 + d)
  }
  return groups
}

function groupsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2))
}

/** The first of the longest runs of zero groups (RFC 5952 section 4.2.3). */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let length = 0
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0
    if (length > best.length) best = { start: index - length + 1, length }
  }
  return best
}
