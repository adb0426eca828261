// Logins that an alert has to tell of, from the most usual to the worst: for tests that ask what is told of each, and
// for the page that shows every text (tools/texts).

import type { AlertFacts } from '../../src/alert/facts.ts'
import { lockUrl } from '../../src/lock/link.ts'
import { packFacts } from '../../src/lock/link-facts.ts'
import { PRIVATE_RELAY } from '../../src/place/relay.ts'
import { USUAL_ALERT } from './usual-alert.ts'

const ORIGIN = 'https://lock.example.com'
const SIGNATURE_LENGTH = 43

/** As long as a real one: how it is signed does not change that. */
export function linkFor(accountId: string, alertNumber: number): string {
  const expiresAtSeconds = Math.floor(USUAL_ALERT.occurredAt / 1_000) + 86_400
  const facts = packFacts({ accountId, alertNumber, expiresAtSeconds })
  return lockUrl(ORIGIN, `${facts}.${'aB3'.repeat(15).slice(0, SIGNATURE_LENGTH)}`)
}

const DIGITS = '10482113'
const UUID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'

const USUAL: AlertFacts = {
  ...USUAL_ALERT,
  alertNumber: 1_234,
  mergedNumbers: [1_234],
  lockUrl: linkFor(DIGITS, 1_234),
}

const INTRUDER: AlertFacts = {
  ...USUAL,
  isParallel: true,
  hosting: 'Hetzner Online',
  isNewCountry: true,
  isNewDevice: true,
  phrase: 'blue heron',
}

/** Twelve hours later. */
const HELD = USUAL.occurredAt + 12 * 3_600_000

const BURST: AlertFacts = {
  ...USUAL,
  isParallel: true,
  phrase: 'blue heron',
  mergedNumbers: [1_234, 1_235, 1_236, 1_237, 1_238, 1_240],
}

export const SITUATIONS = {
  'usual login': USUAL,
  'usual login, anti-phishing code': { ...USUAL, phrase: 'blue heron' },
  'usual login through Apple’s relay': { ...USUAL, hosting: PRIVATE_RELAY },
  'login on a new device': { ...USUAL, isNewDevice: true },
  'intruder’s login': INTRUDER,
  'intruder’s login, UUID account': { ...INTRUDER, lockUrl: linkFor(UUID, 1_234) },
  'intruder’s login, longest exchange name': {
    ...INTRUDER,
    exchangeName: 'Bolsa Internacional de Activos',
  },
  'login on a new device that holds withdrawals': { ...USUAL, isNewDevice: true, holdUntil: HELD },
  'intruder’s login that holds withdrawals': { ...INTRUDER, holdUntil: HELD },
  'burst of known devices': BURST,
  'burst, new devices, data centre, new country': {
    ...BURST,
    isMixed: true,
    isNewCountry: true,
    isNewDevice: true,
    hosting: 'Hetzner Online',
  },
} as const satisfies Readonly<Record<string, AlertFacts>>

export type Situation = keyof typeof SITUATIONS
