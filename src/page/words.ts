// The lock page's texts filled with their {placeholders}, and instants as a reader abroad can read them.

import { maskPhone } from '../lib/mask.ts'
import { fromLeft } from '../words/direction.ts'
import { durationParts } from '../words/durations.ts'
import type { Language } from '../words/language.ts'

/** `{name}` → value; what is not given stays visible, since a hole in a warning misleads. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{([\w.]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  )
}

/** The same with parts that are durations, in milliseconds, said in the form that the sentence asks for. */
export function fillDurations(
  language: Language,
  template: string,
  durations: Readonly<Record<string, number>>,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return fill(template, { ...values, ...durationParts(language, durations) })
}

/** A sentence with `{wait}`, rounded up to a whole unit: nobody is told to come back too early. */
export function fillWait(
  language: Language,
  template: string,
  waitMs: number,
  unitMs: number,
): string {
  return fillDurations(language, template, { wait: Math.ceil(waitMs / unitMs) * unitMs })
}

/** A masked number within a sentence: in its own direction, and on one line. */
export function shownPhone(e164: string): string {
  return fromLeft(maskPhone(e164).replaceAll(' ', '\u00a0'))
}

/**
 * `23 November, 14:03 UTC`: one clock for a reader who may be in any time zone. The day first, in every language: so it
 * stands in order from right to left too, and no article depends on the hour. A line may break between the two alone.
 */
export function formatPageTime(
  at: number,
  { intl, dayEnd }: Pick<Language, 'intl' | 'dayEnd'>,
): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
  }).format(at)
  const day = new Intl.DateTimeFormat(intl, {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  }).format(at)
  // No-break spaces: a time torn over two lines is misread.
  return `${day.replaceAll(' ', '\u00a0')}${dayEnd}${time}\u00a0UTC`
}
