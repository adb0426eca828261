// npm run simulate: the whole Worker in virtual time, seed after seed. See README.md.

import { realNow } from './globals.ts'
import { KNOWN, knownIndex } from './invariants/known.ts'
import { loadWorker } from './machine/worker-module.ts'
import { type Options, readChoice } from './options.ts'
import { createPasskeys } from './outside/passkeys.ts'
import { runPlanted } from './planted/run-planted.ts'
import { addCounts, describeFailure, describeTotals } from './report.ts'
import { runSeed } from './run-seed.ts'
import type { Sometime } from './sometimes.ts'

const HOUR_MS = 3_600_000
/** What the modules of src/ keep for good is there before the first seed that counts. */
const WARM_UP_SEED = 0
const WARM_UP_MS = 120_000

async function runSeeds(options: Options, chaosMs: number): Promise<number> {
  const startedAt = realNow()
  const parts = { worker: await loadWorker(null), passkeys: await createPasskeys() }
  await runSeed(WARM_UP_SEED, parts, WARM_UP_MS)
  let failed = 0
  let events = 0
  const counts = new Map<Sometime, number>()
  const known = KNOWN.map((): number[] => [])
  for (let seed = options.seed; seed < options.seed + options.runs; seed += 1) {
    const result = await runSeed(seed, parts, chaosMs, options)
    events += result.events
    addCounts(counts, result.counts)
    if (options.isVerbose) console.log(result.lines.join('\n'))
    if (options.runs === 1) {
      console.log(`seed ${seed}: ${result.lines.length} lines, hash ${result.hash}`)
    }
    const isSame =
      !options.isTwice || (await runSeed(seed, parts, chaosMs, options)).hash === result.hash
    if (!isSame) console.log(`seed ${seed}: two runs gave two logs`)
    const fresh = result.verdicts.filter((verdict) => {
      const index = knownIndex(verdict)
      known[index]?.push(seed)
      return index < 0
    })
    if (fresh.length > 0) {
      console.log(describeFailure({ ...result, verdicts: fresh }, options))
    }
    if (!isSame || fresh.length > 0) failed += 1
  }
  for (const [index, { note }] of KNOWN.entries()) {
    const [first] = known[index] ?? []
    if (first !== undefined) console.log(`known, first in seed ${first}: ${note}`)
  }
  const seconds = (realNow() - startedAt) / 1_000
  console.log(describeTotals({ runs: options.runs, failed, events, seconds, counts }))
  return failed
}

async function run(options: Options): Promise<void> {
  const chaosMs = Math.round(options.hours * HOUR_MS)
  const bad = options.isPlanted
    ? await runPlanted({ ...options, chaosMs })
    : await runSeeds(options, chaosMs)
  process.exitCode = bad > 0 ? 1 : 0
}

const choice = readChoice(process.argv.slice(2))
if (choice.kind === 'run') await run(choice.options)
else {
  console.log(choice.text)
  process.exitCode = choice.exitCode
}
