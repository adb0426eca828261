// Trouble comes in stretches, and in single strokes between them. Both are drawn beforehand from the seed; how
// much of either, too: a seed with no trouble of a kind lets the others show.

import type { Random } from './random.ts'

export type Trouble<Kind extends string> = {
  /** The kind that strikes now, or null. */
  readonly at: (now: number) => Kind | null
  /** In one word per stretch, for the log. */
  readonly plan: readonly string[]
}

type Stretch<Kind> = { readonly from: number; readonly until: number; readonly kind: Kind }

/** Of the whole time, for stretches; of the calls between them, for strokes. */
const SHARES = [0, 0.1, 0.3, 0.6] as const
const STROKES = [0, 0.01, 0.05, 0.15] as const

export function createTrouble<Kind extends string>(
  random: Random,
  span: { readonly from: number; readonly until: number },
  kinds: Readonly<Record<Kind, number>>,
): Trouble<Kind> {
  const share = random.pick(SHARES)
  const strokes = random.pick(STROKES)
  const stretches: Stretch<Kind>[] = []
  let at = span.from
  while (share > 0 && at < span.until) {
    const lengthMs = random.whole(3_000, random.pick([20_000, 90_000, 400_000]))
    const pauseMs = Math.round((lengthMs * (1 - share)) / share)
    at += random.whole(0, 2 * pauseMs)
    if (at >= span.until) break
    stretches.push({ from: at, until: at + lengthMs, kind: random.weighted(kinds) })
    at += lengthMs
  }
  return {
    at: (now) => {
      if (now < span.from || now >= span.until) return null
      const stretch = stretches.find(({ from, until }) => now >= from && now < until)
      if (stretch) return stretch.kind
      return random.chance(strokes) ? random.weighted(kinds) : null
    },
    plan: [
      `strokes:${strokes}`,
      ...stretches.map(({ from, until, kind }) => {
        const second = (instant: number) => Math.round((instant - span.from) / 1_000)
        return `${kind}:${second(from)}-${second(until)}s`
      }),
    ],
  }
}
