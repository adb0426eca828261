// Marks of a login by which the account's next one is recognised: keyed, so that D1 holds neither an
// address nor a way to follow a device from account to account.

import { keyName } from '../lib/derived-key.ts'
import { storedHashes } from '../lib/keyed-hash.ts'
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
  /** By name, of a data centre or relay whose addresses are known to be its own; null of any other. */
  readonly operator: string | null
}

export type LoginMarks = {
  readonly deviceMark: string | null
  readonly networkMark: string | null
  /** The same under older keys, and as former versions wrote them: what is known by one of them is known. */
  readonly olderDeviceMarks: readonly string[]
  readonly olderNetworkMarks: readonly string[]
}

/**
 * `[A-Za-z0-9_-]{12}` each, of which the first four name the key; null where nothing is known to be recognised by: whoever
 * hides what they log in with never becomes a usual visitor. A key that is dropped makes each device look new that has not
 * been seen under the next one, which warns too often, not too seldom.
 */
export async function loginMarks(keys: SealKeys, facts: MarkedFacts): Promise<LoginMarks> {
  const { accountId, browser, os, deviceName } = facts
  const isDeviceKnown = browser !== null || os !== null || deviceName !== null
  const device = JSON.stringify([browser, os, deviceName])
  const networks = networksOf(facts)
  const [[deviceMark, ...olderDeviceMarks], ofNetworks] = await Promise.all([
    isDeviceKnown ? marks(keys, `device ${accountId} ${device}`) : NONE,
    Promise.all(networks.map((network) => marks(keys, `network ${accountId} ${network}`))),
  ])
  const [networkMark = null, ...olderNetworkMarks] = ofNetworks.flat()
  return { deviceMark, networkMark, olderDeviceMarks, olderNetworkMarks }
}

const NONE: readonly [null, ...string[]] = [null]

/**
 * The first is what it is marked by: whose network it is, where that is known, since a relay's addresses are anywhere; else where
 * the address lies. That stands for it too where former versions, or those without the name, have marked it.
 */
function networksOf({ ip, operator }: MarkedFacts): readonly string[] {
  const network = ip === null ? null : networkOf(ip)
  if (network === null) return []
  return operator === null ? [network] : [`of ${operator}`, network]
}

/** A /16 of IPv4, a /32 of IPv6: about what one access network hands out to one subscriber over time. */
function networkOf(ip: string): string | null {
  const address = parseIpAddress(ip)
  if (!address) return null
  return `${address.version} ${address.bytes.slice(0, address.version === 4 ? 2 : 4).join('.')}`
}

async function marks(keys: SealKeys, text: string): Promise<readonly [string, ...string[]]> {
  const what = { use: 'login-mark', text: `login-mark ${text}`, length: MARK_BYTES } as const
  const hashes = await storedHashes(keys, what)
  const [current, ...others] = await Promise.all(
    hashes.map(async (hash, place) => {
      const secret = keys[place]
      // Beyond the keys: as former versions wrote them, without a name.
      return secret ? (await keyName(secret)) + hash : hash
    }),
  )
  return [current ?? '', ...others]
}
