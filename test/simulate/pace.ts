// When people act while the faults last: once, some time later, or now and then. Nobody begins anything in the calm.

import type { Clock } from './machine/clock.ts'
import type { Random } from './machine/random.ts'
import type { Scenario } from './scenario.ts'

type Pace = {
  readonly later: (delayMs: number, act: () => void) => void
  /** At random, so far apart in the mean. */
  readonly every: (pauseMs: number, act: () => void) => void
}

export function paceOf(clock: Clock, random: Random, { calmAt }: Pick<Scenario, 'calmAt'>): Pace {
  const later: Pace['later'] = (delayMs, act) => {
    if (clock.now() + delayMs < calmAt) clock.after(delayMs, act)
  }
  const every: Pace['every'] = (pauseMs, act) => {
    const again = () =>
      later(random.whole(1, 2 * pauseMs), () => {
        act()
        again()
      })
    again()
  }
  return { later, every }
}
