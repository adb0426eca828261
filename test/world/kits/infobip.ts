// Infobip in the world.

import { createHmac, randomBytes } from 'node:crypto'
import { carrierKit } from '../carrier-kit.ts'
import type { CarrierName } from '../carrier-protocol.ts'
import { createInfobipProtocol } from '../carriers/infobip.ts'
import { writeInfobipInbound } from '../carriers/infobip-inbound.ts'

type Secrets = { readonly infobipApiKey: string; readonly infobipReceiptSecret: string }

const SENDER = '12025550101'

export const infobipKit = carrierKit<CarrierName, Secrets>({
  label: 'Infobip',
  sender: SENDER,
  createSecrets: () => ({
    infobipApiKey: `${randomBytes(16).toString('hex')}-${randomBytes(16).toString('hex')}`,
    infobipReceiptSecret: randomBytes(32).toString('base64'),
  }),
  createProtocol: (secrets) => createInfobipProtocol({ apiKey: secrets.infobipApiKey }),
  createInbound: () => writeInfobipInbound,
  // It signs nothing, so the URL has a key, made as docs/operations.md tells the operator to.
  inboundQuery: ({ infobipReceiptSecret }) =>
    `?k=${createHmac('sha256', infobipReceiptSecret).update('lockline-receipt.infobip').digest('base64url')}`,
  settings: (secrets, origin) => ({
    INFOBIP_BASE_URL: origin,
    INFOBIP_API_KEY: secrets.infobipApiKey,
    INFOBIP_FROM: SENDER,
    INFOBIP_RECEIPT_SECRET: secrets.infobipReceiptSecret,
  }),
})
