// Delivery reports of Infobip SMS v3: up to 100 results in one request. Reports asked for per message
// carry no signature of Infobip's, so the URL we give out carries a key that only we can make.
// Source: Infobip's OpenAPI (SMS, webhook "receive-outbound-sms-message-reports-v3").

import { fromUtf8 } from '../../lib/base64.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { parseInstant } from '../../lib/time.ts'
import {
  countAt,
  idAt,
  isRecord,
  type JsonRecord,
  listAt,
  parseRecord,
  recordAt,
  textAt,
} from '../json-fields.ts'
import { isKeyedCallback } from '../keyed-callback.ts'
import type { CallbackRefusal, RawCallback, Receipt } from '../provider.ts'
import { makeReceipt } from '../receipt.ts'
import type { Meaning } from '../refusal.ts'
import { INFOBIP_ERRORS, INFOBIP_STATUSES } from './codes.ts'

/**
 * Refuses what does not carry the key of the ref in its path. A subscription may add Basic
 * credentials; where they come, their password must be the secret. The body is not covered by any
 * of this: every ref it names is authenticated by itself, by whoever takes the receipts.
 */
export async function readInfobipReceipts(
  callback: RawCallback,
  secret: string,
): Promise<Result<readonly Receipt[], CallbackRefusal>> {
  if (!(await isKeyedCallback(callback, secret))) return err({ reason: 'unsigned' })

  const results = listAt(parseRecord(fromUtf8(callback.body) ?? '') ?? {}, 'results')
  if (results === undefined) return err({ reason: 'malformed' })
  // One result that cannot be read shall not cost us the other ninety-nine.
  const readable = results.map(readResult).filter((receipt) => receipt !== 'malformed')
  if (readable.length === 0 && results.length > 0) return err({ reason: 'malformed' })
  return ok(readable.filter((receipt) => receipt !== 'no_news'))
}

/** The class and code of a message that Infobip gave up: the error's word, else the status's. */
export function infobipFailure(
  status: JsonRecord,
  error: JsonRecord | undefined,
): Meaning & { readonly code: string } {
  const errorId = error === undefined ? undefined : (countAt(error, 'id') ?? 0)
  const statusId = countAt(status, 'id') ?? 0
  const ofError = INFOBIP_ERRORS.get(String(errorId))
  if (ofError !== undefined) return { ...ofError, code: `error_${errorId}` }
  const ofStatus = INFOBIP_STATUSES.get(String(statusId))
  if (ofStatus !== undefined) return { ...ofStatus, code: `status_${statusId}` }
  const code = errorId ? `error_${errorId}` : `status_${statusId}`
  return { class: classOfGroup(textAt(status, 'groupName') ?? '', error ?? {}), code }
}

function classOfGroup(groupName: string, error: JsonRecord): Meaning['class'] {
  if (groupName === 'EXPIRED') return 'expired'
  if (groupName !== 'UNDELIVERABLE') return 'unclear'
  // Group 1 is the handset, whatever its errors are called; operators and accounts may not hold elsewhere.
  const isHandset = error.permanent !== true || countAt(error, 'groupId') === 1
  return isHandset ? 'recipient_temporary' : 'unclear'
}

function readResult(result: unknown): Receipt | 'no_news' | 'malformed' {
  if (!isRecord(result)) return 'malformed'
  const status = recordAt(result, 'status')
  const messageId = idAt(result, 'messageId')
  if (status === undefined || messageId === undefined) return 'malformed'
  const event = eventOf(status, recordAt(result, 'error'))
  if (event === null) return 'no_news'
  // The message id is one we chose, and it is the ref as well.
  const ref = textAt(result, 'callbackData') ?? messageId
  return makeReceipt(messageId, event, ref, instantAt(result, 'doneAt'))
}

function eventOf(status: JsonRecord, error: JsonRecord | undefined): Receipt['event'] | null {
  const groupName = textAt(status, 'groupName') ?? ''
  const id = countAt(status, 'id')
  // Of the group DELIVERED only 5 speaks of the handset; 2 is the operator's word for itself.
  if (groupName === 'DELIVERED') return { state: id === 5 ? 'delivered' : 'sent' }
  // 3 and 7: handed to the operator. 26 is only accepted, which the send has told us.
  if (groupName === 'PENDING') return id === 3 || id === 7 ? { state: 'sent' } : null
  if (!['UNDELIVERABLE', 'EXPIRED', 'REJECTED'].includes(groupName)) return null
  const { class: failureClass, code } = infobipFailure(status, error)
  return { state: 'failed', class: failureClass, code }
}

/** They write the zone without its colon: `2026-11-23T16:00:00.000+0100`. */
export function instantAt(result: JsonRecord, name: string): number | null {
  const text = textAt(result, name) ?? ''
  return parseInstant(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
}
