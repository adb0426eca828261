// What a wrong code of an SMS is told as.

import { fill } from '../../page/words.ts'
import type { Language } from '../../words/language.ts'

/** `left`: tries after this one. */
export function wrongCodeText({ portal }: Language, left: number): string {
  return left <= 0 ? portal.number.codeDead : fill(portal.number.codeWrong, { count: left })
}
