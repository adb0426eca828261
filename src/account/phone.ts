// Phone numbers: any spelling with a country → E.164, or why not. Mobile numbers of a known country
// only; a landline would swallow the alert, and a satellite number hides its price.

import { type CountryCode, ParseError, parsePhoneNumberWithError } from 'libphonenumber-js/mobile'
import { err, ok, type Result } from '../lib/result.ts'

export type Phone = {
  /** With the leading plus. */
  readonly e164: string
  readonly country: CountryCode
}

export type PhoneRefusal = 'not_a_number' | 'not_international' | 'not_a_mobile' | 'no_country'

/** libphonenumber's mobile metadata: a valid number here is a valid mobile number. */
export function parsePhone(text: string): Result<Phone, PhoneRefusal> {
  const trimmed = text.trim()
  if (!trimmed.startsWith('+')) return err('not_international')
  try {
    // Not out of a sentence: what stands beside a number may be another one.
    const number = parsePhoneNumberWithError(trimmed, { extract: false })
    if (number.ext !== undefined) return err('not_a_number')
    if (!number.isValid()) return err('not_a_mobile')
    if (number.country === undefined) return err('no_country')
    return ok({ e164: number.number, country: number.country })
  } catch (error) {
    if (error instanceof ParseError) return err('not_a_number')
    throw error
  }
}
