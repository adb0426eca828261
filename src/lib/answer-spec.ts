// Small makers of schemas for what we answer, so that the descriptions beside them stay readable. A list
// of words made here names every word of its TypeScript union, or does not compile. Their metadata is what
// the OpenAPI document shows.

import * as v from 'valibot'

/** Shown under this name, and once however often it is used. */
export function named<const Schema extends v.GenericSchema>(name: string, schema: Schema) {
  return v.pipe(schema, v.title(name))
}

/** The same schema with its meaning here, or null. */
export function orNull<const Schema extends v.GenericSchema>(description: string, schema: Schema) {
  return v.pipe(v.nullable(schema), v.description(description))
}

export function text(description: string) {
  return v.pipe(v.string(), v.description(description))
}

export function textOrNull(description: string) {
  return orNull(description, v.string())
}

export function whole(description: string) {
  return v.pipe(v.number(), v.integer(), v.description(description))
}

export function wholeOrNull(description: string) {
  return orNull(description, v.pipe(v.number(), v.integer()))
}

export function flag(description: string) {
  return v.pipe(v.boolean(), v.description(description))
}

export function listOf<const Schema extends v.GenericSchema>(description: string, item: Schema) {
  return v.pipe(v.array(item), v.description(description))
}

/** RFC 3339 in UTC with milliseconds. */
export function instant(description: string) {
  return v.pipe(v.string(), v.isoTimestamp(), v.description(description))
}

export function instantOrNull(description: string) {
  return orNull(description, v.pipe(v.string(), v.isoTimestamp()))
}

/** Every word of a union with its meaning; several viewers know the extension that carries it. */
export function oneWordOf<const Word extends string>(
  description: string,
  words: Readonly<Record<Word, string>>,
) {
  return v.pipe(
    v.picklist(wordsOf(words)),
    v.description(description),
    v.metadata({ 'x-enumDescriptions': words }),
  )
}

export function oneWordOrNull<const Word extends string>(
  description: string,
  words: Readonly<Record<Word, string>>,
) {
  return orNull(description, oneWordOf(description, words))
}

function wordsOf<Word extends string>(words: Readonly<Record<Word, string>>): readonly Word[] {
  return Object.keys(words).filter((word): word is Word => Object.hasOwn(words, word))
}
