// `npm run bench`: measures what is promised, on loopback, bounded in count and time. Prints tables and
// writes the same figures as JSON. Ratios within one run mean something; absolute times, little.

import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { bundleWorker } from '../support/bundle.ts'
import type { CarrierMode } from '../world/carrier-modes.ts'
import { measureCost } from './cost.ts'
import { type FailoverFigures, measureFailover } from './failover.ts'
import { compareThroughput } from './throughput.ts'

const HELP = `Usage: npm run bench -- [options]

  --quick      fewer faults, shorter rounds (about a minute)
  --out FILE   where the JSON goes (default dist/bench.json)
  --help       show this text

Measures (a) webhook to provider, healthy and with the first provider in each
fault mode, (b) accepting events and (c) lock links against a bare Worker,
(d) D1 rows and queue messages per alert. Loopback only; about eight minutes.`

const MODES: readonly CarrierMode[] = [
  'ok',
  'hang',
  'hang-after-accept',
  'refuse',
  'reset',
  '500',
  '429',
  'garbage',
  'rejected',
  'slow',
]
const QUICK_MODES: readonly CarrierMode[] = ['ok', 'hang', '500']
const RATES = [20, 100]
const SECONDS = 5
const LOGINS_BEHIND = 100_000

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'dist/bench.json' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(HELP)
else await bench(values.quick, resolve(values.out))

async function bench(isQuick: boolean, out: string): Promise<void> {
  const [plain, compared, counted] = [
    await bundleWorker('src/index.ts', 'bench-plain'),
    await bundleWorker('test/bench/worker.ts', 'bench-compared'),
    await bundleWorker('test/support/worker-under-test.ts', 'bench-counted'),
  ]

  console.log('(d) Cost on the platform')
  const cost = await measureCost(counted, isQuick ? 1_000 : LOGINS_BEHIND)
  console.table(cost)

  console.log('(b, c) Throughput against a bare Worker in the same workerd')
  const rounds = isQuick ? { rounds: 2, seconds: 1 } : { rounds: 5, seconds: 1 }
  const throughput = [
    ...(await compareThroughput(compared, 'front', rounds)),
    ...(await compareThroughput(compared, 'direct', rounds)),
  ]
  console.table(throughput)

  console.log('(a) Webhook to provider, in milliseconds')
  const failover: FailoverFigures[] = []
  for (const perSecond of RATES) {
    for (const mode of isQuick ? QUICK_MODES : MODES) {
      const figures = await measureFailover(plain, { mode, perSecond, seconds: SECONDS })
      failover.push(figures)
      console.log(failoverLine(figures))
    }
  }
  mkdirSync(dirname(out), { recursive: true })
  const machine = { cores: cpus().length, node: process.version }
  writeFileSync(out, `${JSON.stringify({ machine, failover, throughput, cost }, null, 2)}\n`)
  console.log(`Written to ${out}`)
}

function failoverLine(figures: FailoverFigures): string {
  const { p50, p95, p99, max } = figures.latencyMs
  const head = `${figures.mode.padEnd(18)} ${String(figures.perSecond).padStart(4)}/s`
  const times = `p50 ${p50}  p95 ${p95}  p99 ${p99}  max ${max}`
  const { logins, refused, lost, twice } = figures
  return `${head}  ${times.padEnd(44)} of ${logins}: ${refused} refused, ${lost} lost, ${twice} twice`
}
