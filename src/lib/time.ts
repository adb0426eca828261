// Durations and instants. Instants are epoch milliseconds and end in `At`; durations carry their unit.

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

// The years that RFC 3339 can write; an offset may lead out of them.
const YEAR_0_AT = Date.parse('0000-01-01T00:00:00Z')
const YEAR_10000_AT = Date.parse('9999-12-31T23:59:59.999Z') + 1

/** RFC 3339 with zone, optional fraction; the calendar must exist (no 31 February). */
const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?([Zz]|[+-](\d{2}):(\d{2}))$/

/** RFC 3339 §5.6 text → epoch milliseconds, or null. `Date.parse` alone takes far more than that. */
export function parseInstant(text: string): number | null {
  const match = RFC3339.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second, , , zoneHour, zoneMinute] = match
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  if (Number(zoneHour ?? 0) > 23 || Number(zoneMinute ?? 0) > 59) return null
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`)
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCDate() !== Number(day)) return null
  const at = Date.parse(text.toUpperCase())
  return at >= YEAR_0_AT && at < YEAR_10000_AT ? at : null
}

/** Epoch milliseconds → RFC 3339 in UTC, or null for null. */
export function formatInstant(at: number): string
export function formatInstant(at: number | null): string | null
export function formatInstant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

/** Whether `ms` are over since `since`. A clock that was set back meanwhile tells nothing of it: then they are. */
export function isOver(ms: number, since: number, now: number): boolean {
  return now < since || now - since >= ms
}
