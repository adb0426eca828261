// The Worker's settings in the simulator: secrets of no worth, and providers as the seed drew them.

import { createHmac } from 'node:crypto'
import { SCOPE_NAMES } from '../../src/api/scopes.ts'
import type { CarrierProtocol } from '../world/carrier-protocol.ts'
import { createInfobipProtocol } from '../world/carriers/infobip.ts'
import { writeInfobipInbound } from '../world/carriers/infobip-inbound.ts'
import { createTwilioProtocol } from '../world/carriers/twilio.ts'
import { createTwilioInbound } from '../world/carriers/twilio-inbound.ts'
import { createVonageProtocol } from '../world/carriers/vonage.ts'
import { createVonageInbound } from '../world/carriers/vonage-inbound.ts'
import { type Keyring, settingsOf } from './outside/keyring.ts'
import type { Replies } from './outside/owner.ts'
import type { Ways } from './ways.ts'
import { PUBLIC_ORIGIN } from './world.ts'

export const CALLBACK_URL = 'https://exchange.example/callbacks'
export const PROVIDER_NAMES = ['twilio', 'infobip', 'vonage'] as const
export type SimulatedProvider = (typeof PROVIDER_NAMES)[number]

/** Of whoever moves slots. */
export const OPS_KEY = 'simulated-ops-key-0001'

const TWILIO = { accountSid: `AC${'5'.repeat(32)}`, authToken: 'twilio-auth-token' }
const INFOBIP = { apiKey: 'infobip-api-key', receiptSecret: 'infobip-receipt-secret' }
const VONAGE = {
  apiKey: 'abcd1234',
  apiSecret: 'vonage-api-secret',
  signatureSecret: 'vonage-signature-secret-of-32-byte',
}

/** What is the same in every seed, but for the providers and their order, and the secrets of the moment. */
export function workerSettings(
  {
    providers,
    coolingOffHours,
    lockActions,
    liftPolicy,
    liftDelayHours,
    hasNamedSender,
  }: {
    readonly providers: readonly SimulatedProvider[]
    readonly coolingOffHours: number
    readonly lockActions: readonly string[]
  } & Pick<Ways, 'liftPolicy' | 'liftDelayHours' | 'hasNamedSender'>,
  keyring: Keyring,
): Record<string, string> {
  const settings = settingsOf(keyring)
  return {
    EXCHANGE_NAME: 'Example',
    PUBLIC_ORIGIN,
    CALLBACK_URL,
    ...settings,
    API_KEYS: [...keyring.lists.API_KEYS.map(withScopes), `${OPS_KEY}:ops.act`].join(' '),
    COOLING_OFF_HOURS: String(coolingOffHours),
    LOCK_ACTIONS: lockActions.join(' '),
    LIFT_POLICY: liftPolicy,
    LIFT_DELAY_HOURS: String(liftDelayHours),
    SMS_PROVIDERS: providers.join(' '),
    SMS_ATTEMPT_TIMEOUT_MS: '1500',
    SMS_RECEIPT_WAIT_MS: '60000',
    // What is measured in seconds must not wait to be gathered.
    ALERTS_PER_DAY: '1000',
    TWILIO_ACCOUNT_SID: TWILIO.accountSid,
    TWILIO_AUTH_TOKEN: TWILIO.authToken,
    TWILIO_FROM: '+12025550107',
    INFOBIP_BASE_URL: 'https://simulated.api.infobip.com',
    INFOBIP_API_KEY: INFOBIP.apiKey,
    INFOBIP_FROM: '+12025550109',
    INFOBIP_RECEIPT_SECRET: INFOBIP.receiptSecret,
    VONAGE_API_KEY: VONAGE.apiKey,
    VONAGE_API_SECRET: VONAGE.apiSecret,
    VONAGE_SIGNATURE_SECRET: VONAGE.signatureSecret,
    VONAGE_FROM: hasNamedSender ? 'Example' : '+12025550108',
  }
}

/** A key that names no scope may not lift what is the owner's to lift. */
function withScopes(key: string): string {
  return `${key}:${SCOPE_NAMES.filter((scope) => scope !== 'ops.act').join(',')}`
}

export const RECEIPT_WAIT_MS = 60_000

export function openProtocol(name: SimulatedProvider): CarrierProtocol {
  switch (name) {
    case 'twilio':
      return createTwilioProtocol(TWILIO)
    case 'infobip':
      return createInfobipProtocol(INFOBIP)
    case 'vonage':
      return createVonageProtocol(VONAGE)
  }
}

export const HOSTS: Readonly<Record<string, SimulatedProvider>> = {
  'api.twilio.com': 'twilio',
  'simulated.api.infobip.com': 'infobip',
  'api.nexmo.com': 'vonage',
}

/** Where each provider posts what people answer. */
export const REPLIES: Replies = new Map([
  ['twilio', { write: createTwilioInbound(TWILIO), url: inboundUrl('twilio') }],
  ['vonage', { write: createVonageInbound(VONAGE), url: inboundUrl('vonage') }],
  ['infobip', { write: writeInfobipInbound, url: `${inboundUrl('infobip')}?k=${infobipKey()}` }],
])

function inboundUrl(name: string): string {
  return `${PUBLIC_ORIGIN}/v1/inbound/${name}`
}

/** The operator makes it as docs/operations.md says. */
function infobipKey(): string {
  return createHmac('sha256', INFOBIP.receiptSecret)
    .update('lockline-receipt.infobip')
    .digest('base64url')
}
