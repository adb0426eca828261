// What Telnyx posts, receipts and texts alike: one signed event with a type and a payload. Source:
// https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks

import { fromUtf8 } from '../../lib/base64.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { type JsonRecord, parseRecord, recordAt, textAt } from '../json-fields.ts'
import type { CallbackRefusal, RawCallback } from '../provider.ts'
import { type TelnyxPublicKey, verifyTelnyxCallback } from './signature.ts'

export type TelnyxEvent = {
  /** `message.finalized`, `message.received` … */
  readonly type: string
  readonly data: JsonRecord
  /** Empty where the event has none. */
  readonly payload: JsonRecord
}

export async function readTelnyxEvent(
  callback: RawCallback,
  publicKey: TelnyxPublicKey | null,
  now: number,
): Promise<Result<TelnyxEvent, CallbackRefusal>> {
  const verified = await verifyTelnyxCallback(callback, publicKey, now)
  if (!verified.ok) return verified
  const data = recordAt(parseRecord(fromUtf8(callback.body) ?? '') ?? {}, 'data') ?? {}
  const type = textAt(data, 'event_type')
  if (type === undefined) return err({ reason: 'malformed' })
  return ok({ type, data, payload: recordAt(data, 'payload') ?? {} })
}
