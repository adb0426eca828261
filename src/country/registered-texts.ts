// The texts that a country wants registered one by one (India's DLT platforms), by the names under which `npm run
// templates` prints them: what each of an alert tells, and nothing beside it. Data; the words are the languages' own.

import { ACTIVITY_KINDS, type ActivityKind, HOLDING_KINDS } from '../words/activity-words.ts'

/** Parts of an alert that a registered text may have; that it is a login, its number, time and code it always has. */
export type RegisteredPart =
  | 'country'
  | 'city'
  | 'ip'
  | 'browser'
  | 'os'
  | 'deviceName'
  | 'dataCentre'
  | 'network'
  | 'newCountry'
  | 'newDevice'
  | 'parallel'
  /** That withdrawals wait, and until when. */
  | 'wait'

export type RegisteredAlert = {
  readonly name: string
  /** Null for a login. */
  readonly activity: ActivityKind | null
  readonly isSeveral: boolean
  /** All of them, each known: a template has no place that may stay empty. */
  readonly tells: readonly RegisteredPart[]
  /** Says that the place is unknown. */
  readonly isElsewhere: boolean
  readonly hasPhrase: boolean
  readonly isShort: boolean
}

type Situation = readonly [name: string, tells: readonly RegisteredPart[]]

const DEVICE = ['ip', 'browser', 'os'] as const
const WHOLE = ['country', 'city', ...DEVICE] as const

/** What an alert is told by where nothing else is registered, or too little is known for it: none must go unsaid. */
const BARE = 'login, bare'
const SEVERAL_BARE = 'several logins, bare'
export const LAST_RESORTS = [BARE, SEVERAL_BARE] as const

const UNKNOWN_PLACE = 'login, place unknown'

/** The weightiest facts first. */
const ONE: readonly Situation[] = [
  [
    'login from a data centre beside another session',
    [...WHOLE, 'dataCentre', 'network', 'parallel'],
  ],
  // An exchange that sends no city, or a thief who sends no headers, leaves the whole one nothing to fill its places with.
  ['login from a data centre beside another session, bare', ['country', 'dataCentre', 'parallel']],
  ['login beside another session', [...WHOLE, 'parallel']],
  ['login beside another session, bare', ['parallel']],
  ['login on a new device that holds withdrawals', [...WHOLE, 'newDevice', 'wait']],
  ['login that holds withdrawals, bare', ['wait']],
  ['login from a data centre', [...WHOLE, 'dataCentre', 'network']],
  ['login from a data centre, bare', ['country', 'dataCentre']],
  ['login on a new device', [...WHOLE, 'newDevice']],
  ['login on a new device, bare', ['newDevice']],
  ['login from a new country', [...WHOLE, 'newCountry']],
  ['login from a new country, bare', ['newCountry']],
  ['login by a named device', [...WHOLE, 'deviceName']],
  ['login', WHOLE],
  ['login, city unknown', ['country', ...DEVICE]],
  [UNKNOWN_PLACE, DEVICE],
  [BARE, []],
]

const SEVERAL: readonly Situation[] = [
  ['several logins, some on new devices', [...WHOLE, 'newDevice']],
  ['several logins', WHOLE],
  [SEVERAL_BARE, []],
]

/** The best first. */
export const REGISTERED_ALERTS: readonly RegisteredAlert[] = [
  ...ONE.flatMap((situation) => variantsOf(situation, false)),
  ...SEVERAL.flatMap((situation) => variantsOf(situation, true)),
  // The first that fits is sent: the one that says more comes first.
  ...HOLDING_KINDS.map((activity) => ofActivity(activity, false, ['wait'])),
  ...ACTIVITY_KINDS.flatMap((activity) => [
    ofActivity(activity, false),
    ofActivity(activity, true),
  ]),
]

/** In its barest words alone: an intruder's headers would leave places of a fuller text empty. */
function ofActivity(
  activity: ActivityKind,
  isSeveral: boolean,
  tells: readonly RegisteredPart[] = [],
): RegisteredAlert {
  const held = tells.length === 0 ? '' : ' that holds withdrawals'
  const name = `${isSeveral ? 'several ' : ''}${activity}${held}, bare`
  return { name, activity, isSeveral, isShort: true, tells, isElsewhere: false, hasPhrase: false }
}

function variantsOf([name, tells]: Situation, isSeveral: boolean): readonly RegisteredAlert[] {
  const plain = { name, activity: null, isSeveral, tells, isElsewhere: name === UNKNOWN_PLACE }
  if (name.endsWith(', bare')) return [{ ...plain, hasPhrase: false, isShort: true }]
  return [
    { ...plain, name: `${name}, with the phrase`, hasPhrase: true, isShort: false },
    { ...plain, name: `${name}, short, with the phrase`, hasPhrase: true, isShort: true },
    { ...plain, hasPhrase: false, isShort: false },
    { ...plain, name: `${name}, short`, hasPhrase: false, isShort: true },
  ]
}

/** Other texts, each as it is. */
export const REGISTERED_NOTICES = [
  'locked',
  'locked, not confirmed yet',
  'not_locked',
  'wrong_code',
  'stopped',
  'started',
  'help',
  'code',
  'phone_changed',
  'drill',
  'hold_lifted',
  'alerts_off',
  'alerts_unusual',
  'phrase_changed',
  'language_changed',
  'authenticator_added',
  'authenticator_removed',
  'passkey_added',
  'passkey_removed',
  'push_added',
  'push_removed',
  'proof_code',
  'copies_ended',
  'contact_code',
  'contact_added',
  'contact_locked',
  'contact_refused',
  'ways_changed',
  'lock_asked',
  'hold_planned',
  'lift_asked',
  'lift_loosened',
] as const
export type RegisteredNotice = (typeof REGISTERED_NOTICES)[number]

/** As it is printed and set: `hi login, short`. */
export function registeredName(languageTag: string, name: string): string {
  return `${languageTag} ${name}`
}
