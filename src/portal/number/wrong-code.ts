// What a wrong code of an SMS is told as.

import { CODE_TRIES_MAX } from '../../account/binding-rules.ts'
import { fill } from '../../page/words.ts'
import type { Language } from '../../words/language.ts'

/** `{count}` of tries that are left after this one. */
export function wrongCodeText({ portal }: Language, tries: number): string {
  const count = Math.max(0, CODE_TRIES_MAX - tries)
  return count === 0 ? portal.number.codeDead : fill(portal.number.codeWrong, { count })
}
