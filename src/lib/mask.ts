// The little of an address or a number that may be shown: enough for its owner to recognise it, too
// little for anyone else to use. Total: what cannot be read is shown as nothing at all.

/**
 * The tail of an IP address, without an ellipsis (pages put `…` before it, an SMS `..`):
 *
 * - IPv4: the last four digits with their dot, but of the last two octets at most:
 *   `203.0.113.77` → `13.77`, `10.0.0.255` → `0.255`, `1.2.3.4` → `3.4`.
 * - IPv6: the last group that is not zero: `2001:db8::8a2e:370:7334` → `7334`. An address with an
 *   IPv4 address at its end is masked as that one. With a single group set (`::1`) the tail would
 *   be the whole address, so there is none.
 * - Anything else: ''.
 */
export function maskIp(ip: string): string {
  if (ip.length > 45) return ''
  const mappedAt = ip.includes('.') ? ip.lastIndexOf(':') : -1
  if (mappedAt === -1) return ip.includes(':') ? maskIpv6(ip) : maskIpv4(ip)
  const hasValidHead = maskableGroups(`${ip.slice(0, mappedAt)}:0:0`) !== null
  return hasValidHead ? maskIpv4(ip.slice(mappedAt + 1)) : ''
}

function maskIpv4(ip: string): string {
  const octets = ip.split('.')
  if (octets.length !== 4 || !octets.every(isOctet)) return ''
  const last = octets[3] ?? ''
  const beforeLast = octets[2] ?? ''
  return `${beforeLast.slice(-(4 - last.length))}.${last}`
}

function isOctet(text: string): boolean {
  return /^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) <= 255
}

function maskIpv6(ip: string): string {
  const groups = maskableGroups(ip) ?? []
  const last = groups.at(-1)
  return groups.length > 1 && last !== undefined ? last : ''
}

/** The groups that are not zero, lower case, without leading zeros; null if this is no IPv6. */
function maskableGroups(ip: string): readonly string[] | null {
  const halves = ip.split('::')
  if (halves.length > 2) return null
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null
  const isComplete = halves.length === 2 ? groups.length < 8 : groups.length === 8
  if (!isComplete) return null
  return groups.map((group) => group.toLowerCase().replace(/^0+/, '')).filter((g) => g !== '')
}

/** `+12025550123` → `•••• 0123`; anything that is not an E.164 number → ''. */
export function maskPhone(e164: string): string {
  return /^\+[1-9]\d{6,14}$/.test(e164) ? `•••• ${e164.slice(-4)}` : ''
}
