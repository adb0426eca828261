// A code of six digits as somebody has typed it, from an SMS or an authenticator app.

const TYPED_MAX_LENGTH = 40

/** Full width, with spaces or a hyphen: read; null for all else. */
export function readSixDigits(text: string): string | null {
  const plain = text.slice(0, TYPED_MAX_LENGTH).normalize('NFKC').replace(/[\s-]/g, '')
  return /^\d{6}$/.test(plain) ? plain : null
}
