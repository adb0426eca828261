// Violations that are known and not yet mended in src/. They are counted, and fail nothing. When one is mended,
// its entry goes: then it fails again, should it come back.

import type { Verdict } from './judge.ts'

type Known = {
  readonly invariant: string
  readonly what: RegExp
  /** What is wrong; a run names the first seed that shows it. */
  readonly note: string
}

export const KNOWN: readonly Known[] = []

export function knownIndex({ name, what }: Verdict): number {
  return KNOWN.findIndex((known) => known.invariant === name && known.what.test(what))
}
