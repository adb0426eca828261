// How often something may be tried from one place of the network. One customer has a whole /64 of IPv6, and may send
// from any address of it; many a provider hands out a /48. So those are counted, not the address.

import type { SealKeys } from '../lib/seal.ts'
import { parseIpAddress } from '../place/ip-address.ts'
import { type Limit, limitScope } from './limits.ts'

/** A /48 is one customer, or a small provider's. */
export const TIMES_PER_48 = 4

/** `ip` as the platform says it (`cf-connecting-ip`). */
export async function addressLimits(
  keys: SealKeys,
  kind: string,
  ip: string,
  { max, windowMs }: Omit<Limit, 'scope'>,
): Promise<readonly [Limit, ...Limit[]]> {
  const limit = async (place: string, times: number): Promise<Limit> => ({
    scope: await limitScope(keys, kind, place),
    max: max * times,
    windowMs,
  })
  const { place, widerPlace } = placeOf(ip)
  const own = await limit(place, 1)
  return widerPlace === null ? [own] : [own, await limit(widerPlace, TIMES_PER_48)]
}

/** Whose tries are counted together: an address of version 4, a /64 of version 6, and the /48 around it. */
export function placeOf(ip: string): {
  readonly place: string
  readonly widerPlace: string | null
} {
  const address = parseIpAddress(ip)
  if (address === null) return { place: 'unknown', widerPlace: null }
  if (address.version === 4) return { place: address.bytes.join('.'), widerPlace: null }
  const prefix = (bits: number) => `${address.bytes.slice(0, bits / 8).join('.')}/${bits}`
  return { place: prefix(64), widerPlace: prefix(48) }
}
