// How the operator's texts say counts, ages and sizes: short, English, always the same.

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts'

/** `1 lock`, `2 locks`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

/** `8 s`, `3 min`, `5 h`, `2 days`: rounded down. */
export function agoWords(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / SECOND_MS))} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`
  return `${Math.floor(ms / DAY_MS)} days`
}

/** `340 ms`, `1.2 s`, `over 300 s`. */
export function durationWords(ms: number | null, longestMs: number): string {
  if (ms === null) return '–'
  if (ms === Number.POSITIVE_INFINITY) return `over ${longestMs / SECOND_MS} s`
  return ms < SECOND_MS ? `${Math.round(ms)} ms` : `${(ms / SECOND_MS).toFixed(1)} s`
}

/** `12 MB`, `3.4 GB`. */
export function bytesWords(bytes: number | null): string {
  if (bytes === null) return 'unknown'
  const megabytes = bytes / 1_000_000
  return megabytes < 1_000 ? `${megabytes.toFixed(1)} MB` : `${(megabytes / 1_000).toFixed(2)} GB`
}

/** `2026-11-28 14:03:27 UTC`. */
export function instantWords(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
