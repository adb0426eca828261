// Texts that people sent to a Sinch number (XMS `mo_text`): signed as receipts are. Refuses nothing it
// cannot use: Sinch drops what is answered 4xx. Source: Sinch's OpenAPI of the SMS API, MOText.

import { fromUtf8 } from '../../lib/base64.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { parseInstant } from '../../lib/time.ts'
import { makeInbound } from '../inbound-number.ts'
import { anyTextAt, idAt, parseRecord, textAt } from '../json-fields.ts'
import type { CallbackRefusal, InboundMessage, RawCallback } from '../provider.ts'
import { type SinchSecret, verifySinchCallback } from './signature.ts'

export async function readSinchInbound(
  callback: RawCallback,
  secret: SinchSecret,
  now: number,
): Promise<Result<readonly InboundMessage[], CallbackRefusal>> {
  const verified = await verifySinchCallback(callback, secret, now)
  if (!verified.ok) return verified
  const body = parseRecord(fromUtf8(callback.body) ?? '') ?? {}
  const type = textAt(body, 'type')
  if (type === undefined) return err({ reason: 'malformed' })
  if (type !== 'mo_text') return ok([])
  const message = makeInbound({
    id: idAt(body, 'id'),
    from: textAt(body, 'from'),
    to: textAt(body, 'to'),
    text: anyTextAt(body, 'body'),
    at: parseInstant(textAt(body, 'received_at') ?? ''),
  })
  return message ? ok([message]) : err({ reason: 'malformed' })
}
