// Templates filled with parts, and what the runtime's tables say of clock and date.

import { durationParts } from '../words/durations.ts'
import type { Language } from '../words/language.ts'
import { transliterate } from './transliterate.ts'

/** One pass, so that a part that spells a placeholder stays what it is; an empty part leaves no gap. */
export function fill(template: string, parts: Readonly<Record<string, string>>): string {
  return template
    .replace(/ ?\{([\w.]+)\}/g, (match, name: string) => {
      const part = parts[name] ?? ''
      return part === '' || !match.startsWith(' ') ? part : ` ${part}`
    })
    .trim()
}

export function fillIfPresent(template: string, name: string, value: string): string {
  return value === '' ? '' : fill(template, { [name]: value })
}

/** `14:03 UTC 23 Nov`, in the language's order; '' for an instant outside the calendar: better no time than a false one. */
export function fillTime(instantAt: number, language: Language): string {
  if (!isInCalendar(instantAt)) return ''
  const day = formatsOf(language.intl).date.format(instantAt)
  const date = language.encoding === 'GSM-7' ? transliterate(day) : day.normalize('NFKC')
  return fill(language.alert.time, { clock: clockOf(instantAt, language), date })
}

/** The same without the date: `14:03 UTC`. An SMS carries its own. */
export function fillClock(instantAt: number, language: Language): string {
  if (!isInCalendar(instantAt)) return ''
  return fill(language.alert.time, { clock: clockOf(instantAt, language) })
}

function isInCalendar(instantAt: number): boolean {
  return Number.isFinite(new Date(instantAt).getTime())
}

function clockOf(instantAt: number, { intl }: Language): string {
  return formatsOf(intl).clock.format(instantAt)
}

/** Parts of an SMS that are durations, in milliseconds; in an alphabet that costs no more than the text around them. */
export function smsDurations(
  durations: Readonly<Record<string, number>>,
  language: Language,
): Readonly<Record<string, string>> {
  const parts = durationParts(language, durations)
  if (language.encoding !== 'GSM-7') return parts
  return Object.fromEntries(
    Object.entries(parts).map(([name, said]) => [name, transliterate(said)]),
  )
}

type Formats = { readonly clock: Intl.DateTimeFormat; readonly date: Intl.DateTimeFormat }

const formats = new Map<string, Formats>()

// Making a formatter costs far more than asking one, and there is one pair per language shipped.
function formatsOf(intl: string): Formats {
  const known = formats.get(intl)
  if (known !== undefined) return known
  const made = {
    clock: new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: 'UTC',
    }),
    date: new Intl.DateTimeFormat(intl, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  }
  formats.set(intl, made)
  return made
}
