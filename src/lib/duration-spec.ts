// Durations in the words of the API's description, each from the constant that decides it.

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts'

const UNITS = [
  { unitMs: DAY_MS, one: 'day' },
  { unitMs: HOUR_MS, one: 'hour' },
  { unitMs: MINUTE_MS, one: 'minute' },
  { unitMs: SECOND_MS, one: 'second' },
] as const

/** `24 hours`, `30 days`: the largest unit that counts to two, since `24 hours` says more than `1 day`. */
export function durationInWords(durationMs: number): string {
  const fits = ({ unitMs }: (typeof UNITS)[number]) =>
    durationMs % unitMs === 0 && durationMs >= 2 * unitMs
  const unit = UNITS.find(fits)
  if (!unit) throw new Error(`no unit counts ${durationMs} ms`)
  return `${durationMs / unit.unitMs} ${unit.one}s`
}
