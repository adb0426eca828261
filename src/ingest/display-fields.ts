// Fields of an event that are only shown: whoever logs in chooses most of them, so none can refuse the event. Each is
// read as far as it can be, cut, or taken as not given; `""`, null and values of another type are not given.

import * as v from 'valibot'
import { SessionIdSchema } from '../lib/fields.ts'
import { DAY_MS, parseInstant } from '../lib/time.ts'
import { SESSION_DEFAULT_LIFETIME_MS } from '../login/login.ts'
import { readSentAddress } from '../place/sent-address.ts'
import { countryName } from '../words/country-name.ts'
import { findLanguageOfHeader } from '../words/languages.ts'

/** A field with what it means, for the API's description; missing or unreadable, it is null. */
function displayField<T>(meaning: string, read: (text: string) => T | null) {
  return v.pipe(
    v.fallback(v.nullish(v.string()), null),
    v.description(meaning),
    v.transform((text) => (typeof text === 'string' ? read(text) : null)),
  )
}

/** Read by `readDevice`, which looks at its first 512 characters. */
const USER_AGENT_MAX = 512

export const DISPLAY_FIELDS = {
  ip: displayField(
    "The user's address as your server saw it, IPv4 or IPv6. A port, brackets, a zone id and proxies of your own network beside it are taken off; of two public addresses neither is believed. Without an address that can be read, place and network are unknown, and so the login is a new one.",
    readSentAddress,
  ),
  user_agent: displayField(
    "The user's `User-Agent` header. Without it the device is unknown, and so a new one.",
    textUpTo(USER_AGENT_MAX),
  ),
  device_name: displayField(
    'What your app knows of the device; shown beside what the user agent says. Cut after 256 characters.',
    textUpTo(256),
  ),
  locale: displayField(
    "The user's language, as a tag (`zh-TW`) or a whole `Accept-Language` header; an account's own locale wins.",
    readLocale,
  ),
  country: displayField(
    'ISO 3166-1, two letters, if you know better than a table of addresses.',
    readCountry,
  ),
  city: displayField('Shown as you send it. Cut after 128 characters.', textUpTo(128)),
  session_expires_at: displayField(
    `When the session runs out, RFC 3339; without it, it counts as ${SESSION_DEFAULT_LIFETIME_MS / DAY_MS} days.`,
    parseInstant,
  ),
} as const

/** Of an activity. */
export const ACTIVITY_FIELDS = {
  session_id: displayField('The session in which it happened, if there was one.', (text) =>
    v.is(SessionIdSchema, text) ? text : null,
  ),
  ip: DISPLAY_FIELDS.ip,
  user_agent: displayField("The user's `User-Agent` header.", textUpTo(USER_AGENT_MAX)),
  detail: displayField(
    'A few words more, shown in quotation marks where there is room: the name of the key, the end of the address. Whoever caused it may choose them, so links, domains and long numbers are taken out of an SMS. Cut after 128 characters.',
    textUpTo(128),
  ),
} as const

/** What an activity is called: 64 characters of it are kept where that is no kind of ours. */
export const readKind = textUpTo(64)

// Overrides and isolates of the bidirectional algorithm, and marks of direction: they would turn the text around them.
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

/** One line of at most `limit` code points, or null where nothing is left. */
function textUpTo(limit: number): (text: string) => string | null {
  return (text) => {
    const cut = [...text.slice(0, limit * 2)].slice(0, limit).join('').toWellFormed()
    const line = cut.replace(TURNING, '').replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    return line.trim() || null
  }
}

const LANGUAGE_TAG = /^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}$/
const LOCALE_MAX = 512

/** A tag as it is; of a list, and of a POSIX locale (`de_DE.UTF-8`), the language it comes to. */
function readLocale(text: string): string | null {
  const locale = text.slice(0, LOCALE_MAX).trim()
  if (LANGUAGE_TAG.test(locale)) return locale
  const posix = locale.replace(/[.@][\w.@-]*$/, '')
  if (LANGUAGE_TAG.test(posix)) return posix
  return findLanguageOfHeader(locale)?.tag ?? null
}

/** Only a country that has a name: `XX`, `ZZ` and `T1` are how tables of addresses say that they do not know. */
function readCountry(text: string): string | null {
  const code = text.trim().toUpperCase()
  return countryName(code, 'en') === null ? null : code
}
