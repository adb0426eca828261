// The part of HTTP_TEMPLATE that says how a message is sent.

import * as v from 'valibot'
import { isRecord } from '../json-fields.ts'
import { type JsonTemplate, parseJsonTemplate } from './body.ts'
import { PLACEHOLDERS } from './placeholders.ts'
import { asObject, patternOf, ScalarSchema } from './template-schemas.ts'
import { parseUrlTemplate, type UrlTemplate } from './url.ts'

const LONGEST_VALIDITY_SECONDS = 3 * 24 * 60 * 60
/** Ours to set, or of the connection (RFC 9110 §7.6.1). */
const FORBIDDEN_HEADERS = new Set(
  'host content-length transfer-encoding connection upgrade te trailer cookie'.split(' '),
)

const UrlSchema = v.pipe(
  v.string('must be a text'),
  v.rawTransform<string, UrlTemplate>(({ dataset, addIssue, NEVER }) => {
    const url = parseUrlTemplate(dataset.value)
    if (url.ok) return url.value
    addIssue({ message: url.error })
    return NEVER
  }),
)

/** RFC 9110 §5.1: a token. */
const HeaderName = v.pipe(
  v.string(),
  v.regex(/^[\w!#$%&'*+.^`|~-]{1,64}$/, 'must be the name of a header'),
  v.toLowerCase(),
  v.check((name) => !FORBIDDEN_HEADERS.has(name), 'is not for a template to set'),
)

/** Texts of any language have no place in a header. */
const HeaderValue = v.pipe(
  v.string('must be a text'),
  v.regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'must be printable ASCII'),
  patternOf([
    ...PLACEHOLDERS.filter((name) => !['text', 'from', 'from_digits'].includes(name)),
    'token',
    'signature',
  ]),
)

const JsonSchema = v.pipe(
  v.custom<object>(
    (value) => isRecord(value) || Array.isArray(value),
    'must be an object or a list',
  ),
  v.rawTransform<object, JsonTemplate>(({ dataset, addIssue }) =>
    parseJsonTemplate(dataset.value, (keys, message) => {
      const input = {}
      const path = keys.map((key): v.ObjectPathItem => {
        return { type: 'object', origin: 'value', input, key, value: null }
      })
      const [first, ...rest] = path
      addIssue(first ? { message, path: [first, ...rest] } : { message })
    }),
  ),
)

const Seconds = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be 1 or more'),
  v.maxValue(LONGEST_VALIDITY_SECONDS, `must be at most ${LONGEST_VALIDITY_SECONDS}`),
)

const ValiditySchema = v.pipe(
  asObject({
    min_seconds: v.optional(Seconds, 1),
    max_seconds: v.optional(Seconds, LONGEST_VALIDITY_SECONDS),
  }),
  v.check(
    ({ min_seconds, max_seconds }) => min_seconds <= max_seconds,
    'must not have min_seconds above max_seconds',
  ),
)

/** HMAC-SHA256 over what the API wants proven; `{signature}` stands for it in headers. */
const SignSchema = asObject({
  text: patternOf([...PLACEHOLDERS, 'body']),
  encoding: v.picklist(['hex', 'base64'], 'must be "hex" or "base64"'),
  key: v.optional(v.picklist(['text', 'base64'], 'must be "text" or "base64"'), 'text'),
})

const PlainText = v.pipe(
  v.string('must be a text'),
  v.regex(/^[\x20-\x7e]{1,200}$/, 'must be 1–200 characters of printable ASCII'),
)

/** RFC 6749 section 4.4; the client's secret is the setting. */
const OAuthSchema = asObject({
  url: v.pipe(
    UrlSchema,
    v.check(
      ({ path, query }) => [path, ...query].flat().every((part) => typeof part === 'string'),
      'cannot have a placeholder',
    ),
  ),
  client_id: PlainText,
  client_in: v.optional(v.picklist(['header', 'form'], 'must be "header" or "form"'), 'header'),
  form: v.optional(v.record(v.string(), PlainText, 'must be an object'), {}),
})

export type SignRule = v.InferOutput<typeof SignSchema>
export type OAuthRule = v.InferOutput<typeof OAuthSchema>

export const RequestSchema = asObject({
  url: UrlSchema,
  headers: v.optional(v.record(HeaderName, HeaderValue, 'must be an object'), {}),
  basic_auth: v.optional(
    asObject({
      user: v.pipe(
        v.string('must be a text'),
        v.regex(/^[^:]*$/, 'must have no colon (RFC 7617)'),
        patternOf(['secret']),
      ),
      password: patternOf(['secret']),
    }),
  ),
  json: v.optional(JsonSchema),
  form: v.optional(v.record(v.string(), patternOf(PLACEHOLDERS), 'must be an object')),
  validity: v.optional(ValiditySchema, {}),
  encoding: v.optional(asObject({ gsm7: ScalarSchema, ucs2: ScalarSchema })),
  sign: v.optional(SignSchema),
  oauth: v.optional(OAuthSchema),
})

export type RequestTemplate = v.InferOutput<typeof RequestSchema>
