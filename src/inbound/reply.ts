// What a text that came back means. Pure and total; knows keywords, not accounts. A code locks only where the text is
// about nothing else: phones answer a thumb-up with the whole SMS, its code among it, and "do not lock" has a code too.
// The grammar is written down in docs/delivery.md.

import { foldCode, foldWord } from '../lib/typed-text.ts'
import { readReplyCode } from '../lock/code.ts'
import { replyWords } from './reply-words.ts'

export type Reply =
  | { readonly kind: 'lock'; readonly code: string }
  /** Meant to lock, but the code cannot be one of ours. */
  | { readonly kind: 'unreadable_code' }
  /** A code among other words: a quotation, a reaction, a sentence that may mean anything. */
  | { readonly kind: 'unclear' }
  | { readonly kind: 'stop' | 'start' | 'help' }
  | { readonly kind: 'other' }

// The words carriers and providers know, alone in a text. https://www.ctia.org/the-wireless-industry/industry-commitments/messaging-interoperability-sms-mms
// biome-ignore format: one list
const KEYWORDS = new Map<string, 'stop' | 'start' | 'help'>([
  ['STOP', 'stop'], ['STOPALL', 'stop'], ['STOP ALL', 'stop'], ['UNSUBSCRIBE', 'stop'], ['CANCEL', 'stop'],
  ['END', 'stop'], ['QUIT', 'stop'], ['REVOKE', 'stop'], ['OPTOUT', 'stop'], ['OPT OUT', 'stop'], ['ARRET', 'stop'],
  ['START', 'start'], ['UNSTOP', 'start'],
  ['HELP', 'help'], ['INFO', 'help'],
])

// Scripts that are written without spaces between words, or with a word's ending stuck to whatever stands before it.
const UNSPACED =
  /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\u30fc]+)/u

const LOCK = new Set(replyWords.lock.flatMap(foldedWords))
const AROUND = new Set(replyWords.around.flatMap(foldedWords))
const OBJECTS = new Set(replyWords.objects.flatMap(foldedWords))
/** By their first word, the longest first, so that none leaves the rest of a longer one behind. */
const PHRASES = Map.groupBy(
  replyWords.phrases.map(foldedWords).sort((left, right) => right.length - left.length),
  ([first]) => first ?? '',
)
const UNSPACED_WORDS = [...LOCK, ...AROUND, ...OBJECTS, ...PHRASES.keys()]
  .filter((word) => UNSPACED.test(word))
  .sort((left, right) => right.length - left.length)

/** More than the longest text a phone can send (39 parts of 153 characters); cut, a text could lose its "not". */
const TEXT_MAX_LENGTH = 6_000

/** `LOCK 7K3Q`, `7k3q`, `Please lock: 7K3Q!` lock; the other keywords count only when they stand alone. */
export function readReply(text: string): Reply {
  const folded = foldWord(text.slice(0, TEXT_MAX_LENGTH))
  if (text.length > TEXT_MAX_LENGTH || folded.length > TEXT_MAX_LENGTH) return { kind: 'other' }
  const reply = readPlain(folded)
  if (reply.kind === 'lock') return reply
  // An alert may be named by its number beside its code.
  const unnumbered = readPlain(folded.replace(/# ?\d{1,10}/g, ' '))
  return unnumbered.kind === 'lock' ? unnumbered : reply
}

function readPlain(folded: string): Reply {
  const words = wordsOf(folded).flatMap(splitRun)
  const keyword = words.length <= 2 ? KEYWORDS.get(words.join(' ')) : undefined
  if (keyword) return { kind: keyword }
  const isLocking = words.some(isLockWord)
  const isBeside = (word: string) =>
    isLockWord(word) || AROUND.has(word) || (isLocking && OBJECTS.has(word))
  const rest = withoutPhrases(words).filter((word) => !isBeside(word))
  // Typed in pieces (7K 3Q), one piece may be a word of ours.
  const code = soleCode(rest) ?? readReplyCode(words.filter((word) => !isLockWord(word)).join(''))
  if (code !== null) return { kind: 'lock', code }
  if (words.some((word) => readReplyCode(word) !== null)) return { kind: 'unclear' }
  return isLocking ? { kind: 'unreadable_code' } : { kind: 'other' }
}

/** Of a folded text. What is written without spaces is one word, however it is broken. */
function wordsOf(folded: string): readonly string[] {
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

function foldedWords(text: string): readonly string[] {
  return wordsOf(foldWord(text))
}

/** A run that consists of words of ours as those words; any other stays whole, and is no word of ours. */
function splitRun(run: string): readonly string[] {
  if (!UNSPACED.test(run)) return [run]
  // The first word of what begins at each place, where the rest of it consists of words, too; from the run's end.
  const firstWords: (string | undefined)[] = []
  firstWords[run.length] = ''
  for (let at = run.length - 1; at >= 0; at -= 1) {
    firstWords[at] = UNSPACED_WORDS.find(
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

/** LOCK also in letters that look like it. */
function isLockWord(word: string): boolean {
  return LOCK.has(word) || (word.length === 4 && foldCode(word) === 'LOCK')
}

function withoutPhrases(words: readonly string[]): readonly string[] {
  const kept: string[] = []
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? ''
    const phrase = PHRASES.get(word)?.find((one) => one.every((part, i) => words[at + i] === part))
    if (phrase === undefined) kept.push(word)
    at += phrase?.length ?? 1
  }
  return kept
}

/** The one code that the words are, in one piece or more, once or several times. */
function soleCode(words: readonly string[]): string | null {
  const [first, ...others] = words.map(readReplyCode)
  if (first && others.every((other) => other === first)) return first
  return readReplyCode(words.join(''))
}
