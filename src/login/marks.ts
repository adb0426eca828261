// Marks of a login by which the account's next one is recognised: keyed, so that D1 holds neither an
// address nor a way to follow a device from account to account.

import { keyedHash } from '../lib/keyed-hash.ts'
import type { SealKeys } from '../lib/seal.ts'
import { parseIpAddress } from '../place/ip-address.ts'

const MARK_BYTES = 6

export type MarkedFacts = {
  readonly accountId: string
  readonly browser: string | null
  readonly os: string | null
  readonly deviceName: string | null
  /** The full address: only its network goes into the mark. Null where it could not be read. */
  readonly ip: string | null
}

export type LoginMarks = {
  readonly deviceMark: string | null
  readonly networkMark: string | null
}

/**
 * `[A-Za-z0-9_-]{8}` each, null where nothing is known to be recognised by: whoever hides what they log in with never
 * becomes a usual visitor. A rotated key makes every device look new once, which warns too often, not too seldom.
 */
export async function loginMarks(keys: SealKeys, facts: MarkedFacts): Promise<LoginMarks> {
  const { accountId, browser, os, deviceName } = facts
  const isDeviceKnown = browser !== null || os !== null || deviceName !== null
  const device = JSON.stringify([browser, os, deviceName])
  const network = facts.ip === null ? null : networkOf(facts.ip)
  return {
    deviceMark: isDeviceKnown ? await mark(keys, `device ${accountId} ${device}`) : null,
    networkMark: network === null ? null : await mark(keys, `network ${accountId} ${network}`),
  }
}

/** A /16 of IPv4, a /32 of IPv6: about what one access network hands out to one subscriber over time. */
function networkOf(ip: string): string | null {
  const address = parseIpAddress(ip)
  if (!address) return null
  return `${address.version} ${address.bytes.slice(0, address.version === 4 ? 2 : 4).join('.')}`
}

function mark(keys: SealKeys, text: string): Promise<string> {
  return keyedHash(keys[0], `login-mark ${text}`, MARK_BYTES)
}
