// Small makers of schemas, so that the descriptions beside them stay readable. Pure; an enum made here
// names every word of its TypeScript union, or does not compile.

import type { Schema } from './types.ts'

/** By name; a test finds one that is not there. */
export function schemaRef(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

/** An object of which every property is always there: all our answers are of this kind. */
export function objectOf(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties) }
}

export function text(description: string): Schema {
  return { type: 'string', description }
}

export function textOrNull(description: string): Schema {
  return { type: ['string', 'null'], description }
}

export function whole(description: string): Schema {
  return { type: 'integer', description }
}

export function flag(description: string): Schema {
  return { type: 'boolean', description }
}

/** RFC 3339 in UTC with milliseconds. */
export function instant(description: string): Schema {
  return { type: 'string', format: 'date-time', description }
}

export function instantOrNull(description: string): Schema {
  return { type: ['string', 'null'], format: 'date-time', description }
}

/** Every word of a union with its meaning. */
export function oneWordOf<Word extends string>(
  description: string,
  words: Readonly<Record<Word, string>>,
): Schema {
  const type = 'string'
  return { type, description, enum: Object.keys(words), 'x-enumDescriptions': words }
}

export function oneWordOrNull<Word extends string>(
  description: string,
  words: Readonly<Record<Word, string>>,
): Schema {
  const type = ['string', 'null'] as const
  return { type, description, enum: [...Object.keys(words), null], 'x-enumDescriptions': words }
}
