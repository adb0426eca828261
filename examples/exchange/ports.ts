// What the exchange has from outside, all of it: clock, timers, network, chance and a place for log lines. main.ts takes
// them from Node; a test or a simulation gives its own.

import type { Ports } from './lockline-client.ts'

export type ExchangePorts = Ports & {
  /** Unguessable, at least 128 bits, never the same twice; begins with `prefix_`. */
  readonly newId: (prefix: string) => string
  /** `fields` are never secrets. */
  readonly log: (line: string, fields: Readonly<Record<string, unknown>>) => void
}
