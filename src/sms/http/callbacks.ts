// Callbacks of an aggregator that a template describes: receipts, and texts that people sent. Each is
// proved by an HMAC over the raw body or, where the aggregator cannot sign, by the key in the URL it was
// given. Reads nothing before that.

import { fromBase64, fromUtf8 } from '../../lib/base64.ts'
import { parseJson } from '../../lib/json.ts'
import { createKeyCache, HMAC_SHA256 } from '../../lib/key-cache.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { DAY_MS, parseInstant, SECOND_MS } from '../../lib/time.ts'
import { makeInbound } from '../inbound-number.ts'
import {
  type JsonPointer,
  joinedTokensAt,
  LONGEST_CODE,
  LONGEST_ID,
  scalarAt,
  tokenAt,
  valueAt,
} from '../json-pointer.ts'
import { isKeyedCallback } from '../keyed-callback.ts'
import type { CallbackRefusal, InboundMessage, RawCallback, Receipt } from '../provider.ts'
import { makeReceipt } from '../receipt.ts'
import { type CodeTable, meaningOf } from '../refusal.ts'
import type { InboundRules, ReceiptRules, SignatureRule } from './template-callbacks.ts'

export type HttpCallbackKey = {
  /** Undefined: the URL is keyed instead. */
  readonly signature: SignatureRule | undefined
  readonly secret: string
  readonly secretBytes: Uint8Array<ArrayBuffer>
}

/** Of a report in Unix time: aggregators keep reports for some days. */
const LONGEST_AGE_MS = 7 * DAY_MS

const importKey = createKeyCache(HMAC_SHA256, ['verify'])

/** `sendClasses` stand in where the rules have no classes of their own; `now` in epoch milliseconds. */
export async function readHttpReceipts(
  callback: RawCallback,
  rules: ReceiptRules,
  key: HttpCallbackKey,
  { now, sendClasses }: { readonly now: number; readonly sendClasses: CodeTable | undefined },
): Promise<Result<readonly Receipt[], CallbackRefusal>> {
  const reports = await readReports(callback, rules, key)
  if (!reports.ok) return reports
  const classes = rules.classes ?? sendClasses ?? new Map()
  return keepReadable(reports.value.map((report) => readReceipt(report, rules, { now, classes })))
}

export async function readHttpInbound(
  callback: RawCallback,
  rules: InboundRules,
  key: HttpCallbackKey,
  now: number,
): Promise<Result<readonly InboundMessage[], CallbackRefusal>> {
  const reports = await readReports(callback, rules, key)
  if (!reports.ok) return reports
  const texts = reports.value.map((report) => {
    const message = makeInbound({
      id: joinedTokensAt(report, rules.id, LONGEST_ID),
      from: scalarAt(report, rules.from),
      to: scalarAt(report, rules.to),
      text: valueAt(report, rules.text) === '' ? '' : scalarAt(report, rules.text),
      at: instantIn(scalarAt(report, rules.at), now),
    })
    return message ?? ('malformed' as const)
  })
  return keepReadable(texts)
}

/** One report that cannot be read shall not cost us the others. */
function keepReadable<T extends object>(
  read: readonly (T | 'malformed' | 'no_news')[],
): Result<readonly T[], CallbackRefusal> {
  const isLost = read.length > 0 && read.every((report) => report === 'malformed')
  if (isLost) return err({ reason: 'malformed' })
  return ok(read.filter((report) => typeof report === 'object'))
}

type CallbackRules = {
  readonly body: 'json' | 'form' | 'query'
  readonly list?: JsonPointer | undefined
}

async function readReports(
  callback: RawCallback,
  rules: CallbackRules,
  key: HttpCallbackKey,
): Promise<Result<readonly unknown[], CallbackRefusal>> {
  const isProved = key.signature
    ? await hasSignature(callback, key.signature, key.secretBytes)
    : await isKeyedCallback(callback, key.secret)
  if (!isProved) return err({ reason: 'unsigned' })
  const text = rules.body === 'query' ? new URL(callback.url).search : fromUtf8(callback.body)
  if (text === null) return err({ reason: 'malformed' })
  const document =
    rules.body === 'json' ? parseJson(text) : Object.fromEntries(new URLSearchParams(text))
  if (rules.list === undefined) return ok([document])
  const list = valueAt(document, rules.list)
  return Array.isArray(list) ? ok(list) : err({ reason: 'malformed' })
}

/** Under an empty secret nothing is signed. `verify` compares in constant time. */
async function hasSignature(
  { headers, body }: RawCallback,
  { header, encoding, prefix }: SignatureRule,
  secret: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const value = headers.get(header)?.trim() ?? ''
  if (secret.length === 0 || !value.startsWith(prefix)) return false
  const text = value.slice(prefix.length)
  const signature = encoding === 'hex' ? fromHex(text) : fromBase64(text)
  if (signature === null) return false
  return crypto.subtle.verify('HMAC', await importKey(secret), signature, body)
}

function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(text)) return null
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}

function readReceipt(
  report: unknown,
  rules: ReceiptRules,
  { now, classes }: { readonly now: number; readonly classes: CodeTable },
): Receipt | 'malformed' | 'no_news' {
  const id = joinedTokensAt(report, rules.id, LONGEST_ID)
  const status = statusOf(report, rules)
  if (id === undefined || status === undefined) return 'malformed'
  const event = eventOf(status, tokenAt(report, rules.code, LONGEST_CODE), rules, classes)
  if (event === null) return 'no_news'
  const at = instantIn(scalarAt(report, rules.at), now)
  return makeReceipt(id, event, scalarAt(report, rules.ref), at)
}

/** A detail that the template knows says more than the status it belongs to. */
function statusOf(report: unknown, { status, detail, statuses }: ReceiptRules): string | undefined {
  const finer = scalarAt(report, detail)
  return finer !== undefined && Object.hasOwn(statuses, finer) ? finer : scalarAt(report, status)
}

/** Null for what is no news, and for a status the template does not know. */
function eventOf(
  status: string,
  code: string | undefined,
  rules: ReceiptRules,
  classes: CodeTable,
): Receipt['event'] | null {
  const word = Object.hasOwn(rules.statuses, status) ? rules.statuses[status] : undefined
  if (word === undefined || word === 'no_news') return null
  if (word === 'sent' || word === 'delivered') return { state: word }
  // Nothing but zeros is "no error": no more than the status says.
  const known = code === undefined || /^0+$/.test(code) ? undefined : code
  return {
    state: 'failed',
    class: meaningOf(classes, known, word).class,
    code: known ?? status.replace(/[^\w.:-]+/g, '_'),
  }
}

/**
 * RFC 3339, or Unix time in seconds or milliseconds, told apart by length. Digits count only near `now`:
 * SMPP's `YYMMDDhhmm` has ten of them too, and no zone.
 */
function instantIn(text: string | undefined, now: number): number | null {
  if (text === undefined) return null
  const digits = /^(?:\d{10}|\d{13})$/.exec(text)
  if (digits === null) return parseInstant(text)
  const at = Number(text) * (text.length === 10 ? SECOND_MS : 1)
  return Math.abs(now - at) <= LONGEST_AGE_MS ? at : null
}
