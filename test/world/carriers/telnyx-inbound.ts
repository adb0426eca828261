// What Telnyx posts when a text comes in: the event `message.received`, signed as its receipts are. Words
// that Telnyx answers by itself are marked. Sources:
// https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks and
// https://developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out

import { randomUUID } from 'node:crypto'
import type { InboundWriter } from '../inbound-text.ts'
import { countSegments } from '../segments.ts'
import { readPrivateKey, type TelnyxAccount, telnyxHeaders } from './telnyx.ts'

/** The words it knows where nothing is set up; only alone in a text. */
const ANSWERED: Readonly<Record<string, readonly string[]>> = {
  STOP: ['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit'],
  START: ['start', 'unstop'],
  HELP: ['help'],
}

export function createTelnyxInbound(account: TelnyxAccount): InboundWriter {
  const key = readPrivateKey(account.privateKey)
  return ({ from, to, text }, url, at) => {
    const { encoding, segments } = countSegments(text)
    const instant = new Date(at).toISOString().replace('Z', '+00:00')
    const payload = {
      record_type: 'message',
      direction: 'inbound',
      id: randomUUID(),
      type: 'SMS',
      messaging_profile_id: randomUUID(),
      autoresponse_type: answeredAs(text),
      from: { phone_number: from, carrier: 'T-MOBILE USA, INC.', line_type: 'Wireless' },
      to: [
        {
          phone_number: to,
          status: 'webhook_delivered',
          carrier: 'TELNYX LLC',
          line_type: 'VoIP',
        },
      ],
      cc: [],
      text,
      media: [],
      encoding,
      parts: segments,
      tags: [],
      cost: { amount: '0.0040', currency: 'USD' },
      received_at: instant,
      sent_at: null,
      completed_at: null,
      errors: [],
    }
    const body = JSON.stringify({
      data: {
        event_type: 'message.received',
        id: randomUUID(),
        occurred_at: instant,
        payload,
        record_type: 'event',
      },
      meta: { attempt: 1, delivered_to: url },
    })
    return { url, headers: telnyxHeaders(key, body, at), body }
  }
}

function answeredAs(text: string): string | null {
  const word = text.trim().toLowerCase()
  return Object.keys(ANSWERED).find((type) => ANSWERED[type]?.includes(word)) ?? null
}
