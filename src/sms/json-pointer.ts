// JSON Pointer (RFC 6901): where in a document of somebody else's a value stands. Total: what a pointer
// does not lead to is undefined.

import { isRecord } from './json-fields.ts'

/** The reference tokens, unescaped; none for the whole document. */
export type JsonPointer = readonly string[]

/** Null for what is no pointer: each token follows a slash, and `~` stands only as `~0` or `~1` (§3). */
export function parseJsonPointer(text: string): JsonPointer | null {
  if (text === '') return []
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return null
  // In this order, so that `~01` becomes `~1` and not a slash (§4).
  const plain = (token: string) => token.replaceAll('~1', '/').replaceAll('~0', '~')
  return text.slice(1).split('/').map(plain)
}

/** The value at `pointer`; own members only, list places without leading zeros, no `-` (§4). */
export function valueAt(document: unknown, pointer: JsonPointer): unknown {
  let value = document
  for (const token of pointer) {
    if (Array.isArray(value) && /^(?:0|[1-9]\d*)$/.test(token)) value = value[Number(token)]
    else if (isRecord(value) && Object.hasOwn(value, token)) value = value[token]
    else return undefined
  }
  return value
}

/**
 * A text, number or truth value as text, so that `0` and `"0"` are one: documents of aggregators
 * mix them. Undefined for lists, objects, null and the empty text.
 */
export function scalarAt(document: unknown, pointer: JsonPointer | undefined): string | undefined {
  const value = pointer === undefined ? undefined : valueAt(document, pointer)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** An id or a code: a short token, never prose, which may hold a phone number. */
export function tokenAt(
  document: unknown,
  pointer: JsonPointer | undefined,
  longest: number,
): string | undefined {
  const text = scalarAt(document, pointer)
  return text !== undefined && text.length <= longest && /^[\w.:-]+$/.test(text) ? text : undefined
}

/** The token at the first of `pointers` that leads to one other than the zeros of "no error". */
export function firstTokenAt(
  document: unknown,
  pointers: readonly JsonPointer[],
  longest: number,
): string | undefined {
  const [only, ...others] = pointers
  if (others.length === 0) return tokenAt(document, only, longest)
  const tokens = pointers.map((pointer) => tokenAt(document, pointer, longest))
  return tokens.find((token) => token !== undefined && !/^0+$/.test(token))
}

/** The tokens at all of `pointers`, with dots between them. */
export function joinedTokensAt(
  document: unknown,
  pointers: readonly JsonPointer[],
  longest: number,
): string | undefined {
  const tokens = pointers.map((pointer) => tokenAt(document, pointer, longest))
  const joined = tokens.join('.')
  return tokens.includes(undefined) || joined.length > longest ? undefined : joined
}

export const LONGEST_ID = 200
export const LONGEST_CODE = 64
