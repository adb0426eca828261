// The lock page's words in the reader's language, and the filling of their {placeholders}. English is
// what every other language falls back to.

import { en, type LockWords } from './locales/en.ts'

export type { LockWords } from './locales/en.ts'

const LOCALES: Readonly<Record<string, LockWords>> = { en }

/** From an Accept-Language header; the page makes no look-up of the account. */
export function lockWordsFor(acceptLanguage: string | undefined): LockWords {
  for (const range of (acceptLanguage ?? '').split(',').slice(0, 10)) {
    const language = range.trim().split(/[-;]/)[0]?.toLowerCase() ?? ''
    const words = Object.hasOwn(LOCALES, language) ? LOCALES[language] : undefined
    if (words) return words
  }
  return en
}

/** `{name}` → value; what is not given stays visible, since a hole in a warning misleads. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  )
}

/** `14:03 UTC, 23 November`: one clock for a reader who may be in any time zone. */
export function formatPageTime(at: number, timeLocale: string): string {
  const time = new Intl.DateTimeFormat(timeLocale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
  }).format(at)
  const day = new Intl.DateTimeFormat(timeLocale, {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  }).format(at)
  // No-break spaces: a time torn over two lines is misread.
  return `${time}\u00a0UTC, ${day.replaceAll(' ', '\u00a0')}`
}
