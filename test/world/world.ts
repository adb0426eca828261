// The simulated outside in one piece: three carriers (up to four more when asked for), the phones
// behind them and an exchange, with the Worker settings that make Lockline talk to them. Everything
// stays on this machine's loopback.

import { createHmac, randomBytes, randomInt } from 'node:crypto'
import { type Carrier, type CarrierKnobs, startCarrier } from './carrier.ts'
import {
  type AnyCarrierName,
  CARRIER_NAMES,
  type CarrierName,
  type ExtraCarrierName,
} from './carrier-protocol.ts'
import { createAwsProtocol } from './carriers/aws.ts'
import { createHttpProtocol } from './carriers/http.ts'
import { createInfobipProtocol } from './carriers/infobip.ts'
import { writeInfobipInbound } from './carriers/infobip-inbound.ts'
import { createSinchProtocol } from './carriers/sinch.ts'
import { createSinchInbound } from './carriers/sinch-inbound.ts'
import { createTelnyxPrivateKey, createTelnyxProtocol, telnyxPublicKey } from './carriers/telnyx.ts'
import { createTelnyxInbound } from './carriers/telnyx-inbound.ts'
import { createTwilioProtocol } from './carriers/twilio.ts'
import { createTwilioInbound } from './carriers/twilio-inbound.ts'
import { createVonageProtocol } from './carriers/vonage.ts'
import { createVonageInbound } from './carriers/vonage-inbound.ts'
import { type Exchange, startExchange } from './exchange.ts'
import { HTTP_TEMPLATES } from './http-templates.ts'
import type { InboundWriter } from './inbound-text.ts'
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
  readonly telnyxApiKey: string
  /** The vendor's own: what it signs webhooks with. The Worker gets the public key only. */
  readonly telnyxPrivateKey: string
  readonly sinchServicePlanId: string
  readonly sinchApiToken: string
  readonly sinchCallbackSecret: string
  readonly awsAccessKeyId: string
  readonly awsSecretAccessKey: string
  readonly httpToken: string
  readonly httpReceiptSecret: string
}

export type WorldOptions = {
  /** Where the Worker answers; may be given later with `connect`. */
  readonly workerOrigin?: string
  /** The origin of links and receipt URLs; the Worker's own when left out. */
  readonly publicOrigin?: string
  /** Where receipts are really posted, when the public origin does not lead to the Worker. */
  readonly callbackOrigin?: string
  readonly secrets?: Partial<WorldSecrets>
  /**
   * `SMS_PROVIDERS`, in this order. The extra carriers run only when named here; the others always
   * run, named or not.
   */
  readonly carriers?: readonly AnyCarrierName[]
  readonly ports?: Partial<Record<AnyCarrierName | 'exchange', number>>
  readonly knobs?: Partial<CarrierKnobs>
  readonly phones?: PhoneNetworkOptions
}

/** Those that were asked for. They are not on the page. */
export type ExtraCarriers = { readonly [Name in ExtraCarrierName]?: Carrier<Name> }

export type World = {
  readonly carriers: Readonly<Record<CarrierName, Carrier>>
  readonly extraCarriers: ExtraCarriers
  readonly phones: PhoneNetwork
  readonly exchange: Exchange
  readonly secrets: WorldSecrets
  /** The Worker's settings, as in its environment. */
  readonly settings: () => Record<string, string>
  /** Tells the world where the Worker answers; receipts go there when `toReceipts` says so. */
  readonly connect: (workerOrigin: string, toReceipts?: boolean) => void
  readonly close: () => Promise<void>
}

/** Vonage's is a name: it cannot be answered. */
export const WORLD_SENDERS = {
  twilio: '+12025550100',
  infobip: '12025550101',
  vonage: 'Lockline',
  telnyx: '+12025550103',
  sinch: '+12025550104',
  aws: '+12025550105',
  http: '+12025550106',
} as const

