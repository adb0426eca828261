// A JSON Schema validator for exactly the keywords our document uses. A keyword it does not know is an
// error, so that no rule passes unchecked. With `closed`, unknown properties are errors as well.

import type { OpenApiDocument, Schema } from '../../../src/api/openapi/types.ts'
import { parseInstant } from '../../../src/lib/time.ts'
import { parseIpAddress } from '../../../src/place/ip-address.ts'

const KNOWN = new Set(
  [
    '$ref type description format pattern minLength maxLength minimum maximum default const enum',
    'x-enumDescriptions properties required items anyOf allOf oneOf discriminator',
  ].flatMap((line) => line.split(' ')),
)

type Rules = { readonly document: OpenApiDocument; readonly closed: boolean }

/** What is wrong with `value`, each as `pointer: complaint`; empty when it fits. */
export function violations(
  document: OpenApiDocument,
  schema: Schema,
  value: unknown,
  options: { readonly closed: boolean } = { closed: true },
): readonly string[] {
  return check({ document, ...options }, schema, value, '')
}

function check(rules: Rules, schema: Schema, value: unknown, at: string): readonly string[] {
  const unknown = Object.keys(schema).filter((keyword) => !KNOWN.has(keyword))
  if (unknown.length > 0) return [`${at}: unknown keywords ${unknown.join(' ')}`]
  if (schema.$ref !== undefined) {
    const found = lookUp(rules.document, schema.$ref)
    return found ? check(rules, found as Schema, value, at) : [`${at}: no ${schema.$ref}`]
  }
  const failing = (all: readonly Schema[] | undefined) =>
    (all ?? []).filter((one) => check(rules, one, value, at).length > 0).length
  const count = schema.oneOf?.length ?? 0
  return [
    ...(schema.type === undefined || [schema.type].flat().some((type) => isOfType(value, type))
      ? []
      : [`${at}: is not ${String(schema.type)}`]),
    ...('const' in schema && value !== schema.const ? [`${at}: is not the constant`] : []),
    ...(schema.enum && !schema.enum.includes(value) ? [`${at}: is not in the enum`] : []),
    ...(schema.anyOf && failing(schema.anyOf) === schema.anyOf.length ? [`${at}: fits none`] : []),
    ...(schema.oneOf && failing(schema.oneOf) !== count - 1 ? [`${at}: fits not one`] : []),
    // Parts of an allOf are open: each knows some of the properties only.
    ...(schema.allOf ?? []).flatMap((one) => check({ ...rules, closed: false }, one, value, at)),
    ...(typeof value === 'string' ? checkText(schema, value, at) : []),
    ...(typeof value === 'number' ? checkNumber(schema, value, at) : []),
    ...(Array.isArray(value)
      ? value.flatMap((item, index) => check(rules, schema.items ?? {}, item, `${at}/${index}`))
      : []),
    ...(isRecord(value) ? checkObject(rules, schema, value, at) : []),
  ]
}

function checkObject(
  rules: Rules,
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  at: string,
): readonly string[] {
  const { properties } = schema
  return [
    ...(schema.required ?? [])
      .filter((key) => !(key in value))
      .map((key) => `${at}/${key}: missing`),
    ...Object.entries(value).flatMap(([key, inner]) => {
      const property = properties?.[key]
      if (property) return check(rules, property, inner, `${at}/${key}`)
      return rules.closed && properties ? [`${at}/${key}: is not described`] : []
    }),
  ]
}

function checkText(schema: Schema, value: string, at: string): readonly string[] {
  return [
    ...(value.length < (schema.minLength ?? 0) ? [`${at}: too short`] : []),
    ...(value.length > (schema.maxLength ?? Infinity) ? [`${at}: too long`] : []),
    ...(schema.pattern && !new RegExp(schema.pattern, 'u').test(value) ? [`${at}: pattern`] : []),
    ...(schema.format === undefined || hasFormat(value, schema.format) ? [] : [`${at}: format`]),
  ]
}

function checkNumber(schema: Schema, value: number, at: string): readonly string[] {
  const isInside = value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity)
  return isInside ? [] : [`${at}: out of range`]
}

function hasFormat(value: string, format: string): boolean {
  if (format === 'date-time') return parseInstant(value) !== null
  if (format === 'ipv4') return parseIpAddress(value) !== null && !value.includes(':')
  if (format === 'ipv6') return parseIpAddress(value) !== null && value.includes(':')
  throw new Error(`unknown format ${format}`)
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return isRecord(value)
  return typeof value === type
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a `#/…` reference leads to, or undefined. */
export function lookUp(document: OpenApiDocument, ref: string): unknown {
  const keys = ref.startsWith('#/') ? ref.slice(2).split('/') : []
  if (keys.length === 0) return undefined
  let found: unknown = document
  for (const key of keys)
    found = isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined
  return found
}
