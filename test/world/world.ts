// The simulated outside in one piece: three carriers (up to four more when asked for), the phones
// behind them and an exchange, with the Worker settings that make Lockline talk to them. Everything
// stays on this machine's loopback.

import { randomBytes } from 'node:crypto'
import { type Carrier, type CarrierKnobs, startCarrier } from './carrier.ts'
import type { CarrierKit } from './carrier-kit.ts'
import {
  CARRIER_KITS,
  type CarrierSecrets,
  createCarrierSecrets,
  EXTRA_CARRIER_NAMES,
} from './carrier-kits.ts'
import {
  type AnyCarrierName,
  CARRIER_NAMES,
  type CarrierName,
  type ExtraCarrierName,
} from './carrier-protocol.ts'
import { type Exchange, startExchange } from './exchange.ts'
import { type OpsReceiver, startOpsReceiver } from './ops-receiver.ts'
import { createPhoneNetwork, type PhoneNetwork, type PhoneNetworkOptions } from './phone-network.ts'

/** Lists as in the Worker's settings: the first is current, the others are still accepted. */
export type WorldSecrets = CarrierSecrets & {
  readonly webhookSecrets: readonly string[]
  readonly apiKeys: readonly string[]
  readonly callbackSecrets: readonly string[]
  readonly linkSecrets: readonly string[]
  readonly dataSecrets: readonly string[]
  readonly opsToken: string
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
  /** Incidents are posted to a receiver, and the operator's pages open to `secrets.opsToken`. */
  readonly hasOperator?: boolean
}

/** Those that were asked for. They are not on the page. */
export type ExtraCarriers = { readonly [Name in ExtraCarrierName]?: Carrier<Name> }

export type World = {
  readonly carriers: Readonly<Record<CarrierName, Carrier>>
  readonly extraCarriers: ExtraCarriers
  readonly phones: PhoneNetwork
  readonly exchange: Exchange
  /** Null unless there is an operator. */
  readonly ops: OpsReceiver | null
  readonly secrets: WorldSecrets
  /** The Worker's settings, as in its environment. */
  readonly settings: () => Record<string, string>
  /** Tells the world where the Worker answers; receipts go there when `toReceipts` says so. */
  readonly connect: (workerOrigin: string, toReceipts?: boolean) => void
  readonly close: () => Promise<void>
}

const UNKNOWN_ORIGIN = 'http://localhost:8787'

export function createSecrets(): WorldSecrets {
  const webhook = () => `whsec_${randomBytes(32).toString('base64')}`
  const key = () => randomBytes(32).toString('base64')
  return {
    ...createCarrierSecrets(),
    webhookSecrets: [webhook()],
    apiKeys: [`key_${randomBytes(24).toString('base64url')}`],
    callbackSecrets: [webhook()],
    linkSecrets: [key()],
    dataSecrets: [key()],
    opsToken: randomBytes(24).toString('base64url'),
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
  let workerOrigin = options.workerOrigin ?? UNKNOWN_ORIGIN
  const publicOrigin = () => options.publicOrigin ?? workerOrigin
  /** What the operator has entered at the provider. */
  const inboundUrl = (name: AnyCarrierName) =>
    `${publicOrigin()}/v1/inbound/${name}${CARRIER_KITS[name].inboundQuery?.(secrets) ?? ''}`

  const start = <Name extends AnyCarrierName>(
    name: AnyCarrierName,
    kit: CarrierKit<Name, WorldSecrets>,
  ) => {
    const write = kit.createInbound?.(secrets)
    return startCarrier(kit.createProtocol(secrets, publicOrigin), {
      port: options.ports?.[name] ?? 0,
      callbackOrigin: options.callbackOrigin ?? null,
      onMessage: phones.receive,
      ...(write && { inbound: { write, url: () => inboundUrl(name) } }),
      ...(options.knobs === undefined ? {} : { knobs: options.knobs }),
    })
  }
  const carriers = {
    twilio: await start('twilio', CARRIER_KITS.twilio),
    infobip: await start('infobip', CARRIER_KITS.infobip),
    vonage: await start('vonage', CARRIER_KITS.vonage),
  }
  const asked = EXTRA_CARRIER_NAMES.filter((name) => providers.includes(name))
  const extraCarriers: ExtraCarriers = Object.fromEntries(
    await Promise.all(asked.map(async (name) => [name, await start(name, CARRIER_KITS[name])])),
  )
  const everyCarrier = [...Object.values(carriers), ...Object.values(extraCarriers)]
  const exchange = await startExchange({
    workerOrigin,
    webhookSecrets: secrets.webhookSecrets,
    apiKeys: secrets.apiKeys,
    callbackSecrets: secrets.callbackSecrets,
    port: options.ports?.exchange ?? 0,
  })
  const ops = options.hasOperator ? await startOpsReceiver(secrets.callbackSecrets) : null

  return {
    carriers,
    extraCarriers,
    phones,
    exchange,
    ops,
    secrets,
    settings: () => ({
      EXCHANGE_NAME: 'Demo Exchange',
      PUBLIC_ORIGIN: publicOrigin(),
      WEBHOOK_SECRETS: secrets.webhookSecrets.join(' '),
      API_KEYS: secrets.apiKeys.join(' '),
      CALLBACK_URL: exchange.callbackUrl,
      CALLBACK_SECRETS: secrets.callbackSecrets.join(' '),
      LINK_SECRETS: secrets.linkSecrets.join(' '),
      DATA_SECRETS: secrets.dataSecrets.join(' '),
      SMS_PROVIDERS: providers.join(' '),
      // Whoever tries things out logs in more often than anybody does.
      ALERTS_PER_10_MINUTES: '100',
      ALERTS_PER_DAY: '1000',
      ...(ops && { OPS_WEBHOOK_URL: ops.url, OPS_LOCAL_TOKEN: secrets.opsToken }),
      ...Object.assign(
        {},
        ...everyCarrier.map(({ name, origin }) => CARRIER_KITS[name].settings(secrets, origin)),
      ),
    }),
    connect: (origin, toReceipts = false) => {
      workerOrigin = origin
      exchange.setWorkerOrigin(origin)
      if (!toReceipts) return
      for (const carrier of everyCarrier) carrier.setCallbackOrigin(origin)
    },
    close: async () => {
      await Promise.all([exchange, ...everyCarrier].map((part) => part.close()))
      await ops?.close()
    },
  }
}
