// Countries in which one mobile number is written in two ways, or was until its digits became more: what libphonenumber
// calls invalid though the phone is in somebody's hand. Data; whether a form is a number is for libphonenumber to say.

type Rewriting = readonly [pattern: RegExp, replacement: string]

/** Certain: nothing but a mobile number is written like this. */
const REWRITINGS: readonly Rewriting[] = [
  // Argentina: 15 after the area code at home is 9 before it from abroad. The area code has two to four digits.
  [/^\+549?(\d{2})15(\d{8})$/, '+549$1$2'],
  [/^\+549?(\d{3})15(\d{7})$/, '+549$1$2'],
  [/^\+549?(\d{4})15(\d{6})$/, '+549$1$2'],
  // Mexico: 1 from abroad, 044 and 045 at home, until August 2019.
  [/^\+52(?:1|01|044|045)(\d{10})$/, '+52$1'],
  // Brazil: a ninth digit for mobile numbers, complete in November 2016; landlines begin with 2 to 5.
  [/^\+55(\d{2})([6-9]\d{7})$/, '+55$19$2'],
  // Ivory Coast, January 2021: the operator's two digits in front, by the second digit of before.
  [/^\+225([014-9][0-3]\d{6})$/, '+22501$1'],
  [/^\+225([014-9][4-6]\d{6})$/, '+22505$1'],
  [/^\+225([014-9][7-9]\d{6})$/, '+22507$1'],
  // Benin, November 2024: 01 in front of every number.
  [/^\+229(\d{8})$/, '+22901$1'],
  // Cameroon, November 2014: 6 in front of mobile numbers.
  [/^\+237([5-9]\d{7})$/, '+2376$1'],
]

/** Certain only of a number that is known to be a mobile one: without its 9 it may be a landline of Argentina's. */
const MOBILE_REWRITINGS: readonly Rewriting[] = [[/^\+54(\d{10})$/, '+549$1']]

/** What a number may be in the form of today; `text` begins with its plus. */
export function otherForms(text: string): readonly string[] {
  return rewrite(text, REWRITINGS)
}

export function mobileForms(text: string): readonly string[] {
  return rewrite(text, MOBILE_REWRITINGS)
}

function rewrite(text: string, rewritings: readonly Rewriting[]): readonly string[] {
  const digits = text.replace(/[\s()./-]/g, '')
  return rewritings.flatMap(([pattern, replacement]) =>
    pattern.test(digits) ? [digits.replace(pattern, replacement)] : [],
  )
}
