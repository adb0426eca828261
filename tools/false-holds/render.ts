// The figures of docs/cooling-off.md, and what `npm run false-holds` prints. Pure.

import { HABITS } from './owner-year.ts'
import { replay, type Setup } from './replay.ts'

export const OWNERS = 2_000
export const SEED = 1
/** Fewer, since a test makes the document again: a tenth of a hold more or less. */
export const OWNERS_IN_DOCUMENT = 400

const ORDINARY: Setup = {
  tripsPerYear: 1,
  carrierNetworks: 1,
  coolingOffHours: 12,
  learningDays: 60,
  isReleased: true,
}

const SETUPS: readonly (readonly [name: string, setup: Setup])[] = [
  ['ordinary; the carrier is one network', ORDINARY],
  ['ordinary; the carrier’s addresses lie in 4 /16s', { ...ORDINARY, carrierNetworks: 4 }],
  ['ordinary; in 16 /16s', { ...ORDINARY, carrierNetworks: 16 }],
  ['ordinary; in 64 /16s', { ...ORDINARY, carrierNetworks: 64 }],
  ['ordinary; 16 /16s, no days of learning', { ...ORDINARY, carrierNetworks: 16, learningDays: 0 }],
  ['never abroad; one network', { ...ORDINARY, tripsPerYear: 0 }],
  ['frequent traveller, 12 trips; one network', { ...ORDINARY, tripsPerYear: 12 }],
  ['frequent traveller, 12 trips; 16 /16s', { ...ORDINARY, tripsPerYear: 12, carrierNetworks: 16 }],
  ['ordinary; one network; **releases nothing**', { ...ORDINARY, isReleased: false }],
  [
    'ordinary; 16 /16s; **releases nothing**',
    { ...ORDINARY, carrierNetworks: 16, isReleased: false },
  ],
]

export function renderFalseHolds(owners = OWNERS, seed = SEED): string {
  const rows = SETUPS.map(([name, setup]) => {
    const figures = replay(setup, owners, seed)
    const cells = [
      name,
      figures.holdsPerYear.toFixed(2),
      percent(figures.ownersWithout),
      String(figures.ninetyFifth),
      percent(figures.networkAlone),
      setup.isReleased ? '–' : String(Math.round(figures.hoursHeld)),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| owner | holds a year | owners without any | 95 of 100 have at most | of holds: only the network was new | hours held a year |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

const percent = (share: number) => `${Math.round(share * 100)} %`

export function renderHabits(): string {
  const { roamingShare, mobileShare } = HABITS
  return [
    `- ${HABITS.loginsPerYear} logins a year, at random days, between 7 and 23 o’clock.`,
    `- ${HABITS.devices} devices, of which one is replaced ${HABITS.newDevicesPerYear} times a year. A device is known by the names of browser and system and by \`device_name\`, no version in it: an update makes none new. Where the exchange sends no \`device_name\`, a new phone of the same make is not new at all, and its owner is not held.`,
    `- ${HABITS.fixedNetworks} fixed networks, which change ${HABITS.fixedNetworkMovesPerYear} times a year; ${percent(mobileShare)} of logins over one mobile carrier, each from any of its networks.`,
    `- Trips of ${HABITS.daysPerTrip} days, each to another country, with the phone: ${percent(roamingShare)} of logins over the home carrier’s roaming, whose addresses are at home, the others from ${HABITS.networksPerTrip} networks there.`,
    '- 60 days of learning with `COOLING_OFF_HOURS=0`, then a year with 12. Owners with a passkey or an authenticator release at once.',
  ].join('\n')
}
