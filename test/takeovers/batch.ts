// Many takeovers in one world, spread over a day: they share the Worker and its database, not an account.

import { createRandom, type Random } from '../simulate/machine/random.ts'
import { settleIn } from './account.ts'
import {
  ACTING_SHARE,
  GUISE_WEIGHTS,
  OCCASIONS,
  OWNERS,
  PASSKEY_SHARE,
  THIEVES,
} from './assumptions.ts'
import { type OwnWithdrawal, withdrawOwn } from './own-withdrawal.ts'
import type { Policy } from './policies.ts'
import { type Draw, type Takeover, takeOver } from './takeover.ts'
import { PASSKEY_TRIALS, runTrial, TRIALS, type Trial } from './trials.ts'
import { openWorld, type Parts } from './world.ts'

export type Batch = {
  readonly takeovers: readonly Takeover[]
  readonly own: readonly OwnWithdrawal[]
  readonly trials: readonly Trial[]
}

export type BatchOptions = {
  readonly seed: number
  readonly policy: Policy
  /** Takeovers; for each fifth there is an owner's own withdrawal, and for each third a trial, of other accounts. */
  readonly size: number
  /** Nobody acts on a notice. */
  readonly isSilent: boolean
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Older than this, a proof may release. */
const SETTLED_MS = 7 * DAY_MS
const OWN_EVERY = 5
const TRIAL_EVERY = 3

export async function runBatch(options: BatchOptions, parts: Parts): Promise<Batch> {
  const { seed, policy, size, isSilent } = options
  const world = openWorld({ seed, policy }, parts)
  // The same people under every policy.
  const random = createRandom(seed, 'draws')
  const takeovers: Takeover[] = []
  const own: OwnWithdrawal[] = []
  const trials: Trial[] = []
  const one = async (number: number) => {
    const draw = drawTakeover(random, number, isSilent)
    const arrivesMs = random.whole(0, 6 * HOUR_MS)
    const beginsMs = SETTLED_MS + random.whole(0, DAY_MS)
    await world.sleep(arrivesMs)
    const account = await settleIn(world, number, draw.hasPasskey)
    await world.sleep(beginsMs)
    takeovers[number] = await takeOver(world, account, draw, policy)
  }
  const another = async (number: number) => {
    const occasion = OCCASIONS[number % OCCASIONS.length] ?? 'usual'
    const draw = { occasion, hasPasskey: Math.floor(number / OCCASIONS.length) % 2 === 0 }
    const arrivesMs = random.whole(0, 6 * HOUR_MS)
    const beginsMs = SETTLED_MS + random.whole(0, DAY_MS)
    await world.sleep(arrivesMs)
    const account = await settleIn(world, size + number, draw.hasPasskey)
    await world.sleep(beginsMs)
    own[number] = await withdrawOwn(world, account, draw)
  }
  const trial = async (number: number) => {
    const kind = TRIALS[number % TRIALS.length] ?? 'returns'
    const arrivesMs = random.whole(0, 6 * HOUR_MS)
    const beginsMs = SETTLED_MS + random.whole(0, DAY_MS)
    await world.sleep(arrivesMs)
    const account = await settleIn(world, 2 * size + number, PASSKEY_TRIALS.has(kind))
    await world.sleep(beginsMs)
    const ran = await runTrial(world, account, kind, policy)
    if (ran !== null) trials.push(ran)
  }
  // Where no owner acts, none locks, and none stops a lift.
  const trialCount = isSilent ? 0 : Math.ceil(size / TRIAL_EVERY)
  try {
    const all = [
      ...Array.from({ length: size }, (_one, number) => one(number)),
      ...Array.from({ length: Math.ceil(size / OWN_EVERY) }, (_one, number) => another(number)),
      ...Array.from({ length: trialCount }, (_one, number) => trial(number)),
    ]
    await world.run(Promise.all(all).then(() => {}))
  } finally {
    world.close()
  }
  return { takeovers, own, trials }
}

/** Thieves and owners in turn, so that a small run has all of them. */
function drawTakeover(random: Random, number: number, isSilent: boolean): Draw {
  const thief = THIEVES[number % THIEVES.length] ?? 'password'
  const owner = OWNERS[Math.floor(number / THIEVES.length) % OWNERS.length] ?? 'quick'
  const guise = random.weighted(GUISE_WEIGHTS)
  const isActing = random.chance(ACTING_SHARE) && !isSilent
  return { thief, owner, guise, isActing, hasPasskey: random.chance(PASSKEY_SHARE) }
}
