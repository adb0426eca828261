// Texts that people sent to a Telnyx number: the event `message.received`, signed as receipts are.
// Sources: https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks and, on opt-outs,
// https://developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out

import { fromUtf8 } from '../../lib/base64.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { parseInstant } from '../../lib/time.ts'
import { makeInbound } from './inbound-number.ts'
import {
  anyTextAt,
  idAt,
  isRecord,
  type JsonRecord,
  listAt,
  parseRecord,
  recordAt,
  textAt,
} from './json-fields.ts'
import type { CallbackRefusal, InboundMessage, RawCallback } from './provider.ts'
import { type TelnyxPublicKey, verifyTelnyxCallback } from './telnyx-signature.ts'

export async function readTelnyxInbound(
  callback: RawCallback,
  publicKey: TelnyxPublicKey | null,
  now: number,
): Promise<Result<readonly InboundMessage[], CallbackRefusal>> {
  const verified = await verifyTelnyxCallback(callback, publicKey, now)
  if (!verified.ok) return verified
  const data = recordAt(parseRecord(fromUtf8(callback.body) ?? '') ?? {}, 'data') ?? {}
  const type = textAt(data, 'event_type')
  if (type === undefined) return err({ reason: 'malformed' })
  if (type !== 'message.received') return ok([])
  const payload = recordAt(data, 'payload') ?? {}
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
