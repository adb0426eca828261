// How often something may be tried from one place of the network. One customer has a whole /64 of IPv6, and may send
// from any address of it; many a provider hands out a /48. So those are counted, not the address.

import type { SealKeys } from '../lib/seal.ts'
import { parseIpAddress } from '../place/ip-address.ts'
import { type Limit, limitScope } from './limits.ts'

/** A /48 is one customer, or a small provider's. */
const TIMES_PER_48 = 4

/** `ip` as the platform says it (`cf-connecting-ip`); what cannot be read counts as one place together. */
export async function addressLimits(
  keys: SealKeys,
  kind: string,
  ip: string,
  { max, windowMs }: Omit<Limit, 'scope'>,
): Promise<readonly [Limit, ...Limit[]]> {
  const address = parseIpAddress(ip)
  const limit = async (place: string, times: number): Promise<Limit> => ({
    scope: await limitScope(keys, kind, place),
    max: max * times,
    windowMs,
  })
  if (address?.version !== 6) return [await limit(address ? address.bytes.join('.') : 'unknown', 1)]
  const prefix = (bits: number) => `${address.bytes.slice(0, bits / 8).join('.')}/${bits}`
  return [await limit(prefix(64), 1), await limit(prefix(48), TIMES_PER_48)]
}
