// Texts that people sent to an Infobip number: up to a hundred in one request. Infobip does not sign
// these; the URL that the operator enters there carries a key, as receipts' URLs do. Source: Infobip's
// OpenAPI (SMS, webhook "receive-inbound-sms-messages").

import { fromUtf8 } from '../../lib/base64.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { makeInbound } from '../inbound-number.ts'
import { anyTextAt, idAt, isRecord, listAt, parseRecord, textAt } from '../json-fields.ts'
import { isKeyedCallback } from '../keyed-callback.ts'
import type { CallbackRefusal, InboundMessage, RawCallback } from '../provider.ts'
import { instantAt } from './receipts.ts'

export async function readInfobipInbound(
  callback: RawCallback,
  secret: string,
): Promise<Result<readonly InboundMessage[], CallbackRefusal>> {
  if (!(await isKeyedCallback(callback, secret))) return err({ reason: 'unsigned' })
  const results = listAt(parseRecord(fromUtf8(callback.body) ?? '') ?? {}, 'results')
  if (results === undefined) return err({ reason: 'malformed' })
  // One that cannot be read shall not cost us the other ninety-nine.
  const messages = results.map(readResult).filter((message) => message !== null)
  if (messages.length === 0 && results.length > 0) return err({ reason: 'malformed' })
  return ok(messages)
}

function readResult(result: unknown): InboundMessage | null {
  if (!isRecord(result)) return null
  return makeInbound({
    id: idAt(result, 'messageId'),
    from: textAt(result, 'from'),
    to: textAt(result, 'to'),
    text: anyTextAt(result, 'text'),
    at: instantAt(result, 'receivedAt'),
  })
}
