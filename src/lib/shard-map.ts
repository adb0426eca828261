// `SHARDS` → the database of each slot: `0-127:DB 128-255:DB_1`. Every slot has one, and one alone.

import { err, ok, type Result } from './result.ts'
import { ALL_SLOTS, HOME } from './slot-guard.ts'

/** By slot: the name of the binding of its database. */
export type ShardMap = readonly string[]

export const ONE_DATABASE = `0-255:${HOME}`

/** Names that a database of accounts may be bound by. */
export const SHARD_NAME = /^DB(?:_[1-9]\d?)?$/

const PART = /^(\d{1,3})(?:-(\d{1,3}))?:(\S+)$/

/** Total. Every slot that has no database or two is named. */
export function parseShardMap(texts: readonly string[]): Result<ShardMap, string> {
  const places: (string | undefined)[] = []
  const doubled = new Set<number>()
  for (const text of texts) {
    const [, from = '', until = from, name = ''] = PART.exec(text) ?? []
    if (!SHARD_NAME.test(name)) return err('must be a list like `0-127:DB 128-255:DB_1`')
    const [first, last] = [Number(from), Number(until)]
    if (first > last || last >= ALL_SLOTS.length) {
      return err(`has ${from}-${until}, which is no range of slots from 0 to 255`)
    }
    for (const slot of ALL_SLOTS.slice(first, last + 1)) {
      if (places[slot] === undefined) places[slot] = name
      else doubled.add(slot)
    }
  }
  if (doubled.size > 0) return err(`has slots in two places: ${rangesText([...doubled])}`)
  const gaps = ALL_SLOTS.filter((slot) => places[slot] === undefined)
  if (gaps.length > 0) return err(`leaves out slots: ${rangesText(gaps)}`)
  return ok(places.map((name) => name ?? HOME))
}

/** `3 7-9`: of slots in any order. */
export function rangesText(slots: readonly number[]): string {
  const ordered = [...slots].sort((a, b) => a - b)
  const ranges: [number, number][] = []
  for (const slot of ordered) {
    const last = ranges.at(-1)
    if (last && last[1] === slot - 1) last[1] = slot
    else ranges.push([slot, slot])
  }
  return ranges.map(([from, until]) => (from === until ? `${from}` : `${from}-${until}`)).join(' ')
}

/** Total: null for what is no list of slots, `128-255 3`. */
export function parseSlots(text: string): readonly number[] | null {
  const slots = new Set<number>()
  for (const part of text.split(/[\s,]+/).filter((some) => some !== '')) {
    const [, from = '', until = from] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? []
    const [first, last] = [Number(from), Number(until)]
    if (from === '' || first > last || last >= ALL_SLOTS.length) return null
    for (const slot of ALL_SLOTS.slice(first, last + 1)) slots.add(slot)
  }
  return slots.size === 0 ? null : [...slots]
}
