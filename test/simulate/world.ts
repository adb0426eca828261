// What everything outside the Worker shares: the clock, its own random stream, the road to the Worker, the log.

import type { Ledger } from './ledger.ts'
import type { Clock } from './machine/clock.ts'
import type { HttpAnswer, HttpRequest } from './machine/network.ts'
import type { Random } from './machine/random.ts'
import type { Counter } from './sometimes.ts'

export const PUBLIC_ORIGIN = 'https://lock.example.com'

export type World = {
  readonly clock: Clock
  readonly random: Random
  readonly ledger: Ledger
  readonly counter: Counter
  readonly log: (who: string, what: string) => void
  /** One request to the Worker's public origin; null when no answer was heard. */
  readonly ask: (request: HttpRequest, patienceMs?: number) => Promise<HttpAnswer | null>
  readonly isCalm: () => boolean
  /** Something somebody still has to see through; call the result when it is. */
  readonly open: (what: string) => () => void
}

export function getJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
