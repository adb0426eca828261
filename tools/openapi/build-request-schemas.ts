// The valibot schemas that requests are read with → the JSON Schemas the OpenAPI document shows. Pure.
// A rule that JSON Schema cannot say stops it here, instead of going missing from the document.

import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import type { Schema } from '../../src/api/openapi/types.ts'
import { AccountChangeSchema, LiftSchema, PortalLinkSchema } from '../../src/api/requests.ts'
import { EventSchema } from '../../src/ingest/event.ts'
import { fieldNotes } from './field-notes.ts'

const [LoginSucceededSchema, SessionEndedSchema] = EventSchema.options

const SOURCES: Readonly<Record<string, v.GenericSchema>> = {
  LoginSucceeded: LoginSucceededSchema,
  SessionEnded: SessionEndedSchema,
  AccountChange: AccountChangeSchema,
  PortalLink: PortalLinkSchema,
  HoldLift: LiftSchema,
}

// Rules written as functions, by the message they refuse with.
const CHECKS: Readonly<Record<string, Schema>> = {
  'must be an RFC 3339 instant': { format: 'date-time' },
  'must be plain letters, digits and spaces, as an SMS can show them': {},
  'must be an IPv4 or IPv6 address': { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
}

export function buildRequestSchemas(): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    Object.entries(SOURCES).map(([name, source]) => [name, annotated(name, convert(source))]),
  )
}

function convert(source: v.GenericSchema): Schema {
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
  })
  return simplified(schema as Schema)
}

/** `anyOf` of something and null → the type's own null, where that says the same. */
function simplified(schema: Schema): Schema {
  const { anyOf, properties, required, ...rest } = schema
  const [first, second] = anyOf ?? []
  if (first && second?.type === 'null' && typeof first.type === 'string' && !first.enum) {
    return { ...rest, ...simplified(first), type: [first.type, 'null'] }
  }
  return {
    ...rest,
    ...(anyOf ? { anyOf } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [name, simplified(property)]),
          ),
        }
      : {}),
    ...(required && required.length > 0 ? { required } : {}),
  }
}

function annotated(name: string, schema: Schema): Schema {
  const notes = new Map(Object.entries(fieldNotes[name] ?? {}))
  const result = withNotes(name, schema, '', notes)
  if (notes.size > 0) throw new Error(`${name} has no field ${[...notes.keys()].join(', ')}`)
  return result
}

/** Takes each note it uses out of `notes`. */
function withNotes(
  name: string,
  schema: Schema,
  pointer: string,
  notes: Map<string, string>,
): Schema {
  if (!schema.properties) return schema
  const properties = Object.entries(schema.properties).map(([property, inner]) => {
    const innerPointer = `${pointer}/${property}`
    const description = notes.get(innerPointer)
    if (description === undefined) throw new Error(`${name}${innerPointer} has no note`)
    notes.delete(innerPointer)
    return [property, { description, ...withNotes(name, inner, innerPointer, notes) }]
  })
  return { ...schema, properties: Object.fromEntries(properties) }
}
