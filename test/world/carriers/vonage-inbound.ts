// What Vonage posts when a text comes in (Messages v1): JSON under the same signed token as its receipts.
// Source: https://developer.vonage.com/en/messages/guides/webhooks

import { randomUUID } from 'node:crypto'
import type { InboundWriter } from '../inbound-text.ts'
import { countSegments } from '../segments.ts'
import { type VonageAccount, vonageHeaders } from './vonage.ts'

export function createVonageInbound(account: VonageAccount): InboundWriter {
  return ({ from, to, text }, url, at) => {
    const body = JSON.stringify({
      channel: 'sms',
      message_uuid: randomUUID(),
      to: to.replace('+', ''),
      from: from.replace('+', ''),
      timestamp: new Date(at).toISOString(),
      message_type: 'text',
      text,
      usage: { currency: 'EUR', price: '0.0057' },
      sms: {
        num_messages: String(countSegments(text).segments),
        keyword: (text.trim().split(/\s+/)[0] ?? '').toUpperCase(),
      },
    })
    const proof = { apiKey: account.apiKey, secret: account.signatureSecret }
    return { url, headers: vonageHeaders(proof, body, at), body }
  }
}
