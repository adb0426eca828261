// Plants each bug alone and looks for the seed that catches it. An uncaught one means that the simulator is
// too gentle, or that an invariant is missing.

import { realNow } from '../globals.ts'
import { knownIndex } from '../invariants/known.ts'
import { loadWorker } from '../machine/worker-module.ts'
import { createPasskeys, type Passkeys } from '../outside/passkeys.ts'
import { runSeed } from '../run-seed.ts'
import type { PlantedBug } from './planted-bug.ts'
import { PLANTED_BUGS } from './planted-bugs.ts'

export type Search = {
  readonly seed: number
  readonly runs: number
  readonly chaosMs: number
  /** Empty for all. */
  readonly only: readonly string[]
}

/** How many were not caught. */
export async function runPlanted(search: Search): Promise<number> {
  const chosen = PLANTED_BUGS.filter(
    ({ name }) => search.only.length === 0 || search.only.includes(name),
  )
  if (chosen.length === 0) {
    console.log(`no planted bug is called ${search.only.join(' or ')}; there are:`)
    console.log(PLANTED_BUGS.map(({ name }) => `  ${name}`).join('\n'))
    return 1
  }
  const passkeys = await createPasskeys()
  let missed = 0
  for (const bug of chosen) {
    const startedAt = realNow()
    // One that src/ has outgrown counts as missed, and says so.
    const caught = await hunt(bug, passkeys, search).catch((error: unknown) => {
      console.log(String(error))
      return null
    })
    const seconds = ((realNow() - startedAt) / 1_000).toFixed(1)
    if (caught === null) missed += 1
    const end = caught ?? `NOT CAUGHT in ${search.runs} seeds; it would mean: ${bug.harm}`
    console.log(`${bug.name.padEnd(30)} ${end} (${seconds} s)`)
  }
  console.log(`${chosen.length - missed} of ${chosen.length} planted bugs caught`)
  return missed
}

async function hunt(
  bug: PlantedBug,
  passkeys: Passkeys,
  { seed: first, runs, chaosMs }: Search,
): Promise<string | null> {
  const { name, changes } = bug
  const own = changes.map((change) => ({ ...change, name }))
  const parts = { worker: await loadWorker(name, own), passkeys }
  for (let seed = first; seed < first + runs; seed += 1) {
    const { verdicts } = await runSeed(seed, parts, chaosMs)
    const caught = verdicts.find((verdict) => knownIndex(verdict) < 0)
    if (caught) return `seed ${seed}: ${caught.name}: ${caught.what}`
  }
  return null
}
