// Receipts a test posts by itself: built by the simulated carriers' own protocols, for a call a
// carrier has really taken. Knows nothing of the Worker.

import type { CarrierCall } from '../world/carrier.ts'
import type { OutgoingMessage, ReceiptRequest, ReceiptStep } from '../world/carrier-protocol.ts'
import { createInfobipProtocol } from '../world/carriers/infobip.ts'
import { createTwilioProtocol, signTwilioForm } from '../world/carriers/twilio.ts'
import { createVonageProtocol } from '../world/carriers/vonage.ts'
import { type Owner, queryOne } from './owner.ts'
import { eventually, type Stage } from './stage.ts'

/** The receipt of `call` as its carrier would post it; `forged` has the right shape and no proof. */
export function receiptOf(
  stage: Stage,
  call: CarrierCall,
  step: ReceiptStep,
  options: { readonly forged?: boolean; readonly url?: string } = {},
): ReceiptRequest {
  const { secrets } = stage.world
  const protocols = {
    twilio: createTwilioProtocol({
      accountSid: secrets.twilioAccountSid,
      authToken: secrets.twilioAuthToken,
    }),
    infobip: createInfobipProtocol({ apiKey: secrets.infobipApiKey }),
    vonage: createVonageProtocol({
      apiKey: secrets.vonageApiKey,
      apiSecret: secrets.vonageApiSecret,
      signatureSecret: secrets.vonageSignatureSecret,
    }),
  }
  const message: OutgoingMessage = {
    providerMessageId: call.providerMessageIds[0] ?? '',
    from: call.from ?? '',
    to: call.to ?? '',
    text: call.text ?? '',
    ref: call.ref,
    receiptUrl: options.url ?? call.receiptUrl,
    wantsIntermediateReceipts: true,
    validitySeconds: call.validitySeconds,
    acceptedAt: call.at,
    extra: call.provider === 'infobip' ? { bulkId: 'b1', callbackData: call.ref ?? '' } : {},
  }
  const protocol = protocols[call.provider]
  const receipt = protocol.receipt(message, step, Date.now(), options.forged ?? false)
  if (receipt === null) throw new Error(`${call.provider} posts nothing at that step`)
  return receipt
}

/** A form of Twilio's with these fields, rightly signed. */
export function twilioForm(
  stage: Stage,
  url: string,
  fields: readonly (readonly [string, string])[],
): ReceiptRequest {
  return {
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signTwilioForm(stage.world.secrets.twilioAuthToken, url, fields),
    },
    body: new URLSearchParams(fields.map(([name, value]) => [name, value])).toString(),
  }
}

export async function postReceipt(receipt: ReceiptRequest): Promise<number> {
  const response = await fetch(receipt.url, {
    method: 'POST',
    headers: { ...receipt.headers },
    body: receipt.body,
  })
  await response.arrayBuffer()
  return response.status
}

/** The state of the newest login, past the Worker. */
export async function storedState(stage: Stage, owner: Owner) {
  const sql = 'SELECT state FROM logins WHERE account_id = ? ORDER BY seq DESC LIMIT 1'
  return (await queryOne(stage, sql, owner.id))?.state
}

/** A login whose SMS the first provider has taken and of which it reports nothing by itself. */
export async function acceptedLogin(stage: Stage, owner: Owner): Promise<CarrierCall> {
  const { twilio } = stage.world.carriers
  await twilio.setMode('no-receipt')
  await stage.world.exchange.login({ account_id: owner.id })
  await eventually('acceptance', async () => (await storedState(stage, owner)) === 'accepted')
  await twilio.setMode('ok')
  const call = twilio.calls
    .entries()
    .filter(({ to }) => to === owner.phone)
    .at(-1)
  if (call === undefined) throw new Error('no call was made')
  return call
}

/** A login whose two receipts come one after the other and after our own note: each time at the same cost. */
export async function deliverInOrder(stage: Stage, owner: Owner): Promise<void> {
  const call = await acceptedLogin(stage, owner)
  for (const step of ['sent', 'delivered'] as const) {
    const status = await postReceipt(receiptOf(stage, call, step))
    if (status !== 204) throw new Error(`the receipt was answered ${status}`)
  }
}
