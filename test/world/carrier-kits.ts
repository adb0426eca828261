// Every provider's kit. Whoever has an entry in src/sms/registry.ts has one here, or nothing compiles.

import type { CarrierKit } from './carrier-kit.ts'
import {
  type AnyCarrierName,
  CARRIER_NAMES,
  type CarrierName,
  type ExtraCarrierName,
} from './carrier-protocol.ts'
import { awsKit } from './kits/aws.ts'
import { httpKit } from './kits/http.ts'
import { infobipKit } from './kits/infobip.ts'
import { sinchKit } from './kits/sinch.ts'
import { telnyxKit } from './kits/telnyx.ts'
import { twilioKit } from './kits/twilio.ts'
import { vonageKit } from './kits/vonage.ts'

const KITS = {
  twilio: twilioKit,
  infobip: infobipKit,
  vonage: vonageKit,
  telnyx: telnyxKit,
  sinch: sinchKit,
  aws: awsKit,
  http: httpKit,
}

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never

/** Of all providers, under names that tell whose they are. */
export type CarrierSecrets = Intersection<
  ReturnType<(typeof KITS)[keyof typeof KITS]['createSecrets']>
>

/** Those on the page are handled alike, so they are of one type. */
export const CARRIER_KITS: {
  readonly [Name in AnyCarrierName]: CarrierKit<
    Name extends CarrierName ? CarrierName : Name,
    CarrierSecrets
  >
} = KITS

export const ANY_CARRIER_NAMES = Object.keys(CARRIER_KITS) as AnyCarrierName[]

/** In the order of the table. */
export const EXTRA_CARRIER_NAMES = ANY_CARRIER_NAMES.filter(
  (name): name is ExtraCarrierName => !CARRIER_NAMES.some((always) => always === name),
)

export function createCarrierSecrets(): CarrierSecrets {
  return Object.assign({}, ...ANY_CARRIER_NAMES.map((name) => CARRIER_KITS[name].createSecrets()))
}
