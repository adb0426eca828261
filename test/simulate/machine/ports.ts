// The ports of one isolate: its clock, timers, chance and network, as src/lib/ports.ts names them, in virtual time.

import type { Ports } from '../../../src/lib/ports.ts'
import type { Clock } from './clock.ts'
import { isGone, runIn, running } from './invocation.ts'

/** `skewMs`: how far the isolate's clock is from the true one. A timer of an invocation that is gone does nothing. */
export function createPorts({
  clock,
  skewMs,
  randomBytes,
  fetch,
}: {
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly skewMs: number
} & Pick<Ports, 'randomBytes' | 'fetch'>): Ports {
  return {
    now: () => clock.now() + skewMs,
    after: (delayMs, run) => {
      const invocation = running()
      if (!invocation) throw new Error('a timer was set outside of any invocation')
      return clock.after(delayMs, () => {
        if (!isGone(invocation)) runIn(invocation, run)
      })
    },
    randomBytes,
    fetch,
  }
}
