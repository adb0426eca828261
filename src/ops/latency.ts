// How long alerts take, told by country: percentiles against the promise, and how much the figures are worth. Pure.

import type { ReceiptQuality } from '../country/sender-rules.ts'
import { countOf, countWithin, type Histogram, quantileMs } from '../watch/histogram.ts'
import { type MeasureCell, NO_COUNTRY, sumBy } from '../watch/measure-cells.ts'

/** From the webhook until a provider has the text. */
export const PROMISED_MS = 5_000
/** Of all alerts that were to be told. */
export const PROMISED_PERCENT = 99

/** What a 99th percentile needs to be more than its one slowest. */
const ENOUGH = 100

export type Percentiles = {
  readonly count: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

/**
 * `good`: enough alerts, most of them with a receipt from the phone or its carrier · `few`: too few for a 99th percentile ·
 * `few_receipts`: for less than half of what was taken a receipt came · `carrier_word`: receipts of this country say that
 * the carrier has it, or nobody knows what they say · `none`: nothing was taken
 */
export type EvidenceQuality = 'good' | 'few' | 'few_receipts' | 'carrier_word' | 'none'

export type LatencyRow = {
  /** ISO 3166-1 alpha-2, `??`, or `*` for all. */
  readonly country: string
  readonly accepted: Percentiles
  readonly delivered: Percentiles
  readonly undelivered: number
  /** Of accepted and undelivered, how many were taken within the promise; null without any. */
  readonly keptPercent: number | null
  readonly quality: EvidenceQuality
}

/** All together first, then the countries with most alerts. */
export function latencyRows(
  cells: readonly MeasureCell[],
  sourceOf: (country: string) => ReceiptQuality,
): readonly LatencyRow[] {
  const alerts = cells.filter(({ country }) => country !== NO_COUNTRY)
  const all = [...sumBy(alerts, () => '*')].map((entry) => rowOf(entry, () => 'handset'))
  const countries = [...sumBy(alerts, ({ country }) => country)]
    .map((entry) => rowOf(entry, sourceOf))
    .toSorted((a, b) => b.accepted.count - a.accepted.count || (a.country < b.country ? -1 : 1))
  return [...all, ...countries]
}

function rowOf(
  [country, { counts, times }]: readonly [string, Pick<MeasureCell, 'counts' | 'times'>],
  sourceOf: (country: string) => ReceiptQuality,
): LatencyRow {
  const accepted = times.accepted ?? []
  const undelivered = counts.undelivered ?? 0
  const total = countOf(accepted) + undelivered
  return {
    country,
    accepted: percentiles(accepted),
    delivered: percentiles(times.delivered ?? []),
    undelivered,
    keptPercent: total === 0 ? null : (countWithin(accepted, PROMISED_MS) * 100) / total,
    quality: qualityOf(countOf(accepted), counts, sourceOf(country)),
  }
}

export function percentiles(histogram: Histogram): Percentiles {
  return {
    count: countOf(histogram),
    p50Ms: quantileMs(histogram, 0.5),
    p95Ms: quantileMs(histogram, 0.95),
    p99Ms: quantileMs(histogram, 0.99),
  }
}

function qualityOf(
  alerts: number,
  { accepted = 0, delivered = 0, failed = 0 }: MeasureCell['counts'],
  source: ReceiptQuality,
): EvidenceQuality {
  if (accepted === 0) return 'none'
  if (alerts < ENOUGH) return 'few'
  if ((delivered + failed) * 2 < accepted) return 'few_receipts'
  return source === 'handset' ? 'good' : 'carrier_word'
}

export const QUALITY_WORDS: Readonly<Record<EvidenceQuality, string>> = {
  good: 'good',
  few: 'few alerts',
  few_receipts: 'few receipts',
  carrier_word: 'the carrier’s word',
  none: 'none',
}
