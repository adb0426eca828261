// What a text that came back means. Pure and total; knows keywords, not accounts. A code locks only where the text is
// about nothing else: phones answer a thumb-up with the whole SMS, its code among it, and "do not lock" has a code too.
// The grammar is written down in docs/delivery.md.

import { foldCode, foldWord } from '../lib/typed-text.ts'
import { readReplyCode } from '../lock/code.ts'
import { type Keyword, readKeyword } from './keywords.ts'
import { replyWords } from './reply-words.ts'
import { foldedWords, runSplitter, wordsOf } from './words-of.ts'

export type Reply =
  | { readonly kind: 'lock'; readonly code: string }
  /** Meant to lock, but the code cannot be one of ours, or a word stands beside it that may turn it around. */
  | { readonly kind: 'unreadable_code' | 'not_alone' }
  /** A code in a longer text: a quotation or a reaction, which may mean anything. */
  | { readonly kind: 'unclear' }
  | { readonly kind: Keyword }
  | { readonly kind: 'other' }

const LOCK = new Set(replyWords.lock.flatMap(foldedWords))
const AROUND = new Set(replyWords.around.flatMap(foldedWords))
const OWN = new Set(replyWords.own.flatMap(foldedWords))
const CODE_WORDS = new Set(replyWords.codes.flatMap(foldedWords))
const OBJECTS = new Set(replyWords.objects.flatMap(foldedWords))
/** By their first word, the longest first, so that none leaves the rest of a longer one behind. */
const PHRASES = Map.groupBy(
  replyWords.phrases.map(foldedWords).sort((left, right) => right.length - left.length),
  ([first]) => first ?? '',
)
const splitRun = runSplitter([
  ...[...LOCK, ...AROUND, ...OWN, ...CODE_WORDS],
  ...[...OBJECTS, ...PHRASES.keys()],
])

/** More than the longest text a phone can send (39 parts of 153 characters); cut, a text could lose its "not". */
const TEXT_MAX_LENGTH = 6_000

/** No SMS of ours with a code in it is as short, so what is was typed by somebody. */
const TYPED_MAX_LENGTH = 48

/** `LOCK 7K3Q`, `7k3q`, `Please lock: 7K3Q!` lock; the other keywords count only when they stand alone. */
export function readReply(text: string): Reply {
  const reply = readOne(text)
  if (reply.kind === 'lock') return reply
  // Mail programs and phones put a signature below: a first line that says LOCK and its code, or STOP, says it alone.
  const [line = '', ...below] = linesOf(text)
  if (below.length === 0 || text.length > TEXT_MAX_LENGTH) return reply
  const first = readOne(line)
  const isMeant = first.kind === 'lock' ? !/[?？؟]/.test(line) && namesLock(line) : isKeyword(first)
  return isMeant ? first : reply
}

function linesOf(text: string): readonly string[] {
  return text.split(/[\n\r\v\f\u0085\u2028\u2029]+/).filter((line) => line.trim() !== '')
}

function isKeyword({ kind }: Reply): boolean {
  return kind === 'stop' || kind === 'start' || kind === 'help'
}

function namesLock(line: string): boolean {
  const words = foldedWords(line).flatMap(splitRun)
  return words.some((word) => isLockWord(word) || isLikeLock(word))
}

function readOne(text: string): Reply {
  const folded = foldWord(text.slice(0, TEXT_MAX_LENGTH))
  if (text.length > TEXT_MAX_LENGTH || folded.length > TEXT_MAX_LENGTH) return { kind: 'other' }
  const reply = readPlain(folded)
  if (reply.kind === 'lock') return reply
  // An alert may be named by its number beside its code.
  const unnumbered = readPlain(folded.replace(/# ?\d{1,10}/g, ' '))
  return unnumbered.kind === 'lock' ? unnumbered : reply
}

function readPlain(folded: string): Reply {
  const unsplit = wordsOf(folded)
  const keyword = readKeyword(unsplit)
  if (keyword) return { kind: keyword }
  const words = unsplit.flatMap(splitRun)
  const isLocking = words.some(isLockWord)
  const isNamed = isLocking || words.some((word) => CODE_WORDS.has(word))
  const isBeside = (word: string) =>
    isLockWord(word) ||
    AROUND.has(word) ||
    CODE_WORDS.has(word) ||
    (isNamed && OWN.has(word)) ||
    (isLocking && OBJECTS.has(word))
  const rest = withoutPhrases(words).filter((word) => !isBeside(word))
  // Typed in pieces (7K 3Q), one piece may be a word of ours.
  const code = soleCode(rest) ?? readReplyCode(words.filter((word) => !isLockWord(word)).join(''))
  if (code !== null && !isPictured(folded, isLocking)) return { kind: 'lock', code }
  const isTyped = folded.trim().length <= TYPED_MAX_LENGTH
  if (code !== null || words.some((word) => readReplyCode(word) !== null)) {
    return { kind: isTyped ? 'not_alone' : 'unclear' }
  }
  const isMeant = isLocking || (isTyped && words.some(isLikeLock))
  return isMeant ? { kind: 'unreadable_code' } : { kind: 'other' }
}

/** A thumb beside a code says that all is well, as a cross beside LOCK says no; beside LOCK, any other picture says nothing. */
function isPictured(text: string, isLocking: boolean): boolean {
  return isLocking ? /[🚫❌⛔👎✖❎🙅]/u.test(text) : /\p{Extended_Pictographic}/u.test(text)
}

/** LOCK also in letters that look like it. */
function isLockWord(word: string): boolean {
  return LOCK.has(word) || (word.length === 4 && foldCode(word) === 'LOCK')
}

/** Locks nothing alone, but asks for an answer: LOCKED, L0CK, LOCKK. */
function isLikeLock(word: string): boolean {
  return foldCode(word).replaceAll('0', 'O').replaceAll('1', 'L').startsWith('LOCK')
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