const AWS_REGION = 'us-east-1'
const AWS_CONFIGURATION_SET = 'login-alerts'
export const AWS_SNS_TOPIC_ARN = `arn:aws:sns:${AWS_REGION}:123456789012:sms-events`

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
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
    telnyxApiKey: `KEY${randomBytes(16).toString('hex').toUpperCase()}_${randomBytes(16).toString('hex')}`,
    telnyxPrivateKey: createTelnyxPrivateKey(),
    sinchServicePlanId: randomBytes(16).toString('hex'),
    sinchApiToken: randomBytes(16).toString('hex'),
    sinchCallbackSecret: randomBytes(24).toString('base64url'),
    awsAccessKeyId: `AKIA${Array.from({ length: 16 }, () => BASE32[randomInt(32)]).join('')}`,
    awsSecretAccessKey: randomBytes(30).toString('base64'),
    httpToken: randomBytes(24).toString('base64url'),
    httpReceiptSecret: randomBytes(24).toString('base64url'),
  }
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const secrets: WorldSecrets = { ...createSecrets(), ...options.secrets }
  const phones = createPhoneNetwork({
    carry: async (name, text) => {
      const carrier = everyCarrier.find((one) => one.name === name)
      return carrier === undefined ? null : carrier.carryText(text)
    },
    ...options.phones,
  })
  const providers = options.carriers ?? CARRIER_NAMES
  const carrierOptions = (name: AnyCarrierName, write?: InboundWriter) => ({
    port: options.ports?.[name] ?? 0,
    callbackOrigin: options.callbackOrigin ?? null,
    onMessage: phones.receive,
    ...(write && { inbound: { write, url: () => inboundUrl(name) } }),
    ...(options.knobs === undefined ? {} : { knobs: options.knobs }),
  })
  let workerOrigin = options.workerOrigin ?? UNKNOWN_ORIGIN
  /** What the operator has entered at the provider. Infobip signs nothing, so its URL has a key. */
  const inboundUrl = (name: AnyCarrierName) => {
    const url = `${options.publicOrigin ?? workerOrigin}/v1/inbound/${name}`
    return name === 'infobip' ? `${url}?k=${infobipKey(secrets.infobipReceiptSecret)}` : url
  }

  const twilioAccount = {
    accountSid: secrets.twilioAccountSid,
    authToken: secrets.twilioAuthToken,
  }
  const twilio = await startCarrier(
    createTwilioProtocol(twilioAccount),
    carrierOptions('twilio', createTwilioInbound(twilioAccount)),
  )
  const infobip = await startCarrier(
    createInfobipProtocol({ apiKey: secrets.infobipApiKey }),
    carrierOptions('infobip', writeInfobipInbound),
  )
  const vonageAccount = {
    apiKey: secrets.vonageApiKey,
    apiSecret: secrets.vonageApiSecret,
    signatureSecret: secrets.vonageSignatureSecret,
  }
  const vonage = await startCarrier(
    createVonageProtocol(vonageAccount),
    carrierOptions('vonage', createVonageInbound(vonageAccount)),
  )
  const telnyxAccount = { apiKey: secrets.telnyxApiKey, privateKey: secrets.telnyxPrivateKey }
  const sinchAccount = {
    servicePlanId: secrets.sinchServicePlanId,
    apiToken: secrets.sinchApiToken,
    callbackSecret: secrets.sinchCallbackSecret,
  }
  const extraCarriers: ExtraCarriers = {
    ...(providers.includes('telnyx') && {
      telnyx: await startCarrier(
        createTelnyxProtocol(telnyxAccount),
        carrierOptions('telnyx', createTelnyxInbound(telnyxAccount)),
      ),
    }),
    ...(providers.includes('sinch') && {
      sinch: await startCarrier(
        createSinchProtocol(sinchAccount),
        carrierOptions('sinch', createSinchInbound(sinchAccount)),
      ),
    }),
    ...(providers.includes('aws') && {
      aws: await startCarrier(
        createAwsProtocol(
          {
            accessKeyId: secrets.awsAccessKeyId,
            secretAccessKey: secrets.awsSecretAccessKey,
            region: AWS_REGION,
          },
          {
            configurationSet: AWS_CONFIGURATION_SET,
            topicArn: AWS_SNS_TOPIC_ARN,
            endpoint: () => `${options.publicOrigin ?? workerOrigin}/v1/receipts/aws/events`,
          },
        ),
        carrierOptions('aws'),
      ),
    }),
    ...(providers.includes('http') && {
      http: await startCarrier(
        createHttpProtocol({
          token: secrets.httpToken,
          signatureSecret: secrets.httpReceiptSecret,
        }),
        carrierOptions('http'),
      ),
    }),
  }
  const carriers = { twilio, infobip, vonage }
  const everyCarrier = [...Object.values(carriers), ...Object.values(extraCarriers)]
  const exchange = await startExchange({
    workerOrigin,
    webhookSecrets: secrets.webhookSecrets,
    apiKeys: secrets.apiKeys,
    callbackSecrets: secrets.callbackSecrets,
    port: options.ports?.exchange ?? 0,
  })

  return {
    carriers,
    extraCarriers,
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
      SMS_PROVIDERS: providers.join(' '),
      // Whoever tries things out logs in more often than anybody does.
      ALERTS_PER_10_MINUTES: '100',
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
      ...extraSettings(secrets, extraCarriers),
    }),
    connect: (origin, toReceipts = false) => {
      workerOrigin = origin
      exchange.setWorkerOrigin(origin)
      if (!toReceipts) return
      for (const carrier of everyCarrier) carrier.setCallbackOrigin(origin)
    },
    close: async () => {
      await Promise.all([exchange, ...everyCarrier].map((part) => part.close()))
    },
  }
}

