// The simulated outside in one piece: three carriers, the phones behind them and an exchange, with
// the Worker settings that make Lockline talk to them. Everything stays on this machine's loopback.

import { randomBytes } from 'node:crypto'
import { type Carrier, type CarrierKnobs, startCarrier } from './carrier.ts'
import { CARRIER_NAMES, type CarrierName } from './carrier-protocol.ts'
import { createInfobipProtocol } from './carriers/infobip.ts'
import { createTwilioProtocol } from './carriers/twilio.ts'
import { createVonageProtocol } from './carriers/vonage.ts'
import { type Exchange, startExchange } from './exchange.ts'
import { createPhoneNetwork, type PhoneNetwork, type PhoneNetworkOptions } from './phone-network.ts'

/** Lists as in the Worker's settings: the first is current, the others are still accepted. */
export type WorldSecrets = {
  readonly webhookSecrets: readonly string[]
  readonly apiKeys: readonly string[]
  readonly callbackSecrets: readonly string[]
  readonly linkSecrets: readonly string[]
  readonly dataSecrets: readonly string[]
  readonly twilioAccountSid: string
  readonly twilioAuthToken: string
  readonly infobipApiKey: string
  readonly infobipReceiptSecret: string
  readonly vonageApiKey: string
  readonly vonageApiSecret: string
  readonly vonageSignatureSecret: string
}

export type WorldOptions = {
  /** Where the Worker answers; may be given later with `connect`. */
  readonly workerOrigin?: string
  /** The origin of links and receipt URLs; the Worker's own when left out. */
  readonly publicOrigin?: string
  /** Where receipts are really posted, when the public origin does not lead to the Worker. */
  readonly callbackOrigin?: string
  readonly secrets?: Partial<WorldSecrets>
  readonly ports?: Partial<Record<CarrierName | 'exchange', number>>
  readonly knobs?: Partial<CarrierKnobs>
  readonly phones?: PhoneNetworkOptions
}

export type World = {
  readonly carriers: Readonly<Record<CarrierName, Carrier>>
  readonly phones: PhoneNetwork
  readonly exchange: Exchange
  readonly secrets: WorldSecrets
  /** The Worker's settings, as in its environment. */
  readonly settings: () => Record<string, string>
  /** Tells the world where the Worker answers; receipts go there when `toReceipts` says so. */
  readonly connect: (workerOrigin: string, toReceipts?: boolean) => void
  readonly close: () => Promise<void>
}

export const WORLD_SENDERS = {
  twilio: '+12025550100',
  infobip: '12025550101',
  vonage: '12025550102',
} as const

const UNKNOWN_ORIGIN = 'http://localhost:8787'

export function createSecrets(): WorldSecrets {
  const webhook = () => `whsec_${randomBytes(32).toString('base64')}`
  const key = () => randomBytes(32).toString('base64')
  return {
    webhookSecrets: [webhook()],
    apiKeys: [`key_${randomBytes(24).toString('base64url')}`],
    callbackSecrets: [webhook()],
    linkSecrets: [key()],
    dataSecrets: [key()],
    twilioAccountSid: `AC${randomBytes(16).toString('hex')}`,
    twilioAuthToken: randomBytes(16).toString('hex'),
    infobipApiKey: `${randomBytes(16).toString('hex')}-${randomBytes(16).toString('hex')}`,
    infobipReceiptSecret: key(),
    vonageApiKey: randomBytes(4).toString('hex'),
    vonageApiSecret: randomBytes(12).toString('base64url'),
    vonageSignatureSecret: randomBytes(38).toString('base64url'),
  }
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const secrets: WorldSecrets = { ...createSecrets(), ...options.secrets }
  const phones = createPhoneNetwork(options.phones)
  const carrierOptions = (name: CarrierName) => ({
    port: options.ports?.[name] ?? 0,
    callbackOrigin: options.callbackOrigin ?? null,
    onMessage: phones.receive,
    ...(options.knobs === undefined ? {} : { knobs: options.knobs }),
  })
  let workerOrigin = options.workerOrigin ?? UNKNOWN_ORIGIN

  const twilio = await startCarrier(
    createTwilioProtocol({
      accountSid: secrets.twilioAccountSid,
      authToken: secrets.twilioAuthToken,
    }),
    carrierOptions('twilio'),
  )
  const infobip = await startCarrier(
    createInfobipProtocol({ apiKey: secrets.infobipApiKey }),
    carrierOptions('infobip'),
  )
  const vonage = await startCarrier(
    createVonageProtocol({
      apiKey: secrets.vonageApiKey,
      apiSecret: secrets.vonageApiSecret,
      signatureSecret: secrets.vonageSignatureSecret,
    }),
    carrierOptions('vonage'),
  )
  const carriers = { twilio, infobip, vonage }
  const exchange = await startExchange({
    workerOrigin,
    webhookSecrets: secrets.webhookSecrets,
    apiKeys: secrets.apiKeys,
    callbackSecrets: secrets.callbackSecrets,
    port: options.ports?.exchange ?? 0,
  })

  return {
    carriers,
    phones,
    exchange,
    secrets,
    settings: () => ({
      EXCHANGE_NAME: 'Demo Exchange',
      PUBLIC_ORIGIN: options.publicOrigin ?? workerOrigin,
      WEBHOOK_SECRETS: secrets.webhookSecrets.join(' '),
      API_KEYS: secrets.apiKeys.join(' '),
      CALLBACK_URL: exchange.callbackUrl,
      CALLBACK_SECRETS: secrets.callbackSecrets.join(' '),
      LINK_SECRETS: secrets.linkSecrets.join(' '),
      DATA_SECRETS: secrets.dataSecrets.join(' '),
      SMS_PROVIDERS: CARRIER_NAMES.join(' '),
      TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
      TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
      TWILIO_FROM: WORLD_SENDERS.twilio,
      TWILIO_BASE_URL: twilio.origin,
      INFOBIP_BASE_URL: infobip.origin,
      INFOBIP_API_KEY: secrets.infobipApiKey,
      INFOBIP_FROM: WORLD_SENDERS.infobip,
      INFOBIP_RECEIPT_SECRET: secrets.infobipReceiptSecret,
      VONAGE_API_KEY: secrets.vonageApiKey,
      VONAGE_API_SECRET: secrets.vonageApiSecret,
      VONAGE_SIGNATURE_SECRET: secrets.vonageSignatureSecret,
      VONAGE_FROM: WORLD_SENDERS.vonage,
      VONAGE_BASE_URL: vonage.origin,
    }),
    connect: (origin, toReceipts = false) => {
      workerOrigin = origin
      exchange.setWorkerOrigin(origin)
      if (!toReceipts) return
      for (const carrier of Object.values(carriers)) carrier.setCallbackOrigin(origin)
    },
    close: async () => {
      await Promise.all([exchange, ...Object.values(carriers)].map((part) => part.close()))
    },
  }
}
