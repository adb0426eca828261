// Vonage in the world. Its sender is a name: it cannot be answered.

import { randomBytes } from 'node:crypto'
import { carrierKit } from '../carrier-kit.ts'
import type { CarrierName } from '../carrier-protocol.ts'
import { createVonageProtocol } from '../carriers/vonage.ts'
import { createVonageInbound } from '../carriers/vonage-inbound.ts'

type Secrets = {
  readonly vonageApiKey: string
  readonly vonageApiSecret: string
  readonly vonageSignatureSecret: string
}

const SENDER = 'Lockline'
const accountOf = (secrets: Secrets) => ({
  apiKey: secrets.vonageApiKey,
  apiSecret: secrets.vonageApiSecret,
  signatureSecret: secrets.vonageSignatureSecret,
})

export const vonageKit = carrierKit<CarrierName, Secrets>({
  label: 'Vonage',
  sender: SENDER,
  createSecrets: () => ({
    vonageApiKey: randomBytes(4).toString('hex'),
    vonageApiSecret: randomBytes(12).toString('base64url'),
    vonageSignatureSecret: randomBytes(38).toString('base64url'),
  }),
  createProtocol: (secrets) => createVonageProtocol(accountOf(secrets)),
  createInbound: (secrets) => createVonageInbound(accountOf(secrets)),
  settings: (secrets, origin) => ({
    VONAGE_API_KEY: secrets.vonageApiKey,
    VONAGE_API_SECRET: secrets.vonageApiSecret,
    VONAGE_SIGNATURE_SECRET: secrets.vonageSignatureSecret,
    VONAGE_FROM: SENDER,
    VONAGE_BASE_URL: origin,
  }),
})
