// Texts that people sent to a Telnyx number: the event `message.received`, signed as receipts are.
// Sources: https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks and, on opt-outs,
// https://developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out

import { err, ok, type Result } from '../../lib/result.ts'
import { parseInstant } from '../../lib/time.ts'
import { makeInbound } from '../inbound-number.ts'
import {
  anyTextAt,
  idAt,
  isRecord,
  type JsonRecord,
  listAt,
  recordAt,
  textAt,
} from '../json-fields.ts'
import type { CallbackRefusal, InboundMessage, RawCallback } from '../provider.ts'
import { readTelnyxEvent } from './event.ts'
import type { TelnyxPublicKey } from './signature.ts'

export async function readTelnyxInbound(
  callback: RawCallback,
  publicKey: TelnyxPublicKey | null,
  now: number,
): Promise<Result<readonly InboundMessage[], CallbackRefusal>> {
  const read = await readTelnyxEvent(callback, publicKey, now)
  if (!read.ok) return read
  const { type, payload } = read.value
  if (type !== 'message.received') return ok([])
  const message = makeInbound({
    id: idAt(payload, 'id'),
    from: textAt(recordAt(payload, 'from') ?? {}, 'phone_number'),
    to: recipient(payload),
    text: anyTextAt(payload, 'text'),
    at: parseInstant(textAt(payload, 'received_at') ?? ''),
    // STOP, START or HELP where it was a word that Telnyx answers by itself; else null.
    isAnswered: textAt(payload, 'autoresponse_type') !== undefined,
  })
  return message ? ok([message]) : err({ reason: 'malformed' })
}

function recipient(payload: JsonRecord): string | undefined {
  const to = listAt(payload, 'to')?.[0]
  return isRecord(to) ? textAt(to, 'phone_number') : undefined
}
