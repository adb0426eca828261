// A valibot schema → JSON Schema as the OpenAPI document shows it. A rule that JSON Schema cannot say
// stops it here, instead of going missing from the document.

import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'
import type { Response, Schema } from '../../src/api/openapi/types.ts'
import type { HeaderSpec } from '../../src/lib/route-spec.ts'
import { mapValues } from './map-values.ts'

// Rules written as functions, by the message they refuse with.
const CHECKS: Readonly<Record<string, Schema>> = {
  'must be an RFC 3339 instant': { format: 'date-time' },
  'must be plain letters, digits and spaces, as an SMS can show them': {},
  // Its pattern says what can be said.
  'must be base32, 16 to 103 characters': {},
  // A pattern that says so has a lookahead, which not every tool reads.
  'must not be . or ..': {},
}

type Titled = Schema & { readonly title?: string }

/** What is named goes into `components`, once, and a reference stands in its place. */
export function convertSchema(source: GenericSchema, components: Map<string, Schema>): Schema {
  const { $schema, ...schema } = toJsonSchema(source, {
    target: 'draft-2020-12',
    typeMode: 'input',
    overrideAction: ({ valibotAction, jsonSchema }) => {
      // Trimming accepts more than the schema says, never less of what is worth sending.
      if (valibotAction.type === 'trim') return jsonSchema
      if (valibotAction.type !== 'check') return undefined
      const message = 'message' in valibotAction ? valibotAction.message : undefined
      const rule = typeof message === 'string' ? CHECKS[message] : undefined
      if (!rule) throw new Error(`no JSON Schema is known for the check "${String(message)}"`)
      return { ...jsonSchema, ...(rule as object) }
    },
    overrideSchema: ({ valibotSchema: { type }, jsonSchema }) => {
      if (type === 'literal') {
        return { ...jsonSchema, type: jsonSchema.const === true ? 'boolean' : 'string' }
      }
      // Said aloud: the tests take every other object for closed.
      return type === 'loose_object' ? { ...jsonSchema, additionalProperties: true } : undefined
    },
  })
  return tidy(schema as Titled, components)
}

function tidy(schema: Titled, components: Map<string, Schema>): Schema {
  const { title, properties, items, anyOf, oneOf, required, ...rest } = schema
  const inner = (one: Schema) => tidy(one, components)
  const tidied: Schema = {
    ...rest,
    ...(anyOf ? nullable(anyOf.map(inner)) : {}),
    ...(oneOf ? alternatives(oneOf.map(inner), components) : {}),
    ...(items ? { items: inner(items) } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, one]) => [name, inner(one ?? {})]),
          ),
        }
      : {}),
    ...(required && required.length > 0 ? { required } : {}),
  }
  // Said of the field rather than of the schema that may be null there.
  const described = rest.description ? { ...tidied, description: rest.description } : tidied
  return title === undefined ? described : hoist(title, described, components)
}

function hoist(name: string, schema: Schema, components: Map<string, Schema>): Schema {
  const known = components.get(name)
  if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
    throw new Error(`two schemas are named ${name}`)
  }
  components.set(name, schema)
  return { $ref: refTo(name) }
}

export function refTo(name: string): string {
  return `#/components/schemas/${name}`
}

/** `anyOf` of something and null → the type's own null, where that says the same. */
function nullable(options: readonly Schema[]): Schema {
  const [first, second] = options
  if (options.length !== 2 || !first || second?.type !== 'null') return { anyOf: options }
  if (typeof first.type !== 'string' || first.type === 'object') return { anyOf: options }
  return {
    ...first,
    type: [first.type, 'null'],
    ...(first.enum ? { enum: [...first.enum, null] } : {}),
  }
}

/** Named shapes that a constant property tells apart. */
function alternatives(options: readonly Schema[], components: Map<string, Schema>): Schema {
  const shapes = options.map(({ $ref = '' }) => ({
    ref: $ref,
    properties: components.get($ref.slice(refTo('').length))?.properties ?? {},
  }))
  const propertyName = Object.keys(shapes[0]?.properties ?? {}).find((name) =>
    shapes.every(({ properties }) => properties[name]?.const !== undefined),
  )
  if (propertyName === undefined) throw new Error('no constant tells the alternatives apart')
  const mapping = Object.fromEntries(
    shapes.map(({ ref, properties }) => [String(properties[propertyName]?.const), ref]),
  )
  return { oneOf: options, discriminator: { propertyName, mapping } }
}

export function convertHeaders(
  headers: Readonly<Record<string, HeaderSpec>>,
  components: Map<string, Schema>,
): NonNullable<Response['headers']> {
  return mapValues(headers, ({ description, schema }) => ({
    description,
    schema: convertSchema(schema, components),
  }))
}
