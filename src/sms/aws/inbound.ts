// Texts that people sent to a two-way number of AWS, as it publishes them to an SNS topic. Source:
// https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html

import { err, ok, type Result } from '../../lib/result.ts'
import { makeInbound } from '../inbound-number.ts'
import { idAt, parseRecord, textAt } from '../json-fields.ts'
import type { CallbackRefusal, InboundMessage } from '../provider.ts'
import type { SnsNotification } from './sns.ts'

export function readAwsInbound({
  message,
  publishedAt,
}: SnsNotification): Result<readonly InboundMessage[], CallbackRefusal> {
  const published = parseRecord(message) ?? {}
  // An event of a text we sent: one topic may carry both.
  if (textAt(published, 'eventType') !== undefined) return ok([])
  const inbound = makeInbound({
    id: idAt(published, 'inboundMessageId'),
    from: textAt(published, 'originationNumber'),
    to: textAt(published, 'destinationNumber'),
    text: textAt(published, 'messageBody') ?? '',
    // The payload has no instant of its own.
    at: publishedAt,
    // STOP and HELP that AWS answers itself it does not publish:
    // https://docs.aws.amazon.com/sms-voice/latest/userguide/opt-out-list-self-managed.html
    isAnswered: false,
  })
  return inbound ? ok([inbound]) : err({ reason: 'malformed' })
}
