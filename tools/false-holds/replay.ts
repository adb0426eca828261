// How often an owner's own logins hold withdrawals: their year goes through the real rule, with the marks an account is known
// by kept as the statement keeps them, which a property test holds against the database.

import { DAY_MS, HOUR_MS } from '../../src/lib/time.ts'
import { decideCoolingOff } from '../../src/login/cooling-off.ts'
import { MARKS_MAX } from '../../src/login/known-marks.ts'
import { chanceOf, type Kind, loginsOf, type OwnLogin } from './owner-year.ts'

const YEAR_DAYS = 365

export type Setup = Kind & {
  readonly coolingOffHours: number
  /** Days with COOLING_OFF_HOURS = 0 before it is switched on: what is seen then becomes known. */
  readonly learningDays: number
  /** With a passkey or an authenticator: the owner releases each hold at once, and its marks become known. */
  readonly isReleased: boolean
}

export type Figures = {
  readonly holdsPerYear: number
  readonly ownersWithout: number
  readonly ninetyFifth: number
  /** Of all holds: those for which nothing but the network was new. */
  readonly networkAlone: number
  /** Of the year: how long withdrawals waited, in hours. */
  readonly hoursHeld: number
}

export function replay(setup: Setup, owners: number, seed: number): Figures {
  const all = Array.from({ length: owners }, (_, nth) => replayOne(setup, seed + nth))
  const counts = all.map(({ causes }) => causes.length).sort((a, b) => a - b)
  const causes = all.flatMap((one) => one.causes)
  return {
    holdsPerYear: causes.length / owners,
    ownersWithout: counts.filter((count) => count === 0).length / owners,
    ninetyFifth: counts[Math.floor(owners * 0.95)] ?? 0,
    networkAlone:
      causes.length === 0
        ? 0
        : causes.filter((cause) => cause === 'network').length / causes.length,
    hoursHeld: all.reduce((sum, { hoursHeld }) => sum + hoursHeld, 0) / owners,
  }
}

function replayOne(setup: Setup, seed: number) {
  const { coolingOffHours, learningDays, isReleased } = setup
  const onAt = learningDays * DAY_MS
  const known = new Map<string, number>()
  const causes: string[] = []
  let [runningUntil, hoursHeld] = [0, 0]
  for (const login of loginsOf(setup, learningDays + YEAR_DAYS, chanceOf(seed))) {
    const { at, device, country, network } = login
    const decided = decideCoolingOff({
      ...{ knowsDevice: known.has(device), knowsCountry: known.has(country) },
      ...{ knowsNetwork: known.has(network), isOff: at < onAt },
      // Imported the day before the first login that is replayed.
      ...{ isInFirstDay: false, isOfDroppedKey: false },
      ...{ receivedAt: at, coolingOffMs: coolingOffHours * HOUR_MS },
      runningUntil: runningUntil > at ? runningUntil : null,
    })
    if (decided?.begins) causes.push(decided.cause)
    if (decided && !isReleased) {
      if (decided.begins) hoursHeld += coolingOffHours
      runningUntil = decided.until
    } else note(known, login)
  }
  return { causes, hoursHeld }
}

/** As `noteMarksStatement`: the newest of forty. */
function note(known: Map<string, number>, { at, device, country, network }: OwnLogin): void {
  const day = Math.floor(at / DAY_MS)
  for (const mark of [device, country, network]) known.set(mark, day)
  if (known.size <= MARKS_MAX) return
  const oldest = [...known].sort(([, a], [, b]) => a - b).slice(0, known.size - MARKS_MAX)
  for (const [mark] of oldest) known.delete(mark)
}
