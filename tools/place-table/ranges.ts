// Turns the sources' ranges (nested, overlapping, finer than we store) into plain changes of value.
// A gap stays a gap: nothing inherits its neighbour's country.
import type { Change } from './encode.ts'

/** Inclusive at both ends. */
export type Range<V> = { readonly start: bigint; readonly end: bigint; readonly value: V }

const SLOT_BITS = 64n
const SLOT_SIZE = 1n << SLOT_BITS

/**
 * Resolves overlaps: the range that starts later wins, and of two with one start the shorter, so a
 * customer's range wins over the block it was cut from. The result is sorted and disjoint.
 */
export function flattenRanges<V>(ranges: readonly Range<V>[]): Range<V>[] {
  const sorted = ranges.toSorted((a, b) => compare(a.start, b.start) || compare(b.end, a.end))
  const flat: Range<V>[] = []
  const open: Range<V>[] = []
  let position = 0n
  const advanceTo = (limit: bigint | null): void => {
    while (open.length > 0 && (limit === null || position < limit)) {
      const top = open[open.length - 1]
      if (top === undefined) break
      const end = limit !== null && top.end >= limit ? limit - 1n : top.end
      if (end >= position) {
        flat.push({ start: position, end, value: top.value })
        position = end + 1n
      }
      if (top.end < position) open.pop()
    }
  }
  for (const range of sorted) {
    if (range.end < range.start) throw new Error(`range ${range.start}-${range.end} is backwards`)
    advanceTo(range.start)
    position = range.start
    open.push(range)
  }
  advanceTo(null)
  return flat
}

/** `over` where it says something, `under` in its gaps. Both sorted and disjoint, as is the result. */
export function overlayRanges<V>(
  under: readonly Range<V>[],
  over: readonly Range<V>[],
): Range<V>[] {
  const pieces: Range<V>[] = [...over]
  let index = 0
  for (const range of under) {
    let start = range.start
    while ((over[index]?.end ?? start) < start) index++
    for (let next = index; start <= range.end; next++) {
      const cover = over[next]
      if (cover === undefined || cover.start > range.end) {
        pieces.push({ ...range, start })
        break
      }
      if (cover.start > start) pieces.push({ ...range, start, end: cover.start - 1n })
      if (cover.end >= start) start = cover.end + 1n
    }
  }
  return pieces.toSorted((a, b) => compare(a.start, b.start))
}

/**
 * 128-bit ranges as ranges of /64 networks. A /64 that ranges cut into goes to the value holding
 * the largest part of it, "unknown" being one of them, so a stray /128 changes nothing around it.
 */
export function toSlots(ranges: readonly Range<number>[]): Range<number>[] {
  const whole: Range<number>[] = []
  const shares = new Map<bigint, Map<number, bigint>>()
  const addShare = (slot: bigint, value: number, size: bigint): void => {
    const inSlot = shares.get(slot) ?? new Map<number, bigint>()
    inSlot.set(value, (inSlot.get(value) ?? 0n) + size)
    shares.set(slot, inSlot)
  }
  for (const { start, end, value } of ranges) {
    const firstSlot = start >> SLOT_BITS
    const lastSlot = end >> SLOT_BITS
    const cutsFirst = start % SLOT_SIZE !== 0n
    const cutsLast = (end + 1n) % SLOT_SIZE !== 0n
    if (firstSlot === lastSlot && (cutsFirst || cutsLast)) {
      addShare(firstSlot, value, end - start + 1n)
      continue
    }
    if (cutsFirst) addShare(firstSlot, value, SLOT_SIZE - (start % SLOT_SIZE))
    if (cutsLast) addShare(lastSlot, value, (end + 1n) % SLOT_SIZE)
    const from = cutsFirst ? firstSlot + 1n : firstSlot
    const to = cutsLast ? lastSlot - 1n : lastSlot
    if (from <= to) whole.push({ start: from, end: to, value })
  }
  for (const [slot, inSlot] of shares) {
    const value = largestShare(inSlot)
    if (value !== 0) whole.push({ start: slot, end: slot, value })
  }
  return whole.toSorted((a, b) => compare(a.start, b.start))
}

/** Ties go to the lower value, which the builder gives to the more frequent name. */
function largestShare(shares: ReadonlyMap<number, bigint>): number {
  let known = 0n
  for (const size of shares.values()) known += size
  let best = { value: 0, size: SLOT_SIZE - known }
  for (const [value, size] of [...shares].toSorted(([a], [b]) => a - b)) {
    if (size > best.size) best = { value, size }
  }
  return best.value
}

/** Disjoint sorted ranges as changes: equal neighbours joined, gaps written out as 0. */
export function toChanges(ranges: readonly Range<number>[], bits: 32 | 64): Change[] {
  const changes: Change[] = []
  const push = (start: bigint, value: number): void => {
    if ((changes.at(-1)?.value ?? 0) !== value) changes.push({ start, value })
  }
  let position = 0n
  for (const { start, end, value } of ranges) {
    if (start > position) push(position, 0)
    push(start, value)
    position = end + 1n
  }
  if (position < 1n << BigInt(bits)) push(position, 0)
  return changes
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
