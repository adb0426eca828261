// What Twilio posts when a text comes in: a form, signed as its receipts are. Advanced Opt-Out is not
// switched on, so opt-out words come like any other. Source:
// https://www.twilio.com/docs/messaging/guides/webhook-request

import { randomBytes } from 'node:crypto'
import type { InboundWriter } from '../inbound-text.ts'
import { countSegments } from '../segments.ts'
import { signTwilioForm, type TwilioAccount } from './twilio.ts'

export function createTwilioInbound(account: TwilioAccount): InboundWriter {
  return ({ from, to, text }, url) => {
    const sid = `SM${randomBytes(16).toString('hex')}`
    const fields: [string, string][] = [
      ['ToCountry', 'US'],
      ['SmsMessageSid', sid],
      ['NumMedia', '0'],
      ['SmsSid', sid],
      ['SmsStatus', 'received'],
      ['Body', text],
      ['FromCountry', 'US'],
      ['To', to],
      ['NumSegments', String(countSegments(text).segments)],
      ['MessageSid', sid],
      ['AccountSid', account.accountSid],
      ['From', from],
      ['ApiVersion', '2010-04-01'],
    ]
    return {
      url,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'user-agent': 'TwilioProxy/1.1',
        'i-twilio-idempotency-token': randomBytes(16).toString('hex'),
        'x-twilio-signature': signTwilioForm(account.authToken, url, fields),
      },
      body: new URLSearchParams(fields).toString(),
    }
  }
}
