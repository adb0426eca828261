// What an isolate counts of alerts, per hour, country and provider, in its memory: no login may cost a row for it. Handed
// out in one lump a minute at most; what dies with the isolate is evidence, and no alert.

import { HOUR_MS, isOver, MINUTE_MS } from '../lib/time.ts'
import { addDuration, type Histogram, mergeHistograms } from './histogram.ts'

/**
 * count | of
 * --- | ---
 * `asked` | calls to the provider for alerts
 * `accepted` | of these, taken
 * `faults` | of these, failed by the provider's fault, its silence included
 * `refused` | of these, refused for the recipient's or the text's sake
 * `segments` | of what was taken
 * `delivered`, `failed` | receipts that say so
 * `undelivered` | alerts given up though the recipient could be reached
 * `holds_cooling_off`, `holds_activity`, `holds_planned` | holds that began, once the exchange had confirmed to know
 * `holds_ended` | of these, ended early, likewise
 */
export const MEASURES = [
  'asked',
  'accepted',
  'faults',
  'refused',
  'segments',
  'delivered',
  'failed',
  'undelivered',
  'holds_cooling_off',
  'holds_activity',
  'holds_planned',
  'holds_ended',
] as const
export type Measure = (typeof MEASURES)[number]

/**
 * `call`: until the provider answered a call that it took · `accepted`, `delivered`: from the webhook until the first
 * provider had taken the alert, and until its receipt came, by our own clock.
 */
export const TIMES = ['call', 'accepted', 'delivered'] as const
export type Time = (typeof TIMES)[number]

export type MeasureKey = {
  /** Start of the hour, epoch milliseconds. */
  readonly hourAt: number
  /** ISO 3166-1 alpha-2, or `??`; the empty text of what is no alert's. */
  readonly country: string
  /** Its name; the empty text where there was none. */
  readonly provider: string
}

export type MeasureCell = MeasureKey & {
  readonly counts: Readonly<Partial<Record<Measure, number>>>
  readonly times: Readonly<Partial<Record<Time, Histogram>>>
}

export type MeasureBuffer = {
  readonly cells: Map<string, MeasureCell>
  /** When the oldest of what is in it was counted. */
  firstAt: number
}

export const UNKNOWN_COUNTRY = '??'
export const NO_COUNTRY = ''

/** Far more than pairs of country and provider that an isolate meets in an hour or two. */
const CELLS_MAX = 1_000
const FLUSH_EVERY_MS = MINUTE_MS

export function createMeasureBuffer(): MeasureBuffer {
  return { cells: new Map(), firstAt: 0 }
}

export type Counted = {
  readonly country: string | null | undefined
  readonly provider: string | null
  readonly counts?: Readonly<Partial<Record<Measure, number>>>
  /** In milliseconds. */
  readonly times?: Readonly<Partial<Record<Time, number>>>
}

export function countMeasure(buffer: MeasureBuffer, counted: Counted, now: number): void {
  const key = {
    hourAt: hourOf(now),
    country: counted.country ?? UNKNOWN_COUNTRY,
    provider: counted.provider ?? '',
  }
  const name = cellName(key)
  const known = buffer.cells.get(name)
  if (!known && buffer.cells.size >= CELLS_MAX) return
  if (buffer.cells.size === 0) buffer.firstAt = now
  const histograms = TIMES.flatMap((time): [Time, Histogram][] => {
    const durationMs = counted.times?.[time]
    return durationMs === undefined ? [] : [[time, addDuration([], Math.max(0, durationMs))]]
  })
  const cell = { ...key, counts: counted.counts ?? {}, times: Object.fromEntries(histograms) }
  buffer.cells.set(name, known ? mergeCells(known, cell) : cell)
}

/** What is to be stored now, or nothing; the buffer is empty afterwards. */
export function takeMeasures(buffer: MeasureBuffer, now: number): readonly MeasureCell[] {
  if (buffer.cells.size === 0 || !isOver(FLUSH_EVERY_MS, buffer.firstAt, now)) return []
  const cells = [...buffer.cells.values()]
  buffer.cells.clear()
  return cells
}

/** Each cell once, what stood there twice added up. */
export function sumCells(cells: readonly MeasureCell[]): readonly MeasureCell[] {
  const sums = new Map<string, MeasureCell>()
  for (const cell of cells) {
    const name = cellName(cell)
    const known = sums.get(name)
    sums.set(name, known ? mergeCells(known, cell) : cell)
  }
  return [...sums.values()]
}

/** All cells that have the same by `by`, added up under it. */
export function sumBy(
  cells: readonly MeasureCell[],
  by: (cell: MeasureCell) => string,
): ReadonlyMap<string, Pick<MeasureCell, 'counts' | 'times'>> {
  const sums = new Map<string, MeasureCell>()
  for (const cell of cells) {
    const known = sums.get(by(cell))
    sums.set(by(cell), known ? mergeCells(known, cell) : cell)
  }
  return sums
}

function mergeCells(left: MeasureCell, right: MeasureCell): MeasureCell {
  const counts = MEASURES.flatMap((measure): [Measure, number][] => {
    const sum = (left.counts[measure] ?? 0) + (right.counts[measure] ?? 0)
    return sum === 0 ? [] : [[measure, sum]]
  })
  const times = TIMES.flatMap((time): [Time, Histogram][] => {
    const sum = mergeHistograms(left.times[time] ?? [], right.times[time] ?? [])
    return sum.length === 0 ? [] : [[time, sum]]
  })
  const { hourAt, country, provider } = left
  return {
    hourAt,
    country,
    provider,
    counts: Object.fromEntries(counts),
    times: Object.fromEntries(times),
  }
}

export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS
}

function cellName({ hourAt, country, provider }: MeasureKey): string {
  return `${hourAt}/${country}/${provider}`
}
