// Writes docs/measured.md and its charts from the figures that were kept. The page says of each section
// when, on what and from which commit; a part that was never measured has none.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../../support/bundle.ts'
import type { Part } from '../options.ts'
import { type Result, readResult } from '../results.ts'
import { bareSection, costSection, killsSection, refusalsSection } from './more-sections.ts'
import { distanceSection, faultsSection, peersSection, type Section } from './sections.ts'

const PAGE = join(PROJECT_ROOT, 'docs/measured.md')
const CHARTS = join(PROJECT_ROOT, 'docs/charts')

const HEAD = `# Measured

Written by \`npm run bench -- --docs\`; \`npm run bench -- --help\` says what else it can do. Load generator, simulated world and
the local runtime share one machine, everything on its loopback. Times say little elsewhere; ratios and counts say more.
Nothing here was measured on Cloudflare.`

/** Returns what was written. */
export function writeMeasured(): readonly string[] {
  const sections = [
    section('faults', faultsSection),
    section('distance', distanceSection),
    section('peers', peersSection),
    section('bare', bareSection),
    section('refusals', refusalsSection),
    section('cost', costSection),
    section('kills', killsSection),
  ].filter((one) => one !== null)
  mkdirSync(CHARTS, { recursive: true })
  const charts = sections.flatMap(({ charts: drawn }) => Object.entries(drawn))
  for (const [name, svg] of charts) writeFileSync(join(CHARTS, name), svg)
  writeFileSync(PAGE, `${[HEAD, ...sections.map(({ text }) => text)].join('\n\n')}\n`)
  return ['docs/measured.md', ...charts.map(([name]) => `docs/charts/${name}`)]
}

function section<P extends Part>(part: P, render: (result: Result<P>) => Section): Section | null {
  const result = readResult(part)
  if (result === null) return null
  const { text, charts } = render(result)
  return { charts, text: `${text}\n\n${footing(result)}` }
}

function footing({ machine, loadAverages, isQuick }: Result<Part>): string {
  const { date, cores, cpu, node, workerd, commit } = machine
  const [before, after] = loadAverages
  const quick = isQuick ? ' A quick run.' : ''
  return `*${date}, commit ${commit}: ${cores} cores (${cpu}), Node ${node}, workerd ${workerd}; load average ${before} before, ${after} after.${quick}*`
}
