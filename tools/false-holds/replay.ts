// How often an owner's own logins hold withdrawals: their year goes through the real rule, with the marks an account is known
// by kept as the statement keeps them, which a property test holds against the database.

import { DAY_MS, HOUR_MS } from '../../src/lib/time.ts'
import { decideCoolingOff } from '../../src/login/cooling-off.ts'
import { MARKS_MAX } from '../../src/login/known-marks.ts'
import { chanceOf, type Kind, loginsOf, type OwnLogin, type Via } from './owner-year.ts'

const YEAR_DAYS = 365

export type Setup = Kind & {
  readonly coolingOffHours: number
  /** Days with COOLING_OFF_HOURS = 0 before it is switched on: what is seen then becomes known. */
  readonly learningDays: number
  /** With a passkey or an authenticator: the owner releases each hold at once, and its marks become known. */
  readonly isReleased: boolean
}

/** What in an owner's year a hold came of; the first that fits. */
export const OCCASIONS = {
  trip: 'first login in another country',
  abroad: 'another network there',
  device: 'new device',
  carrier: 'mobile carrier',
  fixed: 'fixed network',
  guest: 'others’ Wi-Fi',
} as const

type Occasion = keyof typeof OCCASIONS
type Hold = { readonly cause: string; readonly occasion: Occasion }

export type Figures = {
  readonly holdsPerYear: number
  readonly ownersWithout: number
  readonly ninetyFifth: number
  /** Holds a year by what they came of, in the order of `OCCASIONS`. */
  readonly occasions: readonly { readonly holdsPerYear: number }[]
  /** Of all holds, by what was new: a share for each combination there was, the most frequent first. */
  readonly causes: readonly (readonly [cause: string, share: number])[]
  /** Of the year: how long withdrawals waited, in hours. */
  readonly hoursHeld: number
}

export function replay(setup: Setup, owners: number, seed: number): Figures {
  const all = Array.from({ length: owners }, (_, nth) => replayOne(setup, seed + nth))
  const counts = all.map(({ holds }) => holds.length).sort((a, b) => a - b)
  const holds = all.flatMap((one) => one.holds)
  return {
    holdsPerYear: holds.length / owners,
    ownersWithout: counts.filter((count) => count === 0).length / owners,
    ninetyFifth: counts[Math.floor(owners * 0.95)] ?? 0,
    occasions: Object.keys(OCCASIONS).map((name) => ({
      holdsPerYear: holds.filter(({ occasion }) => occasion === name).length / owners,
    })),
    causes: sharesOf(holds.map(({ cause }) => cause)),
    hoursHeld: all.reduce((sum, { hoursHeld }) => sum + hoursHeld, 0) / owners,
  }
}

function replayOne(setup: Setup, seed: number) {
  const { coolingOffHours, learningDays, isReleased } = setup
  const onAt = learningDays * DAY_MS
  const known = new Map<string, number>()
  const holds: Hold[] = []
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
    if (decided?.begins) {
      holds.push({ cause: decided.cause, occasion: occasionOf(decided.cause, login.via) })
    }
    if (decided && !isReleased) {
      if (decided.begins) hoursHeld += coolingOffHours
      runningUntil = decided.until
    } else note(known, login)
  }
  return { holds, hoursHeld }
}

/** At the very first login everything is new, the country at home too: that is a new device. */
function occasionOf(cause: string, via: Via): Occasion {
  const isNew = (word: string) => cause.split(' ').includes(word)
  if (via === 'abroad' && isNew('country')) return 'trip'
  return isNew('device') ? 'device' : via
}

function sharesOf(causes: readonly string[]): (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const cause of causes) counts.set(cause, (counts.get(cause) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([cause, count]) => [cause, count / causes.length] as const)
}

/** As `noteMarksStatement`: the newest of forty. */
function note(known: Map<string, number>, { at, device, country, network }: OwnLogin): void {
  const day = Math.floor(at / DAY_MS)
  for (const mark of [device, country, network]) known.set(mark, day)
  if (known.size <= MARKS_MAX) return
  const oldest = [...known].sort(([, a], [, b]) => a - b).slice(0, known.size - MARKS_MAX)
  for (const [mark] of oldest) known.delete(mark)
}
