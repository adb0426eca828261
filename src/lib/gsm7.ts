// Whether a text fits the default alphabet of SMS (3GPP TS 23.038 6.2.1), for interfaces that want to be
// told. It counts nothing.

// The escape (0x1B) is left out: it is not a character.
const ALPHABET = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà' +
    '\f^{}\\[~]|€',
)

/** False where one character is foreign to the alphabet: all of the text is then UCS-2. */
export function fitsGsm7(text: string): boolean {
  for (const character of text) if (!ALPHABET.has(character)) return false
  return true
}
