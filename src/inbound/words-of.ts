// A folded text as its words, in scripts with spaces between them and without. Knows no word itself.

import { foldWord } from '../lib/typed-text.ts'

// Scripts that are written without spaces between words, or with a word's ending stuck to whatever stands before it.
const UNSPACED =
  /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\u30fc]+)/u

/** Of a folded text. What is written without spaces is one word, however it is broken. */
export function wordsOf(folded: string): readonly string[] {
  const words: string[] = []
  for (const [run] of folded.matchAll(/[\p{L}\p{N}]+/gu)) {
    for (const word of run.split(UNSPACED).filter((part) => part !== '')) {
      const last = words.at(-1) ?? ''
      if (UNSPACED.test(last) && UNSPACED.test(word)) words[words.length - 1] = last + word
      else words.push(word)
    }
  }
  return words
}

export function foldedWords(text: string): readonly string[] {
  return wordsOf(foldWord(text))
}

/** Takes a run apart that consists of these words; any other stays whole, and is no word of ours. */
export function runSplitter(words: Iterable<string>): (run: string) => readonly string[] {
  const known = [...words]
    .filter((word) => UNSPACED.test(word))
    .sort((left, right) => right.length - left.length)
  return (run) => (UNSPACED.test(run) ? splitRun(run, known) : [run])
}

function splitRun(run: string, known: readonly string[]): readonly string[] {
  // The first word of what begins at each place, where the rest of it consists of words, too; from the run's end.
  const firstWords: (string | undefined)[] = []
  firstWords[run.length] = ''
  for (let at = run.length - 1; at >= 0; at -= 1) {
    firstWords[at] = known.find(
      (word) => run.startsWith(word, at) && firstWords[at + word.length] !== undefined,
    )
  }
  const words: string[] = []
  for (let word = firstWords[0], at = 0; word; word = firstWords[at]) {
    words.push(word)
    at += word.length
  }
  return words.length > 0 ? words : [run]
}
