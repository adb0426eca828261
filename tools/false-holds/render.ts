// The figures of docs/cooling-off.md, and what `npm run false-holds` prints. Pure.

import { HABITS } from './owner-year.ts'
import { OCCASIONS, replay, type Setup } from './replay.ts'

export const OWNERS = 2_000
export const SEED = 1
/** Fewer, since a test makes the document again: a tenth of a hold more or less. */
export const OWNERS_IN_DOCUMENT = 400

const ORDINARY: Setup = {
  tripsPerYear: 1,
  carrierNetworks: 1,
  guestLoginsPerYear: 0,
  areOperatorsNamed: true,
  coolingOffHours: 12,
  learningDays: 60,
  isReleased: true,
}
/** Whose operators the table does not name. */
const SMALL: Setup = { ...ORDINARY, areOperatorsNamed: false }
const GUEST = { guestLoginsPerYear: 12 }

const SETUPS: readonly (readonly [name: string, setup: Setup])[] = [
  ['ordinary; the table names the carrier', ORDINARY],
  ['ordinary; not named, its addresses lie in 4 /16s', { ...SMALL, carrierNetworks: 4 }],
  ['ordinary; not named, in 16 /16s', { ...SMALL, carrierNetworks: 16 }],
  ['ordinary; not named, in 64 /16s', { ...SMALL, carrierNetworks: 64 }],
  ['ordinary; named, no days of learning', { ...ORDINARY, learningDays: 0 }],
  ['ordinary; named, and 12 logins over others’ Wi-Fi', { ...ORDINARY, ...GUEST }],
  ['the same; nobody there is named', { ...SMALL, ...GUEST }],
  ['never abroad; named', { ...ORDINARY, tripsPerYear: 0 }],
  ['frequent traveller, 12 trips; named', { ...ORDINARY, tripsPerYear: 12 }],
  [
    'frequent traveller, 12 trips; not named, 16 /16s',
    { ...SMALL, tripsPerYear: 12, carrierNetworks: 16 },
  ],
  ['ordinary; named; **releases nothing**', { ...ORDINARY, isReleased: false }],
  [
    'ordinary; not named, 16 /16s; **releases nothing**',
    { ...SMALL, carrierNetworks: 16, isReleased: false },
  ],
]

export function renderFalseHolds(owners = OWNERS, seed = SEED): string {
  const all = SETUPS.map(([name, setup]) => ({ name, setup, figures: replay(setup, owners, seed) }))
  const often = all.map(({ name, setup, figures }) => [
    name,
    `**${figures.holdsPerYear.toFixed(2)}**`,
    ...figures.occasions.map(({ holdsPerYear }) =>
      holdsPerYear === 0 ? '–' : holdsPerYear.toFixed(2),
    ),
    percent(figures.ownersWithout),
    String(figures.ninetyFifth),
    setup.isReleased ? '–' : String(Math.round(figures.hoursHeld)),
  ])
  const causes = all.map(({ name, figures }) => [
    name,
    figures.causes
      .filter(([, share]) => share >= 0.005)
      .map(([cause, share]) => `${cause.replaceAll(' ', ' + ')} ${percent(share)}`)
      .join(', '),
  ])
  return [
    ...table(
      [
        ...['owner', 'holds a year'],
        ...Object.values(OCCASIONS).map((occasion) => `by: ${occasion}`),
        ...['owners without any', '95 of 100 have at most', 'hours held a year'],
      ],
      often,
    ),
    '',
    'What was new, of all holds:',
    '',
    ...table(['owner', 'new'], causes),
  ].join('\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)]
}

const percent = (share: number) => `${Math.round(share * 100)} %`

export function renderHabits(): string {
  const { roamingShare, mobileShare } = HABITS
  return [
    `- ${HABITS.loginsPerYear} logins a year, at random days, between 7 and 23 o’clock.`,
    `- ${HABITS.devices} devices, of which one is replaced ${HABITS.newDevicesPerYear} times a year. A device is known by the names of browser and system and by \`device_name\`, no version in it: an update makes none new. Where the exchange sends no \`device_name\`, a new phone of the same make is not new at all, and its owner is not held.`,
    `- ${HABITS.fixedNetworks} fixed networks, which change ${HABITS.fixedNetworkMovesPerYear} times a year (where operators are named, to another operator); ${percent(mobileShare)} of logins over one mobile carrier, each from any of its networks: one where the [table](place.md) names the operator, else its /16s.`,
    `- Trips of ${HABITS.daysPerTrip} days, each to another country, with the phone: ${percent(roamingShare)} of logins over the home carrier’s roaming, whose addresses are at home, the others from ${HABITS.networksPerTrip} networks there.`,
    `- Where others’ Wi-Fi is counted: each such login is from another network, or from one of ${HABITS.operatorsOfGuestWifi} operators where they are named.`,
    '- 60 days of learning with `COOLING_OFF_HOURS=0`, then a year with 12. Owners with a passkey or an authenticator release at once.',
  ].join('\n')
}
