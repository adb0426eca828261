// The providers on the one screen: asked, taken, faults, receipts, how long, whether they are trusted and why. Markup only.

import { html } from 'hono/html'
import type { Markup } from '../../page/markup.ts'
import { breakerGate } from '../../routing/breaker.ts'
import { LONGEST_MS } from '../../watch/histogram.ts'
import { type MeasureCell, sumBy } from '../../watch/measure-cells.ts'
import { percentiles } from '../latency.ts'
import type { Overview } from '../overview.ts'
import { durationWords, instantWords } from '../plain-words.ts'
import { table } from './layout.ts'

const NOTHING: Pick<MeasureCell, 'counts' | 'times'> = { counts: {}, times: {} }

export function providerSection(overview: Overview): Markup {
  const { facts, recent, recentSinceAt } = overview
  const counted = sumBy(recent, ({ provider }) => provider)
  const names = [...new Set([...facts.providers, ...counted.keys()])].filter((name) => name !== '')
  const rows = names.map((name) => {
    const { counts, times } = counted.get(name) ?? NOTHING
    const { asked = 0, accepted = 0, faults = 0, refused = 0, delivered = 0, failed = 0 } = counts
    const call = percentiles(times.call ?? [])
    return html`<tr><td>${name}</td><td class="n">${asked}</td><td class="n">${accepted}</td>
      <td class="n${faults > 0 ? ' poor' : ''}">${faults}</td><td class="n">${refused}</td>
      <td class="n">${delivered}</td><td class="n">${failed}</td>
      <td class="n">${durationWords(call.p50Ms, LONGEST_MS)}</td><td class="n">${durationWords(call.p95Ms, LONGEST_MS)}</td>
      <td>${trustWords(overview, name)}</td></tr>`
  })
  return html`<h2>Providers</h2>${table(
    `Calls for alerts since ${instantWords(recentSinceAt)}, in order of preference`,
    [
      'Provider',
      { n: 'Asked' },
      { n: 'Taken' },
      { n: 'Faults' },
      { n: 'Refused' },
      { n: 'Arrived' },
      { n: 'Failed later' },
      { n: 'Answer: p50' },
      { n: 'p95' },
      'Trust',
    ],
    rows,
  )}`
}

/** Of it everywhere and of it in single countries. */
function trustWords({ facts, readAt }: Overview, name: string): string {
  const isOf = (scope: string) => scope === name || scope.startsWith(`${name}/`)
  const where = (scope: string) => (scope === name ? '' : ` for ${scope.slice(name.length + 1)}`)
  const distrusted = facts.breakers
    .filter((row) => isOf(row.scope) && breakerGate(row, readAt) !== 'closed')
    .map(
      ({ scope, code, figure }) =>
        `asked last${where(scope)}: ${figure === '' ? code : `${figure} (${code})`}`,
    )
  const lowered = facts.weights
    .filter(({ scope, keptPercent }) => isOf(scope) && keptPercent < 100)
    .map(
      ({ scope, keptPercent, reason }) =>
        `${keptPercent} percent of its share${where(scope)}: ${reason}`,
    )
  const words = [...distrusted, ...lowered]
  return words.length === 0 ? 'trusted' : words.join('; ')
}
