// HTTP_TEMPLATE, parsed once: what a local aggregator is told, and what its answers and callbacks mean.
// Names every mistake and where it is; refuses what would only be noticed when an alert is due.
// The format is described in docs/http-provider.md.

import * as v from 'valibot'
import { toFieldErrors } from '../../lib/fields.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { placeholdersOf, placeholdersOfJson } from './body.ts'
import type { Placeholder } from './placeholders.ts'
import {
  ClassesSchema,
  InboundSchema,
  ReceiptsSchema,
  SignatureSchema,
} from './template-callbacks.ts'
import { RequestSchema, type RequestTemplate } from './template-request.ts'
import { asObject, PointerSchema, PointersSchema, ScalarSchema } from './template-schemas.ts'
import { namesOf, parseTextPattern, type TextPattern } from './text-answer.ts'

const StatusRange = v.pipe(
  v.string('must be a text'),
  v.regex(/^2\d\d(?:-2\d\d)?$/, 'must be a 2xx status or a range of them, such as 200-202'),
  v.transform((text) => {
    const [first = '', last = first] = text.split('-')
    return { first: Number(first), last: Number(last) }
  }),
  v.check(({ first, last }) => first <= last, 'must begin with its lower end'),
)

const AcceptedSchema = asObject({
  status: v.optional(StatusRange, '200-299'),
  pointer: v.optional(PointerSchema),
  values: v.optional(
    v.pipe(
      v.array(ScalarSchema, 'must be a list'),
      v.minLength(1, 'must not be empty'),
      v.transform((values): ReadonlySet<string> => new Set(values.map(String))),
    ),
  ),
})

const AnswerSchema = v.pipe(
  v.array(
    v.pipe(
      v.string('must be a text'),
      v.rawTransform<string, TextPattern>(({ dataset, addIssue, NEVER }) => {
        const pattern = parseTextPattern(dataset.value)
        if (pattern.ok) return pattern.value
        addIssue({ message: pattern.error })
        return NEVER
      }),
    ),
    'must be a list',
  ),
  v.minLength(1, 'must not be empty'),
  v.maxLength(8, 'must have at most 8 patterns'),
)

const TemplateSchema = asObject({
  /** For whoever reads the template. */
  about: v.optional(v.unknown()),
  request: RequestSchema,
  answer: v.optional(AnswerSchema),
  accepted: v.optional(AcceptedSchema, {}),
  message_id: PointerSchema,
  segments: v.optional(PointerSchema),
  errors: v.optional(asObject({ code: PointersSchema, classes: v.optional(ClassesSchema, {}) })),
  signature: v.optional(SignatureSchema),
  receipts: v.optional(ReceiptsSchema),
  inbound: v.optional(InboundSchema),
  acknowledge: v.optional(v.picklist([200, 204], 'must be 200 or 204'), 204),
})

export type HttpTemplate = v.InferOutput<typeof TemplateSchema>

/** @param setting JSON text, or what such a text says. The errors are whole sentences' ends. */
export function parseHttpTemplate(setting: unknown): Result<HttpTemplate, readonly string[]> {
  const document = typeof setting === 'string' ? parseJson(setting) : ok(setting)
  if (!document.ok) return err([document.error])
  const parsed = v.safeParse(TemplateSchema, document.value)
  const problems = parsed.success
    ? contradictions(parsed.output)
    : toFieldErrors(parsed.issues).map(
        ({ pointer, detail }) => `${pointer === '' ? '' : `at ${pointer} `}${detail}`,
      )
  return parsed.success && problems.length === 0 ? ok(parsed.output) : err(problems)
}

/** The placeholders that anything in the request has. */
export function usedPlaceholders(request: RequestTemplate): ReadonlySet<Placeholder> {
  const { url, headers, basic_auth, json, form, sign, oauth } = request
  const patterns = [
    url.path,
    ...url.query,
    ...Object.values(headers),
    ...Object.values(form ?? {}),
    ...(basic_auth ? [basic_auth.user, basic_auth.password] : []),
    ...(sign ? [sign.text] : []),
  ]
  // Both are made of the secret, whether or not it stands anywhere.
  const own: readonly Placeholder[] = sign || oauth ? ['secret'] : []
  return new Set([
    ...own,
    ...patterns.flatMap(placeholdersOf),
    ...(json ? placeholdersOfJson(json) : []),
  ])
}

/** What is right by itself and cannot work together. */
function contradictions(template: HttpTemplate): readonly string[] {
  const { request, accepted, receipts, inbound, signature } = template
  const used = usedPlaceholders(request)
  const isGiven = (value: unknown) => value !== undefined
  const rules: readonly (readonly [isBroken: boolean, problem: string])[] = [
    [!used.has('to') && !used.has('to_digits'), 'at /request needs {to} or {to_digits}'],
    [!used.has('text'), 'at /request needs {text}'],
    [request.json !== undefined && isGiven(request.form), 'at /request has json and form'],
    [
      isGiven(request.basic_auth) && 'authorization' in request.headers,
      'at /request has basic_auth and an authorization header',
    ],
    [
      used.has('encoding') !== isGiven(request.encoding),
      'at /request needs both {encoding} and encoding, or neither',
    ],
    [
      isGiven(accepted.pointer) !== isGiven(accepted.values),
      'at /accepted needs pointer and values',
    ],
    [
      used.has('receipt_url') && !receipts,
      'at /request gives out {receipt_url}, but receipts are not described',
    ],
    [
      isGiven(receipts) && !isGiven(receipts?.ref) && !used.has('receipt_url') && !receipts?.by_id,
      'at /receipts needs {receipt_url} in the request, or {ref} there and ref here, or by_id',
    ],
    [
      receipts?.by_id === true && (isGiven(receipts.ref) || used.has('receipt_url')),
      'at /receipts/by_id is for where there is neither ref nor {receipt_url}',
    ],
    [
      isGiven(signature) && [receipts, inbound].some((rules) => rules?.body === 'query'),
      'at /signature cannot prove a query: leave it out, and the URL has a key',
    ],
    [
      used.has('signature') !== isGiven(request.sign),
      'at /request needs both {signature} and sign, or neither',
    ],
    [
      used.has('token') !== isGiven(request.oauth),
      'at /request needs both {token} and oauth, or neither',
    ],
    [isGiven(receipts?.ref) && !used.has('ref'), 'at /receipts/ref needs {ref} in the request'],
    [isGiven(signature) && !receipts && !inbound, 'at /signature needs receipts or inbound'],
  ]
  return [
    ...rules.filter(([isBroken]) => isBroken).map(([, problem]) => problem),
    ...strayPointers(template),
  ]
}

/** Of an answer in text there is only what its patterns name. */
function strayPointers({ answer, accepted, message_id, segments, errors }: HttpTemplate) {
  if (!answer) return []
  const names = new Set(answer.flatMap(namesOf))
  const pointers = {
    '/accepted/pointer': [accepted.pointer],
    '/message_id': [message_id],
    '/segments': [segments],
    '/errors/code': errors?.code ?? [],
  }
  return Object.entries(pointers).flatMap(([place, given]) => {
    const isNamed = given.every(
      (pointer) => pointer === undefined || (pointer.length === 1 && names.has(pointer[0] ?? '')),
    )
    return isNamed ? [] : [`at ${place} must be / and a name in answer`]
  })
}

/** The parser's own words quote the text; the place in it is enough. */
function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text))
  } catch (error) {
    const place = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    return err(place === undefined ? 'is not JSON' : `is not JSON from character ${place} on`)
  }
}
