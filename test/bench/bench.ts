// `npm run bench`: measures what is promised, on loopback, bounded in count and time; keeps the figures and
// writes the page of them. Ratios within one run mean something; absolute times, on a busy machine, little.

import { cpus } from 'node:os'
import { bundleWorker } from '../support/bundle.ts'
import { type BareFigures, compareWithBare } from './against-bare.ts'
import { closeAll, isStopped } from './closing.ts'
import { measureCost } from './cost.ts'
import { measureKills } from './kills.ts'
import { startLockline } from './lockline-target.ts'
import { loadAverage } from './machine.ts'
import { type DelayFigures, measureDelays } from './measure-delays.ts'
import { measureMoves } from './moves/measure-moves.ts'
import { BENCH_HELP, type BenchOptions, type Part, readBenchOptions } from './options.ts'
import { installPeers } from './peers/install.ts'
import { startPeers } from './peers/peers-target.ts'
import { measureRefusals, uncoveredPaths } from './refusals.ts'
import { delayLine, refusalLine } from './report/lines.ts'
import { writeMeasured } from './report/measured.ts'
import { keepResult } from './results.ts'
import {
  distanceScenarios,
  faultScenarios,
  peerScenarios,
  type Scenario,
  scenarioName,
} from './scenario.ts'
import { measureWalks, walkInProcess } from './walk.ts'

const DOORS = ['front', 'direct'] as const

async function main(): Promise<void> {
  const choice = readBenchOptions(process.argv.slice(2))
  if (choice.kind === 'help') console.log(BENCH_HELP)
  else if (choice.kind === 'refused') {
    console.error(`${choice.message}\n\n${BENCH_HELP}`)
    process.exitCode = 2
  } else {
    warnOfOthers()
    for (const part of choice.options.parts) {
      say(`— ${part} —`)
      await runners[part](choice.options)
    }
    if (choice.options.writesDocs) for (const file of writeMeasured()) say(`Written: ${file}`)
  }
}

const runners: Readonly<Record<Part, (options: BenchOptions) => Promise<void>>> = {
  cost: ({ isQuick }) =>
    keepResult('cost', isQuick, async () => {
      const bundle = await bundleWorker('test/support/worker-under-test.ts', 'bench-counted')
      const figures = await measureCost(bundle, isQuick ? 100 : 900)
      console.table(figures)
      return figures
    }),
  refusals: ({ isQuick }) =>
    keepResult('refusals', isQuick, async () => {
      const missing = uncoveredPaths()
      if (missing.length > 0) say(`Paths without a row: ${missing.join(' ')}`)
      const run = isQuick ? { rounds: 1, seconds: 0.3 } : { rounds: 3, seconds: 1 }
      return measureRefusals(await bareBundle(), run, (row) => say(refusalLine(row)))
    }),
  bare: ({ isQuick }) =>
    keepResult('bare', isQuick, async () => {
      const run = isQuick
        ? { rounds: 2, seconds: 1, links: 200 }
        : { rounds: 5, seconds: 2, links: 1_000 }
      const figures: BareFigures[] = []
      for (const door of DOORS) {
        const measured = await compareWithBare(await bareBundle(), door, run)
        figures.push(measured)
        console.table(measured.comparisons)
        console.table(measured.timesTo202.map((row) => ({ ...row, ...row.answeredMs })))
      }
      return figures
    }),
  faults: ({ isQuick }) => keepResult('faults', isQuick, () => measureAll(faultScenarios(isQuick))),
  distance: ({ isQuick }) =>
    keepResult('distance', isQuick, () => measureAll(distanceScenarios(isQuick))),
  peers: ({ isQuick }) => keepResult('peers', isQuick, () => measurePeers(peerScenarios(isQuick))),
  moves: ({ isQuick }) =>
    keepResult('moves', isQuick, async () => {
      const bundle = await bundleWorker('src/index.ts', 'bench-plain')
      const figures = await measureMoves(bundle, isQuick ? 5 : 50, say)
      console.log(figures)
      return figures
    }),
  walk: ({ isQuick }) =>
    keepResult('walk', isQuick, async () => {
      const bundle = await bundleWorker('src/index.ts', 'bench-plain')
      const counted = await measureWalks(bundle, isQuick ? 2_000 : 4_000, say)
      const timed = await walkInProcess(isQuick ? 20_000 : 1_000_000, say)
      const figures = [...counted, ...timed]
      console.table(figures)
      return figures
    }),
  kills: ({ isQuick, kills }) =>
    keepResult('kills', isQuick, async () => {
      const bundle = await bundleWorker('src/index.ts', 'bench-plain')
      const figures = await measureKills(bundle, kills, (done) => {
        if (done % 5 === 0 || done === kills) say(`killed ${done} of ${kills}`)
      })
      console.log(figures)
      return figures
    }),
}

function bareBundle() {
  return bundleWorker('test/bench/workers/bare-worker.ts', 'bench-bare')
}

async function bundles() {
  return {
    plain: await bundleWorker('src/index.ts', 'bench-plain'),
    late: await bundleWorker('test/bench/workers/late-worker.ts', 'bench-late'),
  }
}

async function measureAll(scenarios: readonly Scenario[]): Promise<readonly DelayFigures[]> {
  const both = await bundles()
  const figures: DelayFigures[] = []
  for (const [index, scenario] of scenarios.entries()) {
    say(`${index + 1} of ${scenarios.length}: ${scenarioName(scenario)}`)
    figures.push(await measureOne(scenario, () => startLockline(both, scenario)))
  }
  return figures
}

/** Turn by turn, so that what else the machine does falls on all of them. */
async function measurePeers(scenarios: readonly Scenario[]): Promise<readonly DelayFigures[]> {
  const both = await bundles()
  const peers = await installPeers()
  const figures: DelayFigures[] = []
  for (const [index, scenario] of scenarios.entries()) {
    say(`${index + 1} of ${scenarios.length}: ${scenarioName(scenario)}`)
    for (const door of DOORS) {
      const throughDoor = { ...scenario, door }
      figures.push(await measureOne(throughDoor, () => startLockline(both, throughDoor)))
    }
    figures.push(await measureOne(scenario, () => startPeers(peers)))
  }
  return figures
}

async function measureOne(
  scenario: Scenario,
  start: () => ReturnType<typeof startLockline>,
): Promise<DelayFigures> {
  const shootable = await start()
  try {
    const figures = await measureDelays(shootable, scenario)
    say(`  ${delayLine(figures)}`)
    return figures
  } finally {
    await shootable.close()
  }
}

function warnOfOthers(): void {
  const load = loadAverage()
  if (load < cpus().length) return
  say(
    `Load average ${load}: others are working here. Times will be theirs too; see CPU and ratios.`,
  )
}

function say(line: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`)
}

try {
  await main()
} catch (error) {
  if (!isStopped()) {
    console.error(error)
    process.exitCode = 1
    await closeAll()
  }
}
