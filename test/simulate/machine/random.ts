// Numbers that look random and follow from the seed alone. Each stream is its own sequence, so that one more
// draw in one place does not change what another place draws.

import { createHash } from 'node:crypto'

export type Random = {
  /** From 0 up to 1. */
  readonly fraction: () => number
  readonly chance: (probability: number) => boolean
  /** Both ends included. */
  readonly whole: (least: number, most: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  /** A key, as often as its weight among all says. */
  readonly weighted: <Key extends string>(weights: Readonly<Record<Key, number>>) => Key
  readonly shuffled: <T>(list: readonly T[]) => readonly T[]
  readonly bytes: (length: number) => Uint8Array<ArrayBuffer>
}

/** sfc32 (Chris Doty-Humphrey), started with 128 bits of a hash of seed and stream. */
export function createRandom(seed: number, stream: string): Random {
  const digest = createHash('sha256').update(`${seed} ${stream}`).digest()
  let a = digest.readUInt32LE(0)
  let b = digest.readUInt32LE(4)
  let c = digest.readUInt32LE(8)
  let counter = digest.readUInt32LE(12)

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }

  const fraction = () => next() / 2 ** 32
  const whole = (least: number, most: number) => least + Math.floor(fraction() * (most - least + 1))

  function pick<T>(list: readonly T[]): T {
    const [value] = list.slice(whole(0, list.length - 1))
    if (value === undefined) throw new Error('nothing to pick from')
    return value
  }

  function weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const keys = Object.keys(weights) as Key[]
    let left = fraction() * keys.reduce((sum, key) => sum + weights[key], 0)
    const found = keys.find((key) => {
      left -= weights[key]
      return left < 0
    })
    return found ?? pick(keys)
  }

  return {
    fraction,
    chance: (probability) => probability > 0 && fraction() < probability,
    whole,
    pick,
    weighted,
    shuffled: (list) =>
      list
        .map((value) => ({ value, rank: next() }))
        .sort((left, right) => left.rank - right.rank)
        .map(({ value }) => value),
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  }
}
