// All sentences of a language in one list.

import type { Language } from '../../../src/words/language.ts'

/** By the path of each: `lock.effects`. */
export function sentencesOf({
  alert,
  notice,
  lock,
  portal,
  coolingOff,
}: Language): Readonly<Record<string, string>> {
  return Object.fromEntries(entriesOf({ alert, notice, lock, portal, coolingOff }, ''))
}

function entriesOf(words: object, path: string): readonly (readonly [string, string])[] {
  return Object.entries(words).flatMap(([key, value]) => {
    if (typeof value === 'string') return [[`${path}${key}`, value] as const]
    return Array.isArray(value) ? [] : entriesOf(Object(value), `${path}${key}.`)
  })
}
