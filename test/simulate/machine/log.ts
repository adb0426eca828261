// Everything that happened, a line each, and one hash over all of it: the same seed has to give the same hash.

import { createHash } from 'node:crypto'

export type SimulationLog = {
  /** `who` is an isolate, a queue, a provider, a phone, the exchange; `what` names accounts where it can. */
  readonly add: (at: number, who: string, what: string) => void
  readonly lines: () => readonly string[]
  readonly hash: () => string
}

export function createLog(startAt: number): SimulationLog {
  const lines: string[] = []
  return {
    add: (at, who, what) => {
      lines.push(`${((at - startAt) / 1_000).toFixed(3).padStart(10)}  ${who.padEnd(12)} ${what}`)
    },
    lines: () => lines,
    hash: () => createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16),
  }
}
