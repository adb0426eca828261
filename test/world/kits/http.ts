// The local aggregator in the world, behind the template that docs/http-provider.md gives first.

import { randomBytes } from 'node:crypto'
import { carrierKit } from '../carrier-kit.ts'
import { createHttpProtocol } from '../carriers/http.ts'
import { HTTP_TEMPLATES } from '../http-templates.ts'

type Secrets = { readonly httpToken: string; readonly httpReceiptSecret: string }

const SENDER = '+12025550106'

export const httpKit = carrierKit<'http', Secrets>({
  label: 'Local aggregator',
  sender: SENDER,
  createSecrets: () => ({
    httpToken: randomBytes(24).toString('base64url'),
    httpReceiptSecret: randomBytes(24).toString('base64url'),
  }),
  createProtocol: (secrets) =>
    createHttpProtocol({ token: secrets.httpToken, signatureSecret: secrets.httpReceiptSecret }),
  settings: (secrets, origin) => ({
    HTTP_TEMPLATE: HTTP_TEMPLATES.json,
    HTTP_FROM: SENDER,
    HTTP_SECRET: secrets.httpToken,
    HTTP_RECEIPT_SECRET: secrets.httpReceiptSecret,
    HTTP_BASE_URL: origin,
  }),
})
