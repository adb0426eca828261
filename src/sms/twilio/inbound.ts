// Texts that people sent to a Twilio number: a signed form, as receipts are. Source:
// https://www.twilio.com/docs/messaging/guides/webhook-request

import { err, ok, type Result } from '../../lib/result.ts'
import { makeInbound } from '../inbound-number.ts'
import { anyTextAt, idAt, textAt } from '../json-fields.ts'
import type { CallbackRefusal, InboundMessage, RawCallback } from '../provider.ts'
import { hasTwilioSignature } from './signature.ts'

export async function readTwilioInbound(
  callback: RawCallback,
  { accountSid, authToken }: { readonly accountSid: string; readonly authToken: string },
): Promise<Result<readonly InboundMessage[], CallbackRefusal>> {
  if (!(await hasTwilioSignature(callback, authToken))) return err({ reason: 'unsigned' })
  const form = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(callback.body)))
  if (form.AccountSid !== accountSid) return err({ reason: 'malformed' })
  // A receipt that was sent here by mistake is no text.
  if (textAt(form, 'Body') === undefined && textAt(form, 'MessageStatus') !== undefined)
    return ok([])
  // `whatsapp:+1…`, `messenger:…`: other channels come to the same URL, and none of our alerts went there.
  if (/^[a-z]+:/.test(textAt(form, 'From') ?? '')) return ok([])
  const message = makeInbound({
    id: idAt(form, 'MessageSid') ?? idAt(form, 'SmsSid'),
    from: textAt(form, 'From'),
    to: textAt(form, 'To'),
    text: anyTextAt(form, 'Body'),
    at: null,
    // Only with Advanced Opt-Out, which then answers the word itself.
    isAnswered: textAt(form, 'OptOutType') !== undefined,
  })
  return message ? ok([message]) : err({ reason: 'malformed' })
}
