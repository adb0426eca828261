// Sinch in the world.

import { randomBytes } from 'node:crypto'
import { carrierKit } from '../carrier-kit.ts'
import { createSinchProtocol } from '../carriers/sinch.ts'
import { createSinchInbound } from '../carriers/sinch-inbound.ts'

type Secrets = {
  readonly sinchServicePlanId: string
  readonly sinchApiToken: string
  readonly sinchCallbackSecret: string
}

const SENDER = '+12025550104'
const accountOf = (secrets: Secrets) => ({
  servicePlanId: secrets.sinchServicePlanId,
  apiToken: secrets.sinchApiToken,
  callbackSecret: secrets.sinchCallbackSecret,
})

export const sinchKit = carrierKit<'sinch', Secrets>({
  label: 'Sinch',
  sender: SENDER,
  createSecrets: () => ({
    sinchServicePlanId: randomBytes(16).toString('hex'),
    sinchApiToken: randomBytes(16).toString('hex'),
    sinchCallbackSecret: randomBytes(24).toString('base64url'),
  }),
  createProtocol: (secrets) => createSinchProtocol(accountOf(secrets)),
  createInbound: (secrets) => createSinchInbound(accountOf(secrets)),
  settings: (secrets, origin) => ({
    SINCH_SERVICE_PLAN_ID: secrets.sinchServicePlanId,
    SINCH_API_TOKEN: secrets.sinchApiToken,
    SINCH_CALLBACK_SECRET: secrets.sinchCallbackSecret,
    SINCH_FROM: SENDER,
    SINCH_BASE_URL: origin,
  }),
})
