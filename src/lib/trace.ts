// W3C Trace Context (Recommendation of 23 November 2021): which trace a webhook belongs to, kept with its login and sent on
// with what follows from it. Read from an unsigned header: it names something of the exchange's, and decides nothing.

import { fromBase64Url, toBase64Url } from './base64.ts'
import type { Ports } from './ports.ts'

/** §3.2: version, trace-id, parent-id, flags. A later version may have more behind them. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const HEADER_MAX_LENGTH = 256
const NOTHING = /^0+$/
const TRACE_ID_BYTES = 16
const SPAN_ID_BYTES = 8
const STORED = /^([A-Za-z0-9_-]{22})([01])$/

/** As it is stored, in 23 characters: the trace and whether it is recorded. Null for what is no header of that kind. */
export function readTraceparent(header: string | undefined): string | null {
  if (header === undefined || header.length > HEADER_MAX_LENGTH) return null
  const [, version, traceId = '', parentId = '', flags = '', more] =
    TRACEPARENT.exec(header.trim()) ?? []
  if (version === undefined || NOTHING.test(traceId) || NOTHING.test(parentId)) return null
  if (version === '00' && more !== undefined) return null
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1
  return `${toBase64Url(fromHex(traceId))}${isSampled ? 1 : 0}`
}

/** The trace-id, for a line of the log; null for what was not stored by us. */
export function traceIdOf(stored: string | null): string | null {
  const [, encoded = ''] = STORED.exec(stored ?? '') ?? []
  const bytes = encoded === '' ? null : fromBase64Url(encoded)
  return bytes?.length === TRACE_ID_BYTES ? toHex(bytes) : null
}

/** For a request of ours within the trace: a span of its own (§4.3). */
export function nextTraceparent(
  random: Ports['randomBytes'],
  stored: string | null,
): string | null {
  const traceId = traceIdOf(stored)
  if (traceId === null) return null
  const isSampled = stored?.endsWith('1') === true
  return `00-${traceId}-${toHex(random(SPAN_ID_BYTES))}-0${isSampled ? 1 : 0}`
}

function fromHex(text: string): Uint8Array {
  const pairs = text.match(/../g) ?? []
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16))
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