/** As docs/operations.md tells the operator to make it. */
function infobipKey(secret: string): string {
  return createHmac('sha256', secret).update('lockline-receipt.infobip').digest('base64url')
}

/** The settings of the extra carriers that run. */
function extraSettings(
  secrets: WorldSecrets,
  { telnyx, sinch, aws, http }: ExtraCarriers,
): Record<string, string> {
  return {
    ...(telnyx && {
      TELNYX_API_KEY: secrets.telnyxApiKey,
      TELNYX_PUBLIC_KEY: telnyxPublicKey(secrets.telnyxPrivateKey),
      TELNYX_FROM: WORLD_SENDERS.telnyx,
      TELNYX_BASE_URL: telnyx.origin,
    }),
    ...(sinch && {
      SINCH_SERVICE_PLAN_ID: secrets.sinchServicePlanId,
      SINCH_API_TOKEN: secrets.sinchApiToken,
      SINCH_CALLBACK_SECRET: secrets.sinchCallbackSecret,
      SINCH_FROM: WORLD_SENDERS.sinch,
      SINCH_BASE_URL: sinch.origin,
    }),
    ...(aws && {
      AWS_ACCESS_KEY_ID: secrets.awsAccessKeyId,
      AWS_SECRET_ACCESS_KEY: secrets.awsSecretAccessKey,
      AWS_REGION,
      AWS_SMS_ORIGINATION_IDENTITY: WORLD_SENDERS.aws,
      AWS_CONFIGURATION_SET,
      AWS_SNS_TOPIC_ARNS: AWS_SNS_TOPIC_ARN,
      AWS_BASE_URL: aws.origin,
    }),
    ...(http && {
      HTTP_TEMPLATE: HTTP_TEMPLATES.json,
      HTTP_FROM: WORLD_SENDERS.http,
      HTTP_SECRET: secrets.httpToken,
      HTTP_RECEIPT_SECRET: secrets.httpReceiptSecret,
      HTTP_BASE_URL: http.origin,
    }),
  }
}
