// What people type, on the keyboard they have: digits of their own script, full-width letters, quotes and spaces that a
// phone put in, letters of theirs that look like the ones they were shown. Folded here and nowhere else, before
// anything is compared. Total, and linear in the text.

/**
 * One spelling for what looks the same: NFKC (UAX #15), every decimal digit of any script as ASCII, spaces and
 * line ends as one kind of space, dashes as `-`, and nothing that cannot be seen.
 */
export function foldTyped(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, asciiDigit)
    .replace(/[\p{Z}\p{Cc}]/gu, ' ')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{C}]/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
}

const PHONE_TEXT_MAX = 100

/**
 * The number of a phone as it was typed: with its plus first, and without quotes around it. `00` is a plus (ITU-T E.123),
 * `tel:` says nothing, and a keyboard that writes from the right may leave the plus behind the number.
 */
export function foldPhone(text: string): string {
  // No number is as long; what is would cost more than a moment below.
  if (text.length > PHONE_TEXT_MAX) return ''
  const bare = foldTyped(text)
    .replace(/^[^+\p{L}\p{N}]+|["'\u2018-\u201f\u00ab\u00bb\s]+$/gu, '')
    .replace(/^(?:tel|sms|callto):\s*(?=[+\d])/i, '')
  return bare.replace(/^(\d[\d\s()./-]*)\+$/, '+$1').replace(/^00\)?[\s.-]*(?=[1-9])/, '+')
}

/** The digits of a code that has nothing but digits; all but spaces and punctuation between them stays. */
export function foldDigits(text: string): string {
  return foldTyped(text).replace(/[\s\p{P}]/gu, '')
}

/** A code of Latin capitals and digits: capitals, without marks, look-alikes as what they look like, nothing else. */
export function foldCode(text: string): string {
  const plain = foldWord(text).replace(/[^\p{L}\p{N}]/gu, '')
  return Array.from(plain, (sign) => LOOK_ALIKES.get(sign) ?? sign).join('')
}

/**
 * Capitals without marks, for words that are looked up; spaces and punctuation stay. What keyboards of Arabic, Persian and
 * Urdu write otherwise for one letter, and the stroke that only lengthens a word, come to one.
 */
export function foldWord(text: string): string {
  return foldTyped(text)
    .normalize('NFKD')
    .replace(/[\p{M}\u0640]/gu, '')
    .replace(/[کیىېہھةە]/g, (letter) => ARABIC_LETTERS.get(letter) ?? letter)
    .toUpperCase()
}

const ARABIC_LETTERS: ReadonlyMap<string, string> = new Map(
  [
    ['ك', 'ک'],
    ['ي', 'یىې'],
    ['ه', 'ہھةە'],
  ].flatMap(([to = '', from = '']) => Array.from(from, (letter) => [letter, to] as const)),
)

// Unicode gives every script its ten digits in a row (section 4.6); where rows touch, each begins ten after the one before.
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String((code - zero) % 10)
}

/** Capitals of other alphabets that nobody tells from a Latin one. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  [
    // Cyrillic
    ['АВЕЅІЈКМНОРСТУҮХԚԜѴҺ', 'ABESIJKMHOPCTYYXQWVH'],
    // Greek
    ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧͿ', 'ABEZHIKMNOPTYXJ'],
  ].flatMap(([from = '', to = '']) =>
    Array.from(from, (sign, at) => [sign, to.charAt(at)] as const),
  ),
)
