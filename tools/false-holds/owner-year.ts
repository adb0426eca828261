// A year of logins of one owner: which device, country and network each came from. Assumptions, not measurements: every one
// has its name and figure here, and docs/cooling-off.md prints them. Pure; chance is passed in.

import { DAY_MS, HOUR_MS } from '../../src/lib/time.ts'

export type Chance = () => number

/** Everybody who is replayed here. */
export const HABITS = {
  loginsPerYear: 150,
  /** A new one is new to us where the exchange sends `device_name`, or its browser or system has another name. */
  devices: 2,
  newDevicesPerYear: 0.5,
  fixedNetworks: 3,
  /** The operator at home gives an address of another /16, or is another operator: where operators are named, all are the latter. */
  fixedNetworkMovesPerYear: 0.3,
  /** Of the logins at home: over the mobile carrier. */
  mobileShare: 0.4,
  daysPerTrip: 10,
  /** While abroad as often as at home; of these, over the home carrier's roaming, whose addresses are at home. */
  roamingShare: 0.5,
  /** Wi-Fi of hotels, cafés and airports that a trip's other logins come from. */
  networksPerTrip: 2,
  /** Whose lines the Wi-Fi of friends and cafés at home has: as many operators share a country's among them. */
  operatorsOfGuestWifi: 6,
} as const

export type Kind = {
  readonly tripsPerYear: number
  /** How many networks the carrier's addresses are to us: its /16s, or one where the operator is known. */
  readonly carrierNetworks: number
  /** More logins, over the Wi-Fi of friends and cafés at home: each is another network, but where the operators are known. */
  readonly guestLoginsPerYear: number
  readonly areOperatorsNamed: boolean
}

/** Over what a login came. */
export type Via = 'fixed' | 'guest' | 'carrier' | 'abroad'

export type OwnLogin = {
  readonly at: number
  readonly device: string
  readonly country: string
  readonly network: string
  readonly via: Via
}

/** In order of time, from 0 on. */
export function loginsOf(kind: Kind, days: number, chance: Chance): readonly OwnLogin[] {
  const perDay = (perYear: number) => perYear / 365
  const devices = Array.from({ length: HABITS.devices }, (_, nth) => `device ${nth}`)
  const networks = Array.from({ length: HABITS.fixedNetworks }, (_, nth) => `fixed ${nth}`)
  const logins: OwnLogin[] = []
  let trip: { readonly name: string; readonly until: number } | null = null
  for (let day = 0; day < days; day += 1) {
    if (chance() < perDay(HABITS.newDevicesPerYear)) {
      devices[pick(HABITS.devices, chance)] = `device of day ${day}`
    }
    if (chance() < perDay(HABITS.fixedNetworkMovesPerYear)) {
      networks[pick(HABITS.fixedNetworks, chance)] = `fixed of day ${day}`
    }
    if (trip !== null && day >= trip.until) trip = null
    if (trip === null && chance() < perDay(kind.tripsPerYear)) {
      trip = { name: `abroad of day ${day}`, until: day + HABITS.daysPerTrip }
    }
    const count = poisson(perDay(HABITS.loginsPerYear), chance)
    const hours = Array.from({ length: count }, () => 7 + chance() * 16).sort((a, b) => a - b)
    for (const hour of hours) {
      const isAbroad = trip !== null && chance() >= HABITS.roamingShare
      const isMobile = trip !== null || chance() < HABITS.mobileShare
      const carrier = `carrier ${pick(kind.carrierNetworks, chance)}`
      logins.push({
        at: day * DAY_MS + hour * HOUR_MS,
        // The phone is the one that travels.
        device: devices[trip !== null || isMobile ? 0 : pick(HABITS.devices, chance)] ?? '',
        ...(isAbroad && trip
          ? {
              country: trip.name,
              network: `${trip.name} ${pick(HABITS.networksPerTrip, chance)}`,
              via: 'abroad',
            }
          : {
              country: 'home',
              network: isMobile ? carrier : (networks[pick(HABITS.fixedNetworks, chance)] ?? ''),
              via: isMobile ? 'carrier' : 'fixed',
            }),
      })
    }
    if (trip === null && kind.guestLoginsPerYear > 0) {
      const count = poisson(perDay(kind.guestLoginsPerYear), chance)
      for (let nth = 0; nth < count; nth += 1) {
        const operator = pick(HABITS.operatorsOfGuestWifi, chance)
        const network = kind.areOperatorsNamed
          ? `operator ${operator}`
          : `guest of day ${day}, ${nth}`
        const at = (day + 1) * DAY_MS - HOUR_MS + nth
        logins.push({ at, device: devices[0] ?? '', country: 'home', network, via: 'guest' })
      }
    }
  }
  return logins
}

const pick = (count: number, chance: Chance) => Math.min(count - 1, Math.floor(chance() * count))

/** Knuth's, good for means as small as these. */
function poisson(mean: number, chance: Chance): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = chance(); product > limit; product *= chance()) count += 1
  return count
}

/** Of a seed, the same every time: mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
