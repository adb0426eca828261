// Text that others chose (a device name, a city, a phrase) made fit to stand in our SMS: cheap,
// short, and without anything a phone would turn into a link or a number to call. An intruder
// chooses the device name of their own login; the alert must not carry their message.

import { transliterate } from './transliterate.ts'

// Enough for any field's limit after transliteration; what lies beyond is not worth the work.
const INPUT_LIMIT = 256

// Either a short decimal on its own (kept) or dots that do not end a word.
const LOOSE_DOT = /(?<![\p{L}\p{N}.])(\d{1,2}\.\d{1,2})(?![\p{L}\p{N}.])|\.+(?![ .]|$)/gu

/** Seven or more digits with nothing but punctuation between them: phones offer to call them. */
const PHONE_NUMBER = /[+(]*\d(?:[^\p{L}\d]*\d){6,}/gu

/**
 * Takes the teeth out of transliterated text: words that look like a URL or a domain go, and so do
 * seven or more digits with nothing but punctuation between them. What is left has no `@` or `:`,
 * no double quote, and no dot inside a word. "St. Louis" and "12.9" stay as they are.
 */
export function defang(text: string): string {
  return (
    text
      // U.S.A. is no domain.
      .replace(/(?<![\p{L}\p{N}])(\p{L})\.(?=\p{L}(?![\p{L}\p{N}]))/gu, '$1')
      .split(' ')
      .filter((word) => !isLink(word))
      .join(' ')
      .replace(PHONE_NUMBER, ' ')
      .replace(/[@:]/g, ' ')
      .replace(/"/g, "'")
      .replace(LOOSE_DOT, (_dots, decimal: string | undefined) => decimal ?? ' ')
      .replace(/ +/g, ' ')
      .trim()
  )
}

/** What a phone would make of a text that goes out as it is: something to open, or to call. */
export function tappableIn(text: string): { readonly link: boolean; readonly number: boolean } {
  return { link: text.split(' ').some(isLink), number: text.search(PHONE_NUMBER) !== -1 }
}

// A capitalised last label ("St.Louis") is a name written without its space, not a domain: its dot
// is loosened, the word stays.
function isLink(word: string): boolean {
  return (
    word.includes('://') ||
    /^\P{L}*www\./iu.test(word) ||
    /[\p{L}\p{N}]\.(?:\p{Ll}{2,}|\p{Lu}{2,})(?!\p{L})/u.test(word)
  )
}

/**
 * At most `limit` characters, cut at a word's end where that keeps at least half, with no
 * punctuation left hanging.
 */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const cut = cutBetweenCharacters(text, limit)
  const wordEnd = /[ -]/.test(text.charAt(limit)) ? limit : cut.search(/[ -][^ -]*$/)
  return trimHanging(wordEnd * 2 >= limit ? cut.slice(0, wordEnd) : cut)
}

/** At most `limit` UTF-16 units, and neither half a surrogate pair nor a mark without its letter at the end. */
function cutBetweenCharacters(text: string, limit: number): string {
  let end = limit
  while (end > 0 && /^[\p{M}\u{dc00}-\u{dfff}]/u.test(text.slice(end, end + 2))) end -= 1
  return text.slice(0, end)
}

function trimHanging(text: string): string {
  return text.replace(/^[\s.,;:!/&-]+|[\s.,;:!/&(-]+$/g, '')
}

/** A field of others as it may stand in an SMS; '' when nothing of it can. */
export function cleanField(value: string | null, limit: number): string {
  if (value === null) return ''
  return shorten(trimHanging(defang(transliterate(value.slice(0, INPUT_LIMIT)))), limit)
}

// Letters with their marks, ASCII digits and the punctuation `defang` knows: any other sign, the digits of
// other scripts and every dot that is not ASCII might be read as a link or a number by some phone.
const NOT_NATIVE = /[^\p{L}\p{M}0-9 .,:;!?'"&()+@/_-]/gu

// Marks without end on one letter: no name, but longer than a segment.
const TOWER = /(\p{M}{3})\p{M}+/gu

/**
 * The same for a text in a script of its own (UCS-2): letters stay what they are; what GSM-7 would not
 * carry either (emoji, controls, invisible characters) goes. Cut between code points.
 */
export function cleanNativeField(value: string | null, limit: number): string {
  if (value === null) return ''
  const plain = value.slice(0, INPUT_LIMIT).toWellFormed().normalize('NFKC')
  const spaced = plain.replace(NOT_NATIVE, ' ').replace(TOWER, '$1').replace(/ +/g, ' ').trim()
  return shorten(trimHanging(defang(spaced)), limit)
}
