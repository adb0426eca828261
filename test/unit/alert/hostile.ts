// Texts an intruder might put into a device name, and what a phone makes tappable: shared by the
// tests of fields and of whole texts.

import fc from 'fast-check'
import { anyText } from '../../support/any-text.ts'

/** Any Unicode, lone surrogates too, thickly sown with the pieces links and numbers are made of. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  anyText({ maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...'.:/@-_,+()#*&"\'\\[]{}|~^€ 0129aZéßø', 'http', 'https://', 'www.'),
        fc.constantFrom('evil', 'com', '.com', 'io', 'рф', 'ευ', '。', '．', '․', '…', '⁄', '：'),
        fc.constantFrom('１２３', '٣', '²', '①', '+1 202 555 0123', '\u00a0', '\u202e', '\u200b'),
        fc.constantFrom('\n', '\r\n', '\0', '漢', '😀', 'ﬃ', '㏂', '\ud800', 'St. Louis', '12.9'),
      ),
      { maxLength: 40 },
    )
    .map((pieces) => pieces.join('')),
)

/** What in a text a phone would make tappable, judged without the code under test. */
export function findTappable(text: string): string | null {
  const link = /[\p{L}\p{N}_-]\.+[\p{L}_-]*\p{L}|:\/\/|@|www\.[^\s.]|(?:\d+\.){3}\d/iu.exec(text)
  if (link) return link[0]
  // Dialers read through spaces, dots, dashes and brackets, but a comma (in any script) or a quote ends a number.
  for (const run of text.split(/[\p{L},،、，"]/u)) {
    if (run.replace(/\D/g, '').length >= 7) return run
  }
  return null
}
