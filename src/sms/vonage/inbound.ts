// Texts that people sent to a Vonage number (Messages v1): JSON under the same signed token as receipts.
// Source: https://developer.vonage.com/en/messages/guides/webhooks

import { fromUtf8 } from '../../lib/base64.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { parseInstant } from '../../lib/time.ts'
import { makeInbound } from '../inbound-number.ts'
import { anyTextAt, idAt, parseRecord, textAt } from '../json-fields.ts'
import type { CallbackRefusal, InboundMessage, RawCallback } from '../provider.ts'
import { verifyVonageCallback } from './signature.ts'

export async function readVonageInbound(
  callback: RawCallback,
  settings: { readonly apiKey: string; readonly signatureSecret: string },
  now: number,
): Promise<Result<readonly InboundMessage[], CallbackRefusal>> {
  const verified = await verifyVonageCallback(callback, settings, now)
  if (!verified.ok) return verified
  const body = parseRecord(fromUtf8(callback.body) ?? '') ?? {}
  // A receipt has a status and no text; another kind of message has no text either.
  if (textAt(body, 'status') !== undefined) return ok([])
  if ((textAt(body, 'message_type') ?? 'text') !== 'text') return ok([])
  // WhatsApp, Viber and others come to the same URL, if the account has them: none of our alerts went there.
  if ((textAt(body, 'channel') ?? 'sms') !== 'sms') return ok([])
  const message = makeInbound({
    id: idAt(body, 'message_uuid'),
    from: textAt(body, 'from'),
    to: textAt(body, 'to'),
    text: anyTextAt(body, 'text'),
    at: parseInstant(textAt(body, 'timestamp') ?? ''),
  })
  return message ? ok([message]) : err({ reason: 'malformed' })
}
