// Texts for properties: anything that a string of JavaScript can be.

import fc from 'fast-check'

const CODE_POINT_MAX = 0x10_ff_ff

/**
 * Any code points, lone surrogates among them; lengths in code points. `fc.string({ unit: 'binary' })` has no lone ones,
 * and makes a table of a million code points first, in each file anew.
 */
export function anyText(
  lengths: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  const codePoint = fc.oneof(
    fc.integer({ min: 0, max: CODE_POINT_MAX }),
    // As likely as all others together: where most is decided.
    fc.integer({ min: 0, max: 0x7f }),
  )
  return fc
    .array(codePoint, lengths)
    .map((codePoints) => codePoints.map((one) => String.fromCodePoint(one)).join(''))
}
