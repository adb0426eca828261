// Which of those who connect people the table names: all that have many addresses, since only with these may an owner's own lie
// now in one /16, now in another. Pure. The small ones would cost more bytes than all the others together, and are told
// by where their addresses lie, as before.
import type { Range } from './ranges.ts'

/** A data centre or relay by its name, whoever connects people by AS number; '' is nobody. */
export type Owner = string | number

/** A /19: less lies in one /16 or two. */
const LEAST_IPV4_ADDRESSES = 8192n
/** Of IPv6, who has as many /32s: a carrier whose customers share few IPv4 addresses. */
const LEAST_IPV6_BLOCKS = 8n

export function largeOperators(
  v4: readonly Range<Owner>[],
  v6: readonly Range<Owner>[],
): ReadonlySet<number> {
  const isLarge = [
    ...[...sizes(v4, 0n)].filter(([, size]) => size >= LEAST_IPV4_ADDRESSES),
    ...[...sizes(v6, 96n)].filter(([, size]) => size >= LEAST_IPV6_BLOCKS),
  ]
  return new Set(isLarge.map(([asn]) => asn))
}

/** What is left of the ranges when only these operators are named; the others' stay in as nobody's. */
export function nameOperators(
  ranges: readonly Range<Owner>[],
  named: ReadonlySet<number>,
): Range<Owner>[] {
  return ranges.map((range) =>
    typeof range.value === 'number' && !named.has(range.value) ? { ...range, value: '' } : range,
  )
}

/** Of the space of all operators, the share of those that are named; counted in blocks of 2^`bits` addresses. */
export function namedShare(
  ranges: readonly Range<Owner>[],
  named: ReadonlySet<number>,
  bits: bigint,
): number {
  let [all, known] = [0n, 0n]
  for (const [asn, size] of sizes(ranges, bits)) {
    all += size
    if (named.has(asn)) known += size
  }
  return all === 0n ? 0 : Number((known * 10_000n) / all) / 10_000
}

/** Blocks of 2^`bits` addresses that each operator has any of; the ranges are sorted and disjoint. */
function sizes(ranges: readonly Range<Owner>[], bits: bigint): ReadonlyMap<number, bigint> {
  const found = new Map<number, { size: bigint; last: bigint }>()
  for (const { start, end, value } of ranges) {
    if (typeof value !== 'number') continue
    const { size, last } = found.get(value) ?? { size: 0n, last: -1n }
    const first = start >> bits
    const counted = (end >> bits) - first + (first === last ? 0n : 1n)
    found.set(value, { size: size + counted, last: end >> bits })
  }
  return new Map([...found].map(([asn, { size }]) => [asn, size]))
}
