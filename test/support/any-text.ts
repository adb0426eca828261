// Texts for properties: any that has a UTF-8 form.

import fc from 'fast-check'

const CODE_POINT_MAX = 0x10_ff_ff
const FIRST_SURROGATE = 0xd8_00
const SURROGATES = 0x08_00

/**
 * Any code points but lone surrogates; lengths in code points. `fc.string({ unit: 'binary' })` is the same, and makes a
 * table of a million code points first, in each file anew.
 */
export function anyText(
  lengths: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  const codePoint = fc.oneof(
    fc
      .integer({ min: 0, max: CODE_POINT_MAX - SURROGATES })
      .map((one) => (one < FIRST_SURROGATE ? one : one + SURROGATES)),
    // As likely as all others together: where most is decided.
    fc.integer({ min: 0, max: 0x7f }),
  )
  return fc
    .array(codePoint, lengths)
    .map((codePoints) => codePoints.map((one) => String.fromCodePoint(one)).join(''))
}
