// The made part of docs/takeovers.md: figures, chart and the assumptions behind them.

import { readFileSync, writeFileSync } from 'node:fs'
import { ASSUMPTIONS } from './assumptions.ts'
import { drawChart } from './chart.ts'
import type { Figures } from './figures.ts'
import { renderAll } from './render.ts'

const DOCUMENT = new URL('../../docs/takeovers.md', import.meta.url)
const CHART = new URL('../../docs/takeovers.svg', import.meta.url)
const BEGIN = '<!-- made by npm run takeovers: figures -->'
const END = '<!-- end: figures -->'

export function writeDocs(
  all: readonly Figures[],
  { runs, seed }: { readonly runs: number; readonly seed: number },
): void {
  const before = readFileSync(DOCUMENT, 'utf8')
  const [head, rest] = before.split(BEGIN)
  const [, tail] = rest?.split(END) ?? []
  if (head === undefined || tail === undefined) throw new Error(`${DOCUMENT} has no place for it`)
  const made = [
    BEGIN,
    '',
    `\`npm run takeovers -- --runs ${runs} --seed ${seed} --docs\``,
    '',
    '![Money lost by thief and policy](takeovers.svg)',
    '',
    renderAll(all),
    '',
    '### What people are assumed to do',
    '',
    '| assumed | from |',
    '|---|---|',
    ...ASSUMPTIONS.map(({ what, source }) => `| ${what} | ${source} |`),
    '',
    END,
  ].join('\n')
  writeFileSync(DOCUMENT, `${head}${made}${tail}`)
  writeFileSync(CHART, drawChart(all))
}
