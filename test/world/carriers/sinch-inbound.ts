// What Sinch posts when a text comes in (XMS `mo_text`), signed as its receipts are. Source:
// https://developers.sinch.com/docs/sms/api-reference/sms/webhooks

import type { InboundWriter } from '../inbound-text.ts'
import { createBatchId, type SinchAccount, sinchHeaders } from './sinch.ts'

export function createSinchInbound(account: SinchAccount): InboundWriter {
  return ({ from, to, text }, url, at) => {
    const body = JSON.stringify({
      type: 'mo_text',
      id: createBatchId(),
      from: from.replace('+', ''),
      to: to.replace('+', ''),
      body: text,
      operator_id: '31000',
      received_at: new Date(at).toISOString(),
    })
    return { url, headers: sinchHeaders(account.callbackSecret, body, at), body }
  }
}
