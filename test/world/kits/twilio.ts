// Twilio in the world.

import { randomBytes } from 'node:crypto'
import { carrierKit } from '../carrier-kit.ts'
import type { CarrierName } from '../carrier-protocol.ts'
import { createTwilioProtocol } from '../carriers/twilio.ts'
import { createTwilioInbound } from '../carriers/twilio-inbound.ts'

type Secrets = { readonly twilioAccountSid: string; readonly twilioAuthToken: string }

const SENDER = '+12025550100'
const accountOf = (secrets: Secrets) => ({
  accountSid: secrets.twilioAccountSid,
  authToken: secrets.twilioAuthToken,
})

export const twilioKit = carrierKit<CarrierName, Secrets>({
  label: 'Twilio',
  sender: SENDER,
  createSecrets: () => ({
    twilioAccountSid: `AC${randomBytes(16).toString('hex')}`,
    twilioAuthToken: randomBytes(16).toString('hex'),
  }),
  createProtocol: (secrets) => createTwilioProtocol(accountOf(secrets)),
  createInbound: (secrets) => createTwilioInbound(accountOf(secrets)),
  settings: (secrets, origin) => ({
    TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
    TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
    TWILIO_FROM: SENDER,
    TWILIO_BASE_URL: origin,
  }),
})
