// What an SMS may say in a country, beyond what its alphabet costs: links, words, templates. Facts with
// their sources; no rule means nothing is known against it. Senders are sender-rules.ts's.

import type { ProfileRules } from './profile-rules.ts'

export type ContentRules = {
  readonly link: 'allowed' | 'banned'
  /** Words that carriers there filter, in lower case, matched anywhere in a name. */
  readonly avoid: readonly string[]
  /** Texts have to follow a template that was registered before. */
  readonly template: boolean
}

const NOTHING_KNOWN: ContentRules = { link: 'allowed', avoid: [], template: false }

/** The trade in words: what filters against virtual currencies look for. */
const CRYPTO_WORDS = ['crypto', 'coin', 'bitcoin', 'btc', 'exchange', 'token', 'usdt', 'blockchain']

const RULES: ReadonlyMap<string, ContentRules> = new Map<string, ContentRules>([
  // https://www.twilio.com/en-us/guidelines/tw/sms : URLs strictly prohibited unless allow-listed.
  ['TW', { link: 'banned', avoid: [], template: false }],
  // https://www.twilio.com/en-us/guidelines/cn/sms : no URLs, no virtual currency, templates.
  ['CN', { link: 'banned', avoid: CRYPTO_WORDS, template: true }],
  // https://www.twilio.com/en-us/guidelines/th/sms : financial services should not send URLs.
  ['TH', { link: 'banned', avoid: [], template: false }],
  // https://www.twilio.com/en-us/guidelines/vn/sms : virtual currency prohibited, sender and template registered.
  ['VN', { link: 'banned', avoid: CRYPTO_WORDS, template: true }],
  // Bangko Sentral ng Pilipinas, Memorandum M-2022-015: financial institutions remove links from texts.
  ['PH', { link: 'banned', avoid: [], template: false }],
  // Malaysian Communications and Multimedia Commission, from 1 September 2024: no links in bulk SMS.
  ['MY', { link: 'banned', avoid: [], template: false }],
  // Monetary Authority of Singapore, 19 January 2022: banks remove clickable links from SMS.
  ['SG', { link: 'banned', avoid: [], template: false }],
  // https://www.twilio.com/en-us/guidelines/tr/sms : since 1 April 2026 no URLs from companies without a local entity.
  ['TR', { link: 'banned', avoid: [], template: false }],
  // https://www.twilio.com/en-us/guidelines/sa/sms : networks block texts with URLs that were not allow-listed.
  ['SA', { link: 'banned', avoid: [], template: false }],
  // https://www.twilio.com/en-us/guidelines/ro/sms : the same.
  ['RO', { link: 'banned', avoid: [], template: false }],
  // https://www.twilio.com/en-us/guidelines/dk/sms : the same.
  ['DK', { link: 'banned', avoid: [], template: false }],
  // https://www.twilio.com/en-us/guidelines/ae/sms : texts with a URL, or a phone number, are not allowed.
  ['AE', { link: 'banned', avoid: [], template: false }],
  // Telecom Regulatory Authority of India, TCCCPR 2018: DLT template and entity ids; links allow-listed in it.
  ['IN', { link: 'banned', avoid: [], template: true }],
])

/** By ISO 3166-1 alpha-2; total. */
export function contentRulesFor(country: string): ContentRules {
  return RULES.get(country) ?? NOTHING_KNOWN
}

/** Where either the country or the profile bans links, an SMS holds none. */
export function mayHoldLink(country: string, { links }: Pick<ProfileRules, 'links'>): boolean {
  return links === 'allowed' && contentRulesFor(country).link === 'allowed'
}

/** Whether the exchange's own name holds a word that is filtered there. */
export function hasAvoidedWord(exchangeName: string, country: string): boolean {
  return holdsAnyWord(exchangeName, contentRulesFor(country).avoid)
}

/** `words` in lower case. */
export function holdsAnyWord(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return words.some((word) => lower.includes(word))
}
