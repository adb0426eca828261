// npm run takeovers: accounts taken over by thieves of six kinds, under each policy, in virtual time. See docs/takeovers.md.

import { realNow } from '../simulate/globals.ts'
import { loadWorker } from '../simulate/machine/worker-module.ts'
import { createPasskeys } from '../simulate/outside/passkeys.ts'
import { runBatch } from './batch.ts'
import { writeDocs } from './docs.ts'
import { countFigures, type Figures } from './figures.ts'
import { type Options, readChoice } from './options.ts'
import type { OwnWithdrawal } from './own-withdrawal.ts'
import type { Policy } from './policies.ts'
import { renderAll } from './render.ts'
import type { Takeover } from './takeover.ts'
import { HELD_TRIALS, type Trial } from './trials.ts'
import type { Parts } from './world.ts'

/** In one world: all kinds of thieves for all kinds of owners, twice. */
const BATCH = 48
/** Seeds of two batches of one run are never those of another run. */
const SEEDS = 100_000

async function runPolicy(
  parts: Parts,
  policy: Policy,
  { seed, runs, policies, isSilent }: Options,
): Promise<Figures> {
  const size = Math.ceil(runs / policies.length)
  const startedAt = realNow()
  const takeovers: Takeover[] = []
  const own: OwnWithdrawal[] = []
  const trials: Trial[] = []
  for (let done = 0; done < size; done += BATCH) {
    const options = { seed: seed * SEEDS + done, policy, isSilent }
    const batch = await runBatch({ ...options, size: Math.min(BATCH, size - done) }, parts)
    takeovers.push(...batch.takeovers)
    own.push(...batch.own)
    trials.push(...batch.trials)
    const seconds = Math.round((realNow() - startedAt) / 1_000)
    process.stderr.write(`${policy.name}: ${takeovers.length} of ${size}, ${seconds} s\n`)
  }
  return countFigures(policy, takeovers, own, trials)
}

const withinOf = (trials: Figures['trials']) =>
  HELD_TRIALS.reduce((sum, kind) => sum + trials[kind].within, 0)

async function run(options: Options): Promise<void> {
  const worker = await loadWorker(null)
  const parts = { worker, passkeys: await createPasskeys() }
  const all: Figures[] = []
  for (const policy of options.policies) all.push(await runPolicy(parts, policy, options))
  console.log(renderAll(all))
  if (options.isForDocs) writeDocs(all, options)
  const released = all
    .filter(({ policy }) => policy.coolingOffHours > 0)
    .reduce((sum, { silent, trials }) => sum + silent.within + withinOf(trials), 0)
  if (released > 0) console.log(`\n${released} withdrawals were released within the hours`)
  process.exitCode = released > 0 ? 1 : 0
}

const choice = readChoice(process.argv.slice(2))
if (choice.kind === 'run') await run(choice.options)
else {
  console.log(choice.text)
  process.exitCode = choice.exitCode
}
