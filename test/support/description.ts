// What the OpenAPI document promises, as a judge of answers and of events out. JSON Schema is ajv's; here
// is only which part of the document an answer falls under. A property that is not described is an error.

import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type {
  Response as Described,
  OpenApiDocument,
  Operation,
  PathItem,
  Reference,
  Schema,
} from '../../src/api/openapi/types.ts'

/** Of the page that shows it: read on a train, and every route adds to it. */
export const DOCS_PAGE_MAX_BYTES = 230_000

export type SeenAnswer = {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export type Description = {
  /** What is wrong with an answer; empty also where the document does not speak of the path. */
  readonly complaintsAbout: (answer: SeenAnswer) => readonly string[]
  readonly complaintsAboutEvent: (event: unknown) => readonly string[]
  /** What is wrong with `value`, each as `pointer: complaint`. */
  readonly violations: (schema: Schema, value: unknown) => readonly string[]
}

const METHODS = ['get', 'put', 'post', 'delete'] as const

export function readDescription(document: OpenApiDocument): Description {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false })
  addFormats.default(ajv)
  ajv.addVocabulary(['x-enumDescriptions', 'discriminator'])
  ajv.addSchema({ $id: 'document', $defs: mapValues(document.components.schemas, forAjv) })

  const compiled = new Map<string, ValidateFunction>()
  const violations = (schema: Schema, value: unknown): readonly string[] => {
    const key = JSON.stringify(schema)
    const validate = compiled.get(key) ?? ajv.compile(forAjv(schema))
    compiled.set(key, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath}: ${message} ${JSON.stringify(params)}`,
    )
  }

  const items = Object.entries(document.paths)
    // `/lock/x` before `/lock/{token}`.
    .sort(([a], [b]) => a.split('{').length - b.split('{').length)
    .map(([template, item]) => ({ matches: matcher(template), item }))

  const complaintsAbout = (answer: SeenAnswer): readonly string[] => {
    const fitting = items.filter(({ matches }) => matches.test(answer.path))
    // `GET /v1/accounts/import` is of an account that is named so.
    const name = answer.method === 'HEAD' ? 'get' : answer.method.toLowerCase()
    const item = (fitting.find((one) => Object.hasOwn(one.item, name)) ?? fitting[0])?.item
    if (!item) return []
    const given = responsesOf(item, answer.method)[answer.status]
    if (!given) return [`status ${answer.status} is not described`]
    return judge(resolve(document, given), answer, violations)
  }
  return {
    violations,
    complaintsAbout,
    complaintsAboutEvent: (event) => {
      const type = isRecord(event) ? String(event.type) : ''
      const media = document.webhooks[type]?.post?.requestBody?.content['application/json']
      return media ? violations(media.schema, event) : [`event ${type} is not described`]
    },
  }
}

function matcher(template: string): RegExp {
  const pattern = template
    .split(/\{\w+\}/)
    .map((part) => part.replace(/[.]/g, '\\.'))
    .join('[^/]+')
  return new RegExp(`^${pattern}$`)
}

/** HEAD is GET without its body. Another method than those described gets what any of them may be refused with. */
function responsesOf(item: PathItem, method: string): Operation['responses'] {
  const name = method === 'HEAD' ? 'get' : method.toLowerCase()
  const known = METHODS.find((one) => one === name)
  const operation = known && item[known]
  if (operation) return operation.responses
  const all = METHODS.flatMap((one) => Object.entries(item[one]?.responses ?? {}))
  return Object.fromEntries(all.filter(([, response]) => '$ref' in response))
}

function resolve(document: OpenApiDocument, response: Described | Reference): Described {
  if (!('$ref' in response)) return response
  const found = document.components.responses[response.$ref.split('/').at(-1) ?? '']
  if (!found) throw new Error(`nothing at ${response.$ref}`)
  return found
}

function judge(
  { headers, content = {} }: Described,
  answer: SeenAnswer,
  violations: Description['violations'],
): readonly string[] {
  const missing = Object.keys(headers ?? {})
    .filter((name) => !answer.headers.has(name))
    .map((name) => `the header ${name} is missing`)
  if (answer.method === 'HEAD') return missing
  const type = answer.headers.get('content-type')?.split(';')[0] ?? ''
  if (Object.keys(content).length === 0) {
    return answer.body === '' ? missing : [...missing, 'a body is not described']
  }
  const media = content[type]
  if (!media) return [...missing, `the type ${type || 'of nothing'} is not described`]
  return [
    ...missing,
    ...valuesIn(type, answer.body).flatMap((value) => violations(media.schema, value)),
  ]
}

/** Of NDJSON, each line is described. */
function valuesIn(type: string, body: string): readonly unknown[] {
  if (type.endsWith('ndjson')) {
    return body.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  }
  return [type.endsWith('json') ? JSON.parse(body) : body]
}

function forAjv(schema: Schema): AnySchemaObject {
  const text = JSON.stringify(closed(schema))
  return JSON.parse(text.replaceAll('"#/components/schemas/', '"document#/$defs/'))
}

/** No property but those described; parts of an `allOf` know some of them only. */
function closed(schema: Schema): Schema {
  const { properties, items, anyOf, oneOf } = schema
  return {
    ...(properties ? { additionalProperties: false } : {}),
    ...schema,
    ...(properties ? { properties: mapValues(properties, closed) } : {}),
    ...(items ? { items: closed(items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(closed) } : {}),
    ...(oneOf ? { oneOf: oneOf.map(closed) } : {}),
  }
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
