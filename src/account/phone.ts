// Phone numbers: any spelling with a country → E.164, or why not. Mobile numbers of a known country
// only; a landline would swallow the alert, and a satellite number hides its price.

import { type CountryCode, ParseError, parsePhoneNumberWithError } from 'libphonenumber-js/mobile'
import { err, ok, type Result } from '../lib/result.ts'
import { foldPhone } from '../lib/typed-text.ts'
import { mobileForms, otherForms } from './phone-forms.ts'

export type Phone = {
  /** With the leading plus. */
  readonly e164: string
  readonly country: CountryCode
}

export type PhoneRefusal = 'not_a_number' | 'not_international' | 'not_a_mobile' | 'no_country'

/** libphonenumber's mobile metadata: a valid number here is a valid mobile number, in the form of today. */
export function parsePhone(text: string): Result<Phone, PhoneRefusal> {
  const typed = foldPhone(text)
  const phone = readPhone(typed)
  return phone.ok ? phone : (firstPhone(otherForms(typed)) ?? phone)
}

/**
 * The same for a number that is somebody's already, as its owner types it or a carrier reports it: what only a mobile
 * number can be then is read as one. An import must not: it would make a mobile number of a landline.
 */
export function parseKnownPhone(text: string): Result<Phone, PhoneRefusal> {
  const phone = parsePhone(text)
  return phone.ok ? phone : (firstPhone(mobileForms(foldPhone(text))) ?? phone)
}

function firstPhone(forms: readonly string[]): Result<Phone, never> | null {
  for (const form of forms) {
    const phone = readPhone(form)
    if (phone.ok) return phone
  }
  return null
}

function readPhone(text: string): Result<Phone, PhoneRefusal> {
  if (!text.startsWith('+')) return err('not_international')
  try {
    // Not out of a sentence: what stands beside a number may be another one.
    const number = parsePhoneNumberWithError(text, { extract: false })
    if (number.ext !== undefined) return err('not_a_number')
    if (!number.isValid()) return err('not_a_mobile')
    if (number.country === undefined) return err('no_country')
    return ok({ e164: number.number, country: number.country })
  } catch (error) {
    if (error instanceof ParseError) return err('not_a_number')
    throw error
  }
}
