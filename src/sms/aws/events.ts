// Events of texts we sent, as AWS publishes them to the event destination of a configuration set.
// Sources: https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html,
// …/configuration-sets-event-format.html

import { err, ok, type Result } from '../../lib/result.ts'
import { countAt, idAt, type JsonRecord, parseRecord, recordAt, textAt } from '../json-fields.ts'
import type { FailureClass } from '../outcome-classes.ts'
import type { CallbackRefusal, Receipt } from '../provider.ts'
import { makeReceipt } from '../receipt.ts'
import type { SnsNotification } from './sns.ts'

/** By `eventType`. One that is missing here is no news: still on its way, or of a voice message. */
const EVENTS: ReadonlyMap<string, 'sent' | 'delivered' | FailureClass> = new Map<
  string,
  'sent' | 'delivered' | FailureClass
>([
  // The recipient's carrier took it. In some countries they say this of what was delivered, too.
  ['TEXT_SUCCESSFUL', 'sent'],
  ['TEXT_DELIVERED', 'delivered'],
  ['TEXT_INVALID', 'recipient_permanent'],
  // The device is off or away; the carrier has a fault that will pass.
  ['TEXT_UNREACHABLE', 'recipient_temporary'],
  ['TEXT_CARRIER_UNREACHABLE', 'recipient_temporary'],
  // Device or carrier take nothing for this recipient: their own wish, a filter's, or for now. It does not say.
  ['TEXT_BLOCKED', 'unclear'],
  ['TEXT_INVALID_MESSAGE', 'message_rejected'],
  ['TEXT_CARRIER_BLOCKED', 'unclear'],
  ['TEXT_SPAM', 'message_rejected'],
  // A protect configuration of the account's own.
  ['TEXT_PROTECT_BLOCKED', 'provider_config'],
  ['TEXT_TTL_EXPIRED', 'expired'],
  // An error nobody named, or 72 hours without a last word.
  ['TEXT_UNKNOWN', 'ambiguous'],
])

export function readAwsEvent({
  message,
}: SnsNotification): Result<readonly Receipt[], CallbackRefusal> {
  const published = parseRecord(message) ?? {}
  const type = textAt(published, 'eventType')
  // A text to us: one topic may carry both.
  if (type === undefined && idAt(published, 'inboundMessageId') !== undefined) return ok([])
  if (type === undefined) return MALFORMED
  const meaning = EVENTS.get(type)
  if (meaning === undefined) return ok([])

  const id = idAt(published, 'messageId')
  if (id === undefined) return MALFORMED
  const event: Receipt['event'] =
    meaning === 'sent' || meaning === 'delivered'
      ? { state: meaning }
      : { state: 'failed', class: meaning, code: type }
  const ref = textAt(recordAt(published, 'context') ?? {}, 'ref')
  return ok([makeReceipt(id, event, ref, instantAt(published))])
}

/** They write epoch milliseconds; null for what is none, or lies beyond the year 5000. */
function instantAt(published: JsonRecord): number | null {
  const at = countAt(published, 'eventTimestamp')
  return at !== undefined && at < 1e14 ? at : null
}

const MALFORMED = err({ reason: 'malformed' } as const)
