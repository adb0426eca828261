// How long alerts take, on the one screen: a chart of the day, a table by country against the promise, and what the
// figures are worth. Markup only.

import { html } from 'hono/html'
import { HOUR_MS } from '../../lib/time.ts'
import type { Markup } from '../../page/markup.ts'
import { LONGEST_MS } from '../../watch/histogram.ts'
import { hourOf, sumBy } from '../../watch/measure-cells.ts'
import {
  type LatencyRow,
  PROMISED_MS,
  PROMISED_PERCENT,
  percentiles,
  QUALITY_WORDS,
} from '../latency.ts'
import type { Overview } from '../overview.ts'
import { durationWords, instantWords } from '../plain-words.ts'
import { type ChartPoint, latencyChart } from './chart.ts'
import { table } from './layout.ts'

const COUNTRIES_SHOWN = 60

export function latencySection({ latencies, hours, recentSinceAt, readAt }: Overview): Markup {
  if (latencies.length === 0 && hours.every(({ cells }) => cells.length === 0)) {
    return html`<h2>How long alerts take</h2><p>Nothing has been counted in the last day. Figures come a minute or two after the alerts.</p>`
  }
  return html`<h2>How long alerts take</h2>
    <figure>${latencyChart(pointsOf(hours, readAt), PROMISED_MS)}
      <figcaption>From the webhook until a provider had the text, by hours (UTC): <span class="key50">half of them</span>, <span class="key95">95 percent</span>, <span class="keylimit">the promise, 5 s</span>. Bars: how many.</figcaption></figure>
    ${table(
      `Since ${instantWords(recentSinceAt)}; promised: ${PROMISED_PERCENT} percent within 5 s`,
      [
        'Country',
        { n: 'Alerts' },
        { n: 'Within 5 s' },
        { n: 'Taken: p50' },
        { n: 'p95' },
        { n: 'p99' },
        { n: 'Arrived: p50' },
        { n: 'p95' },
        { n: 'p99' },
        { n: 'Given up' },
        'Evidence',
      ],
      latencies.slice(0, COUNTRIES_SHOWN).map(latencyRow),
    )}
    <p class="muted">Arrived: by receipts, at the instant they reached us; carriers may send them late, or for texts that never arrived. Times are within a few percent: they are counted in fixed steps.</p>`
}

function latencyRow(row: LatencyRow): Markup {
  const { country, accepted, delivered, undelivered, keptPercent, quality } = row
  const isPoor = keptPercent !== null && keptPercent < PROMISED_PERCENT
  const cell = (ms: number | null) => html`<td class="n">${durationWords(ms, LONGEST_MS)}</td>`
  return html`<tr><td>${country === '*' ? 'All' : country}</td><td class="n">${accepted.count}</td>
    <td class="n${isPoor ? ' poor' : ''}">${keptPercent === null ? '–' : `${percentWords(keptPercent)} %`}</td>
    ${cell(accepted.p50Ms)}${cell(accepted.p95Ms)}${cell(accepted.p99Ms)}
    ${cell(delivered.p50Ms)}${cell(delivered.p95Ms)}${cell(delivered.p99Ms)}
    <td class="n${undelivered > 0 ? ' poor' : ''}">${undelivered}</td><td>${QUALITY_WORDS[quality]}</td></tr>`
}

/** Rounded down: what is just below the promise must not look kept. */
function percentWords(percent: number): string {
  return (Math.floor(percent * 10) / 10).toFixed(1)
}

/** The last 24 hours, oldest first; those without alerts too, so that a gap is seen. */
function pointsOf(hours: Overview['hours'], readAt: number): readonly ChartPoint[] {
  const last = hourOf(readAt)
  return Array.from({ length: HOURS_SHOWN }, (_, nth) => {
    const hourAt = last - (HOURS_SHOWN - 1 - nth) * HOUR_MS
    const cells = hours.find((hour) => hour.hourAt === hourAt)?.cells ?? []
    const accepted = sumBy(cells, () => '*').get('*')?.times.accepted ?? []
    const { count, p50Ms, p95Ms } = percentiles(accepted)
    return { label: new Date(hourAt).toISOString().slice(11, 16), count, p50Ms, p95Ms }
  })
}

const HOURS_SHOWN = 24
