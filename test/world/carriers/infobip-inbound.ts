// What Infobip posts when a text comes in: a list, here always of one, and unsigned. What proves it is in
// the URL, if the operator put something there. Source: Infobip's API clients (SmsInboundMessage).

import { randomInt } from 'node:crypto'
import type { InboundWriter } from '../inbound-text.ts'
import { countSegments } from '../segments.ts'

export const writeInfobipInbound: InboundWriter = ({ from, to, text }, url, at) => {
  const result = {
    messageId: String(randomInt(2 ** 47)).padStart(15, '9'),
    from: withoutPlus(from),
    to: withoutPlus(to),
    text,
    // No keyword is set up for the number, so nothing is cut off.
    cleanText: text,
    keyword: null,
    receivedAt: new Date(at).toISOString().replace('Z', '+0000'),
    smsCount: countSegments(text).segments,
    price: { pricePerMessage: 0, currency: 'EUR' },
    callbackData: null,
  }
  return {
    url,
    headers: { 'content-type': 'application/json', 'user-agent': 'Infobip' },
    body: JSON.stringify({ results: [result], messageCount: 1, pendingMessageCount: 0 }),
  }
}

const withoutPlus = (number: string) => number.replace('+', '')
