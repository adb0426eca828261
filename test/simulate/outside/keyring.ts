// Every secret that rotates, as the operator's settings and the exchange have it at this moment. In half of the seeds the
// operator rotates all of them while everything goes on: the new one is put behind the old one, before it, and at last the
// old one goes; in some, the keys of stored data and links are put back first.

import type { Random } from '../machine/random.ts'

const NAMES = [
  'WEBHOOK_SECRETS',
  'CALLBACK_SECRETS',
  'API_KEYS',
  'LINK_SECRETS',
  'DATA_SECRETS',
] as const
type SecretName = (typeof NAMES)[number]
type Lists = Readonly<Record<SecretName, readonly string[]>>

/** Dropped as soon as the exchange has moved on; links and what is stored need the old one for longer. */
const SHORT = ['WEBHOOK_SECRETS', 'CALLBACK_SECRETS', 'API_KEYS'] as const

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64')
const secretsOf = (first: number): Readonly<Record<SecretName, string>> => ({
  WEBHOOK_SECRETS: `whsec_${key(first)}`,
  CALLBACK_SECRETS: `whsec_${key(first + 1)}`,
  API_KEYS: `simulated-api-key-000${first}`,
  LINK_SECRETS: key(first + 2),
  DATA_SECRETS: key(first + 3),
})
const OLD = secretsOf(1)
const NEW = secretsOf(11)

export type ExchangeSecrets = {
  readonly webhook: string
  readonly callback: string
  readonly apiKey: string
}

export type Keyring = {
  /** As the next version of the Worker gets them. */
  lists: Lists
  /** What the exchange signs, verifies and asks with. */
  exchange: ExchangeSecrets
}

export type RotationStep = {
  readonly what: string
  readonly take: (keyring: Keyring) => void
  /** Whether the Worker's settings change with it. */
  readonly isDeploy: boolean
}

export function createKeyring(): Keyring {
  return { lists: all((name) => [OLD[name]]), exchange: exchangeOf(OLD) }
}

/** The steps that are taken while the faults last, or soon after. */
export function rotationSteps(random: Random): readonly RotationStep[] {
  const isTakenBack = random.chance(0.4)
  return [
    deploy('the new one behind the old one', (name) => [OLD[name], NEW[name]]),
    deploy('the new one before the old one', (name) => [NEW[name], OLD[name]]),
    {
      what: 'the exchange moves on',
      take: (keyring) => {
        keyring.exchange = exchangeOf(NEW)
      },
      isDeploy: false,
    },
    deploy('the old one goes, where it may', (name) =>
      isShort(name) ? [NEW[name]] : [NEW[name], OLD[name]],
    ),
    ...(isTakenBack
      ? [
          deploy('back to the old one', (name) =>
            isShort(name) ? [NEW[name]] : [OLD[name], NEW[name]],
          ),
        ]
      : []),
  ]
}

/** Long after: what is not current goes. */
export function lastStep({ lists }: Keyring): RotationStep {
  return deploy('what is not current goes', (name) => lists[name].slice(0, 1))
}

function deploy(what: string, listOf: (name: SecretName) => readonly string[]): RotationStep {
  return {
    what,
    take: (keyring) => {
      keyring.lists = all(listOf)
    },
    isDeploy: true,
  }
}

function isShort(name: SecretName): boolean {
  return SHORT.some((short) => short === name)
}

function all(listOf: (name: SecretName) => readonly string[]): Lists {
  return Object.fromEntries(NAMES.map((name) => [name, listOf(name)])) as Lists
}

function exchangeOf(secrets: Readonly<Record<SecretName, string>>): ExchangeSecrets {
  return {
    webhook: secrets.WEBHOOK_SECRETS,
    callback: secrets.CALLBACK_SECRETS,
    apiKey: secrets.API_KEYS,
  }
}

/** The settings as text. */
export function settingsOf({ lists }: Keyring): Readonly<Record<string, string>> {
  return Object.fromEntries(NAMES.map((name) => [name, lists[name].join(' ')]))
}
