// The default alphabet of SMS (3GPP TS 23.038). Says what fits it; counts nothing, changes nothing.

// TS 23.038 6.2.1. The escape (0x1B) is left out: it is not a character.
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
// TS 23.038 6.2.1.1: each is sent as escape + one septet.
const EXTENSION = new Set('\f^{}\\[~]|€')

/** Whether one character is in the basic table, that is, costs one septet. */
export function isGsm7Basic(character: string): boolean {
  return BASIC.has(character)
}

/** Whether one character is in the extension table, that is, costs two septets. */
export function isGsm7Extension(character: string): boolean {
  return EXTENSION.has(character)
}

/** Whether the whole text can be sent as GSM-7; one foreign character makes all of it UCS-2. */
export function isGsm7(text: string): boolean {
  for (const character of text) {
    if (!isGsm7Basic(character) && !isGsm7Extension(character)) return false
  }
  return true
}
