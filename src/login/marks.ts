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
  /** Whose network it is, by name or AS number, where the table of places says so; null of any other. */
  readonly operator: string | null
}

export type LoginMarks = {
  readonly deviceMark: string | null
  readonly networkMark: string | null
  /** The same under older keys, and as former versions wrote them: what is known by one of them is known. */
  readonly olderDeviceMarks: readonly string[]
  readonly olderNetworkMarks: readonly string[]
  /**
   * Where the address lies, under every key, of a network that is marked by its operator: as it was marked before a table named
   * the operator. What is known by one of them is known for a while (known-marks.ts), and stays beside the new mark: others whom
   * no table names may be known by it.
   */
  readonly formerNetworkMarks: readonly string[]
}

/**
 * `[A-Za-z0-9_-]{12}` each, of which the first four name the key; null where nothing is known to be recognised by: whoever
 * hides what they log in with never becomes a usual visitor. A key that is dropped makes each device look new that has not
 * been seen under the next one, which warns too often, not too seldom.
 */
export async function loginMarks(keys: SealKeys, facts: MarkedFacts): Promise<LoginMarks> {
  const { accountId, browser, os, deviceName, operator } = facts
  const isDeviceKnown = browser !== null || os !== null || deviceName !== null
  const device = JSON.stringify([browser, os, deviceName])
  const network = (name: string) => marks(keys, `network ${accountId} ${name}`)
  const ofAddress = networkOf(facts.ip)
  const hasOperator = ofAddress !== null && operator !== null
  // By whose network it is, where that is known: a relay's addresses and a carrier's are anywhere.
  const main = hasOperator ? `of ${operator}` : ofAddress
  const [[deviceMark, ...olderDeviceMarks], [networkMark, ...olderNetworkMarks], formerMarks] =
    await Promise.all([
      isDeviceKnown ? marks(keys, `device ${accountId} ${device}`) : NONE,
      main === null ? NONE : network(main),
      hasOperator ? network(ofAddress) : [],
    ])
  return {
    ...{ deviceMark, networkMark, olderDeviceMarks, olderNetworkMarks },
    formerNetworkMarks: formerMarks,
  }
}

const NONE: readonly [null, ...string[]] = [null]

/** A /16 of IPv4, a /32 of IPv6: about what one access network hands out to one subscriber over time. */
function networkOf(ip: string | null): string | null {
  const address = ip === null ? null : parseIpAddress(ip)
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
