// What arrives at the providers, by number: the first knock at a door, every acceptance.

import type { World } from '../world/world.ts'

export type Told = {
  /** First call for that number at any provider; undefined while there is none. */
  readonly doorAt: (number: string) => number | undefined
  /** When a provider first had accepted an SMS to that number. */
  readonly acceptedAt: (number: string) => number | undefined
  /** How many were accepted for that number. */
  readonly copies: (number: string) => number
  /** When anything happened last, for whoever waits until nothing does. */
  readonly lastEventAt: () => number
  readonly close: () => void
}

export function watchTold(world: World): Told {
  const doors = new Map<string, number>()
  const acceptances = new Map<string, number[]>()
  let lastEventAt = Date.now()
  const closers = Object.values(world.carriers).map((carrier) =>
    carrier.calls.subscribe(({ to, at }) => {
      lastEventAt = Date.now()
      if (to === null || doors.has(e164(to))) return
      doors.set(e164(to), at)
    }),
  )
  closers.push(
    world.phones.subscribe(({ to, at }) => {
      lastEventAt = Date.now()
      acceptances.set(to, [...(acceptances.get(to) ?? []), at])
    }),
  )
  return {
    doorAt: (number) => doors.get(number),
    acceptedAt: (number) => acceptances.get(number)?.[0],
    copies: (number) => acceptances.get(number)?.length ?? 0,
    lastEventAt: () => lastEventAt,
    close: () => {
      for (const close of closers) close()
    },
  }
}

/** Providers write the same number with and without its plus. */
function e164(number: string): string {
  return number.startsWith('+') ? number : `+${number}`
}
