// Telnyx in the world.

import { randomBytes } from 'node:crypto'
import { carrierKit } from '../carrier-kit.ts'
import {
  createTelnyxPrivateKey,
  createTelnyxProtocol,
  telnyxPublicKey,
} from '../carriers/telnyx.ts'
import { createTelnyxInbound } from '../carriers/telnyx-inbound.ts'

type Secrets = {
  readonly telnyxApiKey: string
  /** The vendor's own: what it signs webhooks with. The Worker gets the public key only. */
  readonly telnyxPrivateKey: string
}

const SENDER = '+12025550103'
const accountOf = (secrets: Secrets) => ({
  apiKey: secrets.telnyxApiKey,
  privateKey: secrets.telnyxPrivateKey,
})

export const telnyxKit = carrierKit<'telnyx', Secrets>({
  label: 'Telnyx',
  sender: SENDER,
  createSecrets: () => ({
    telnyxApiKey: `KEY${randomBytes(16).toString('hex').toUpperCase()}_${randomBytes(16).toString('hex')}`,
    telnyxPrivateKey: createTelnyxPrivateKey(),
  }),
  createProtocol: (secrets) => createTelnyxProtocol(accountOf(secrets)),
  createInbound: (secrets) => createTelnyxInbound(accountOf(secrets)),
  settings: (secrets, origin) => ({
    TELNYX_API_KEY: secrets.telnyxApiKey,
    TELNYX_PUBLIC_KEY: telnyxPublicKey(secrets.telnyxPrivateKey),
    TELNYX_FROM: SENDER,
    TELNYX_BASE_URL: origin,
  }),
})
