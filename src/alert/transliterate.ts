// Any Unicode text to one line of the GSM-7 basic table: one character, one septet. Letters it can
// spell in Latin it spells; what it cannot spell it leaves out, never a '?'. It makes text cheap,
// not harmless: `field.ts` does that.

import { isGsm7Basic } from '../lib/gsm7.ts'

// Letters that Unicode does not decompose, and those GSM-7 has only in capitals (Greek), which
// would otherwise give words half Greek, half Latin. Lower case; capitals follow from it.
const LETTERS = new Map(
  Object.entries({
    // Latin
    đ: 'd',
    ð: 'd',
    þ: 'th',
    ł: 'l',
    œ: 'oe',
    ı: 'i',
    ħ: 'h',
    ŧ: 't',
    ŋ: 'n',
    ĸ: 'k',
    ə: 'a',
    ɓ: 'b',
    ɗ: 'd',
    ƙ: 'k',
    ƒ: 'f',
    ẞ: 'SS',
    // Greek, after ELOT 743
    ...letters('αβγδεζηικλμνξοπρσςτυφω', 'avgdezeiklmnxoprsstyfo'),
    η: 'i',
    θ: 'th',
    χ: 'ch',
    ψ: 'ps',
    // Cyrillic, after the spelling used on maps and in passports; soft and hard signs are silent
    ...letters('абвгдеёзийклмнопрстуфыэ', 'abvgdeeziyklmnoprstufye'),
    ж: 'zh',
    х: 'kh',
    ц: 'ts',
    ч: 'ch',
    ш: 'sh',
    щ: 'shch',
    ъ: '',
    ь: '',
    ю: 'yu',
    я: 'ya',
    ...letters('іґўјћәғқңөұүһ', 'igujcagqnouuh'),
    ї: 'yi',
    є: 'ye',
    ђ: 'dj',
    ѓ: 'gj',
    ѕ: 'dz',
    љ: 'lj',
    њ: 'nj',
    ќ: 'kj',
    џ: 'dz',
  }),
)

const SIGNS = new Map<string, string>()
for (const [from, to] of [
  ['‘’‚‛′‵`´ʻʼʽʾʿˈ', "'"],
  ['“”„‟″‶«»', '"'],
  ['‹›', "'"],
  ['‐‑‒–—―−⁃', '-'],
  ['·•‧・', ' '],
  ['。｡', '.'],
  ['、､', ','],
  ['⁄∕', '/'],
  ['×', 'x'],
  ['€', 'EUR'],
  ['₿', 'BTC'],
  // The extension table costs two septets a character; a look-alike costs one.
  ['[{', '('],
  [']}', ')'],
  ['|', '!'],
  ['~', '-'],
  ['^', "'"],
  ['\\', '/'],
] as const) {
  for (const sign of from) SIGNS.set(sign, to)
}

function letters(from: string, to: string): Record<string, string> {
  return Object.fromEntries([...from].map((letter, index) => [letter, to.charAt(index)]))
}

function spellLetter(letter: string): string | undefined {
  const exact = LETTERS.get(letter)
  if (exact !== undefined) return exact
  const lower = letter.toLowerCase()
  const spelled = lower === letter ? undefined : LETTERS.get(lower)
  return spelled && capitalised(spelled)
}

/** The spelling of one character, or undefined when there is none. */
function spell(character: string): string | undefined {
  if (/[\p{Cc}\p{Z}]/u.test(character)) return ' '
  const known = SIGNS.get(character) ?? spellLetter(character)
  if (known !== undefined) return known
  return isGsm7Basic(character) ? character : undefined
}

// Ukrainian and Belarusian, after Ukraine's table of 2010 (KMU resolution 55), which maps and passports follow: where
// it differs from Russian. Of a word without any of these letters («Суми») nobody can tell whose it is.
const UKRAINIAN = /[іїєґ]/iu
const OTHERS_CYRILLIC = /[ыэъёәғқңөұүһ]/iu
const UKRAINIAN_LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({ г: 'h', ґ: 'g', зг: 'zgh', и: 'y', ї: 'i', є: 'ie', й: 'i', ю: 'iu', я: 'ia' }),
)
const UKRAINIAN_BEGINNINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ї: 'yi', є: 'ye', й: 'y', ю: 'yu', я: 'ya' }),
)

function spellUkrainian(text: string): string {
  if (!UKRAINIAN.test(text) || OTHERS_CYRILLIC.test(text)) return text
  return text.replace(/зг|[гґиїєйюя]/giu, (letter, at: number) => {
    const lower = letter.toLowerCase()
    const isFirst = !/[\p{L}\p{M}'’ʼ]/u.test(text.charAt(at - 1))
    const spelled =
      (isFirst ? UKRAINIAN_BEGINNINGS.get(lower) : undefined) ?? UKRAINIAN_LETTERS.get(lower) ?? ''
    return letter.charAt(0) === lower.charAt(0) ? spelled : capitalised(spelled)
  })
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function spellByParts(character: string): string | undefined {
  // Decomposed: é is e and an accent, a full-width A is an A, ™ is TM.
  const spelled = [...character.normalize('NFKD')].map((part) => spell(part) ?? '').join('')
  return spelled === '' ? undefined : spelled
}

/** What is spelled as it is: of most fields that is all there is, and a login has a dozen. A test holds it against the long way. */
const PLAIN = /^[\w !"#$%&'()*+,\-./:;<=>?@]*$/

/**
 * The text in GSM-7 basic characters on one line, single-spaced and trimmed. Accents GSM-7 has stay
 * (é, ü, ñ, ø); Greek and Cyrillic become Latin; control characters and line breaks become spaces;
 * bidirectional controls, emoji and scripts without a spelling here (Chinese, Arabic, Thai …) go.
 *
 * A text that loses letters and keeps none is '' as a whole: "北京 2" is not a place called "2".
 */
export function transliterate(text: string): string {
  if (PLAIN.test(text)) return singleSpaced(text)
  const composed = text.normalize('NFC').replace(/([οΟ])[υύ]/gu, '$1u')
  // ΑΘΗΝΑ is ATHINA, Θήβα is Thiva.
  const isAllCapitals = composed === composed.toUpperCase()
  let spelled = ''
  let isLetterLost = false
  const latinised = spellUkrainian(composed)
  for (const character of isAllCapitals ? latinised.toUpperCase() : latinised) {
    const part = spell(character) ?? spellByParts(character)
    if (part === undefined && /\p{L}/u.test(character)) isLetterLost = true
    spelled += isAllCapitals && part && part.length > 1 ? part.toUpperCase() : (part ?? '')
  }
  if (isLetterLost && !/\p{L}/u.test(spelled)) return ''
  return singleSpaced(spelled)
}

function singleSpaced(text: string): string {
  return text.replace(/ +/g, ' ').trim()
}
