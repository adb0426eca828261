// What was counted, as data points of Analytics Engine: one per country, where the binding exists. An invocation may
// write 25; the countries with most alerts come first.

import { countOf, LONGEST_MS, quantileMs } from '../watch/histogram.ts'
import { type MeasureCell, NO_COUNTRY, sumBy } from '../watch/measure-cells.ts'

const POINTS_MAX = 20

export function pointsOf(cells: readonly MeasureCell[]): readonly AnalyticsEngineDataPoint[] {
  const alerts = cells.filter(({ country }) => country !== NO_COUNTRY)
  return [...sumBy(alerts, ({ country }) => country)]
    .map(([country, { counts, times }]) => ({
      alerts: countOf(times.accepted ?? []),
      point: {
        indexes: [country],
        blobs: ['alerts', country],
        doubles: [
          countOf(times.accepted ?? []),
          ...quantiles(times.accepted),
          countOf(times.delivered ?? []),
          ...quantiles(times.delivered),
          counts.undelivered ?? 0,
          counts.segments ?? 0,
        ],
      },
    }))
    .toSorted((a, b) => b.alerts - a.alerts)
    .slice(0, POINTS_MAX)
    .map(({ point }) => point)
}

function quantiles(histogram: MeasureCell['times']['accepted']): readonly number[] {
  return [0.5, 0.95, 0.99].map((share) =>
    Math.min(quantileMs(histogram ?? [], share) ?? 0, LONGEST_MS),
  )
}
