// What a template may say of a message: names in braces, and their values. Knows nothing of the place a
// value goes to: whoever fills a pattern says how values are escaped there.

import { isGsm7 } from '../../lib/gsm7.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { formatInstant, SECOND_MS } from '../../lib/time.ts'
import { clamp, withoutPlus } from '../endpoint.ts'
import type { OutboundMessage } from '../provider.ts'

export const PLACEHOLDERS = [
  'to',
  'to_digits',
  'text',
  'from',
  'from_digits',
  'ref',
  'short_ref',
  'receipt_url',
  'attempt',
  'validity_seconds',
  'validity_minutes',
  'expire_at',
  'encoding',
  'template_id',
  'entity_id',
  'secret',
  'timestamp',
  'timestamp_ms',
  'timestamp_iso',
] as const

/** Known only once the rest of the request is; each has its own places. */
const LATE_PLACEHOLDERS = ['token', 'body', 'signature'] as const

export type Placeholder = (typeof PLACEHOLDERS)[number] | (typeof LATE_PLACEHOLDERS)[number]

const KNOWN: readonly Placeholder[] = [...PLACEHOLDERS, ...LATE_PLACEHOLDERS]

/** Those that can be written as JSON numbers: `{attempt:number}`. */
export const NUMBERS: readonly Placeholder[] = [
  'to_digits',
  'attempt',
  'validity_seconds',
  'validity_minutes',
  'timestamp',
  'timestamp_ms',
]

export type Scalar = string | number | boolean

/** Undefined where the message has no such thing; the field is then left out. */
export type PlaceholderValues = Readonly<Record<Placeholder, Scalar | undefined>>

/** Texts as they are, and placeholders between them. */
export type Pattern = readonly (string | { readonly placeholder: Placeholder })[]

/** `Bearer {secret}` → its parts. Braces that stand for themselves are doubled: `{{`, `}}`. */
export function parsePattern(
  text: string,
  allowed: readonly Placeholder[],
): Result<Pattern, string> {
  const parts: (string | { placeholder: Placeholder })[] = []
  for (const [token, name] of text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    if (name !== undefined) {
      const placeholder = KNOWN.find((known) => known === name)
      if (placeholder === undefined) return err(unknownPlaceholder(name))
      if (!allowed.includes(placeholder)) return err(`cannot have {${placeholder}} here`)
      parts.push({ placeholder })
    } else if (token === '{' || token === '}') {
      return err('has a single brace: one that stands for itself is written twice')
    } else {
      parts.push(token === '{{' || token === '}}' ? token.slice(1) : token)
    }
  }
  return ok(parts)
}

/** Quotes what can be a name; anything else may be a secret in the wrong place. */
function unknownPlaceholder(name: string): string {
  if (/^[a-z_]{1,20}:number$/.test(name)) return `can have {${name}} only alone, in JSON`
  return /^[A-Za-z_ ]{1,20}$/.test(name)
    ? `has no placeholder {${name}}`
    : 'has no such placeholder'
}

/** Undefined where a placeholder has no value. */
export function fillPattern(
  pattern: Pattern,
  values: PlaceholderValues,
  encode: (value: string) => string,
): string | undefined {
  let filled = ''
  for (const part of pattern) {
    if (typeof part === 'string') filled += part
    else {
      const value = values[part.placeholder]
      if (value === undefined) return undefined
      filled += encode(String(value))
    }
  }
  return filled
}

export type ValueRules = {
  readonly validity: { readonly min_seconds: number; readonly max_seconds: number }
  /** What the API calls the two alphabets. */
  readonly encoding?: { readonly gsm7: Scalar; readonly ucs2: Scalar } | undefined
}

export type OwnValues = {
  /** The one to give out, with its key where it has one. */
  readonly receiptUrl: string
  readonly secret: string
  readonly shortRef: string
  /** Of OAuth, where the API asks for one. */
  readonly token: string | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

/** All but what is made of the finished body. */
export function placeholderValues(
  message: OutboundMessage,
  rules: ValueRules,
  own: OwnValues,
): PlaceholderValues {
  const { min_seconds, max_seconds } = rules.validity
  const validitySeconds = clamp(message.validitySeconds, min_seconds, max_seconds)
  // A lone surrogate is no text, and some of the encodings below would throw at it.
  const text = message.text.toWellFormed()
  return {
    to: message.to,
    to_digits: message.to.replace(/\D/g, ''),
    text,
    from: message.from.toWellFormed(),
    from_digits: withoutPlus(message.from).toWellFormed(),
    ref: message.ref,
    short_ref: own.shortRef,
    receipt_url: own.receiptUrl,
    attempt: message.attempt,
    validity_seconds: validitySeconds,
    validity_minutes: Math.ceil(validitySeconds / 60),
    expire_at: formatInstant(own.now + validitySeconds * SECOND_MS),
    encoding: isGsm7(text) ? rules.encoding?.gsm7 : rules.encoding?.ucs2,
    template_id: message.template?.templateId,
    entity_id: message.template?.entityId,
    secret: own.secret,
    timestamp: Math.floor(own.now / SECOND_MS),
    timestamp_ms: own.now,
    timestamp_iso: formatInstant(own.now),
    token: own.token,
    body: undefined,
    signature: undefined,
  }
}
