// The words of an alert as data: a language is one file in `locales/` and one line here. Order and
// punctuation belong to the language; which parts there are and which may go is `compose.ts`'s.

import type { AlertWords } from './alert-words.ts'
import { en } from './locales/en.ts'

const LANGUAGES: readonly AlertWords[] = [en]

/** The words for a BCP 47 tag, by its language alone; English when there are none or no tag. */
export function wordsFor(locale: string | null): AlertWords {
  const language = locale?.toLowerCase().split(/[-_]/)[0]
  return LANGUAGES.find((words) => words.locale === language) ?? en
}
