// Bodies of a route's declaration, by media type.

import type { GenericSchema } from 'valibot'
import type { AnswerSpec, BodySpec, Example } from './route-spec.ts'

type Examples = Readonly<Record<string, Example>>

export function jsonBody(schema: GenericSchema, examples: Examples = {}): BodySpec {
  return { mediaType: 'application/json', schema, examples }
}

export function formBody(schema: GenericSchema, examples: Examples): BodySpec {
  return { mediaType: 'application/x-www-form-urlencoded', schema, examples }
}

export function jsonAnswer(
  description: string,
  schema: GenericSchema,
  examples: Examples = {},
): AnswerSpec {
  return { description, body: jsonBody(schema, examples) }
}

/** Lines of JSON: what is said is said of each. */
export function linesBody(schema: GenericSchema, examples: Examples = {}): BodySpec {
  return { mediaType: 'application/x-ndjson', schema, examples }
}

/** A page for people, in the language of their browser. */
export function pageAnswer(description: string): AnswerSpec {
  return {
    description,
    body: { mediaType: 'text/html', schema: null, examples: {} },
  }
}
