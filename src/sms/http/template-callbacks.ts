// The parts of HTTP_TEMPLATE that say what comes back: receipts, texts that people send, and how both are proved; and the
// codes' classes, which the answers to requests have too.

import * as v from 'valibot'
import type { CodeTable, Meaning } from '../refusal.ts'
import { asObject, FailureWord, PointerSchema, PointersSchema } from './template-schemas.ts'

const CODE = /^[\w.:-]{1,64}$/

export const ClassesSchema = v.pipe(
  v.record(
    v.pipe(v.string(), v.regex(CODE, 'must be a code: 1–64 of [A-Za-z0-9_.:-]')),
    FailureWord,
    'must be an object',
  ),
  v.transform((words): CodeTable => new Map(Object.entries(words).map(toMeaning))),
)

function toMeaning([code, word]: [string, v.InferOutput<typeof FailureWord>]): [string, Meaning] {
  return word === 'provider_config:country'
    ? [code, { class: 'provider_config', scope: 'country' }]
    : [code, { class: word }]
}

const StatusesSchema = v.record(
  v.pipe(v.string(), v.regex(/^[^\p{C}]{1,64}$/u, 'must be a status: 1–64 characters')),
  v.picklist(
    ['sent', 'delivered', 'no_news', ...FailureWord.options.filter(isPlainClass)],
    'must be sent, delivered, no_news or a failure class',
  ),
  'must be an object',
)

function isPlainClass(
  word: v.InferOutput<typeof FailureWord>,
): word is Exclude<v.InferOutput<typeof FailureWord>, 'provider_config:country'> {
  return word !== 'provider_config:country'
}

const CALLBACK = {
  body: v.optional(
    v.picklist(['json', 'form', 'query'], 'must be "json", "form" or "query"'),
    'json',
  ),
  list: v.optional(PointerSchema),
  id: PointersSchema,
  at: v.optional(PointerSchema),
}

export const ReceiptsSchema = asObject({
  ...CALLBACK,
  ref: v.optional(PointerSchema),
  by_id: v.optional(v.boolean('must be true or false'), false),
  status: PointerSchema,
  detail: v.optional(PointerSchema),
  code: v.optional(PointerSchema),
  statuses: StatusesSchema,
  classes: v.optional(ClassesSchema),
})

export const InboundSchema = asObject({
  ...CALLBACK,
  from: PointerSchema,
  to: PointerSchema,
  text: PointerSchema,
})

export const SignatureSchema = asObject({
  header: v.pipe(
    v.string('must be a text'),
    v.regex(/^[\w!#$%&'*+.^`|~-]{1,64}$/, 'must be the name of a header'),
  ),
  encoding: v.picklist(['hex', 'base64'], 'must be "hex" or "base64"'),
  prefix: v.optional(v.pipe(v.string('must be a text'), v.maxLength(32, 'is too long')), ''),
})

export type SignatureRule = v.InferOutput<typeof SignatureSchema>
export type ReceiptRules = v.InferOutput<typeof ReceiptsSchema>
export type InboundRules = v.InferOutput<typeof InboundSchema>
