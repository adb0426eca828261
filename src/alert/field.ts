// Text that others chose (a device name, a city, a phrase) made fit to stand in our SMS: cheap,
// short, and without anything a phone would turn into a link or a number to call. An intruder
// chooses the device name of their own login; the alert must not carry their message.

import { transliterate } from './transliterate.ts'

// Enough for any field's limit after transliteration; what lies beyond is not worth the work.
const INPUT_LIMIT = 256

// Either a short decimal on its own (kept) or dots that do not end a word.
const LOOSE_DOT = /(?<![\p{L}\p{N}.])(\d{1,2}\.\d{1,2})(?![\p{L}\p{N}.])|\.+(?![ .]|$)/gu

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
      .replace(/[+(]*\d(?:[^\p{L}\d]*\d){6,}/gu, ' ')
      .replace(/[@:]/g, ' ')
      .replace(/"/g, "'")
      .replace(LOOSE_DOT, (_dots, decimal: string | undefined) => decimal ?? ' ')
      .replace(/ +/g, ' ')
      .trim()
  )
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
  const cut = text.slice(0, limit)
  const wordEnd = /[ -]/.test(text.charAt(limit)) ? limit : cut.search(/[ -][^ -]*$/)
  return trimHanging(wordEnd * 2 >= limit ? cut.slice(0, wordEnd) : cut)
}

function trimHanging(text: string): string {
  return text.replace(/^[\s.,;:!/&-]+|[\s.,;:!/&(-]+$/g, '')
}

/** A field of others as it may stand in an SMS; '' when nothing of it can. */
export function cleanField(value: string | null, limit: number): string {
  if (value === null) return ''
  return shorten(trimHanging(defang(transliterate(value.slice(0, INPUT_LIMIT)))), limit)
}
