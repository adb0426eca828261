// A code of six digits as somebody has typed it, from an SMS or an authenticator app.

import { foldDigits } from '../lib/typed-text.ts'

/** In any script's digits, with spaces, hyphens or quotes: read; null for all else. */
export function readSixDigits(text: string): string | null {
  const digits = foldDigits(text)
  return /^\d{6}$/.test(digits) ? digits : null
}
