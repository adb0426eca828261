// Charts as SVG, drawn on the server: no script, no picture from elsewhere. Every figure also stands in a table.

import { html } from 'hono/html'
import type { Markup } from '../../page/markup.ts'

export type ChartPoint = {
  /** Under the line: an hour. */
  readonly label: string
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly count: number
}

const [WIDTH, HEIGHT] = [720, 220]
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 12, 12, 28]
const TICKS_MS = [100, 500, 1_000, 5_000, 30_000, 300_000]
const [LEAST_MS, MOST_MS] = [50, 300_000]

/** Percentiles by hours on a logarithmic axis, the promise as a line, bars for how many alerts there were. */
export function latencyChart(points: readonly ChartPoint[], limitMs: number): Markup {
  const x = (index: number) =>
    LEFT + ((WIDTH - LEFT - RIGHT) * (index + 0.5)) / Math.max(1, points.length)
  const most = Math.max(1, ...points.map(({ count }) => count))
  const barWidth = Math.max(2, ((WIDTH - LEFT - RIGHT) / Math.max(1, points.length)) * 0.6)
  const barHeight = (count: number) => (count / most) * 48
  const line = (pick: (point: ChartPoint) => number | null) =>
    points.flatMap((point, index) => {
      const ms = pick(point)
      return ms === null ? [] : [{ x: x(index), y: yOf(ms) }]
    })
  const [p50, p95] = [line((point) => point.p50Ms), line((point) => point.p95Ms)]
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Time until a provider took an alert, by hours of the last day; the table below has the figures">
    ${TICKS_MS.map((ms) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${yOf(ms)}" y2="${yOf(ms)}" /><text x="${LEFT - 6}" y="${yOf(ms) + 4}" text-anchor="end">${tickWords(ms)}</text>`)}
    ${points.map(({ count }, index) => html`<rect class="bar" x="${x(index) - barWidth / 2}" width="${barWidth}" y="${HEIGHT - BOTTOM - barHeight(count)}" height="${barHeight(count)}" />`)}
    <line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${yOf(limitMs)}" y2="${yOf(limitMs)}" />
    <polyline class="p95" points="${path(p95)}" />${p95.map((at) => html`<circle class="dot95" cx="${at.x}" cy="${at.y}" r="4" />`)}
    <polyline class="p50" points="${path(p50)}" />${p50.map((at) => html`<circle class="dot50" cx="${at.x}" cy="${at.y}" r="4" />`)}
    ${points.map(({ label }, index) => (index % 4 === 0 ? html`<text x="${x(index)}" y="${HEIGHT - 8}" text-anchor="middle">${label}</text>` : ''))}
  </svg>`
}

function path(points: readonly { readonly x: number; readonly y: number }[]): string {
  return points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
}

function yOf(ms: number): number {
  const bounded = Math.min(MOST_MS, Math.max(LEAST_MS, ms))
  const share = Math.log(bounded / LEAST_MS) / Math.log(MOST_MS / LEAST_MS)
  return Number((HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)).toFixed(1))
}

function tickWords(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`
}
