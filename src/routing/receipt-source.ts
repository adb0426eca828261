// What the receipts of a country are worth, for learning: samples know a country, published facts a dial
// code. Nations that share one get the facts of the code's main country, the careful side to err on.

import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/mobile'
import { type ReceiptQuality, receiptQuality } from '../country/sender-rules.ts'

/** `country` is ISO 3166-1 alpha-2; `unknown` for anything else. */
export function receiptSource(country: string): ReceiptQuality {
  if (!isSupportedCountry(country)) return 'unknown'
  return receiptQuality(`+${getCountryCallingCode(country)}`)
}
