// The languages a browser looks at: one of each kind of script and direction, and those whose words would
// break a narrow screen first. All others have the same pages with other words: test/worker/page-languages.

import type { Language } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages.ts'

const KINDS = ['en', 'de', 'ar', 'ja', 'th']

export const LOOKED_AT: readonly Language[] = LANGUAGES.filter(
  (language) =>
    KINDS.includes(language.tag) ||
    language === foremostBy(longestWord) ||
    language === foremostBy((one) => textsOf(one).join('').length),
)

function foremostBy(measure: (language: Language) => number): Language | undefined {
  return LANGUAGES.toSorted((a, b) => measure(b) - measure(a))[0]
}

/** Letters in a row that no browser breaks: the scripts that put spaces between words. */
function longestWord(language: Language): number {
  const words = textsOf(language).flatMap(
    (text) => text.match(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Mark}'’-]+/gu) ?? [],
  )
  return Math.max(...words.map(({ length }) => length))
}

function textsOf({ lock, portal }: Language): readonly string[] {
  return [lock, ...Object.values(portal)].flatMap((words) =>
    Object.values(words).filter((text): text is string => typeof text === 'string'),
  )
}
