// The operator rotates every secret while all goes on: each step is deployed isolate by isolate, so that versions with
// different lists run beside each other. Long after, when the walk has found nothing more of the old keys, they go.

import type { Random } from './machine/random.ts'
import { lastStep, type RotationStep, rotationSteps } from './outside/keyring.ts'
import type { Stage } from './stage.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Until the last isolate of a version is at work. */
const DEPLOY_MAX_MS = 20_000
/** As docs/operations.md has it for what no table shows. */
const WAIT_MS = 7 * DAY_MS
/** Of a key: it holds what is sealed, not marks alone. */
const SEALED = / \{.*(phone|phrase|totp|push|letter)/
/** The walk comes by each hour while an older key is in the list. */
const WALK_MS = 3 * HOUR_MS

/** Half of the seeds. */
export function drawRotation(random: Random): readonly RotationStep[] {
  return random.chance(0.5) ? rotationSteps(random) : []
}

/** Begins early: links sent before are still to be tapped. Goes on whatever the faults do. */
export async function rotate(
  stage: Stage,
  steps: readonly RotationStep[],
  random: Random,
): Promise<void> {
  const { clock, world, ledger } = stage
  const done = world.open('the rotation of all secrets')
  const untilCalmMs = Math.max(0, ledger.calmAt - clock.now())
  await clock.sleep(random.whole(1_000, 1_000 + Math.round(untilCalmMs / 3)))
  for (const step of steps) {
    takeStep(stage, step, random)
    await clock.sleep(DEPLOY_MAX_MS + random.whole(60_000, 90_000))
  }
  world.counter.note('secrets_rotated')
  done()
}

function takeStep(
  { clock, world, keyring, platform }: Stage,
  { what, take, isDeploy }: RotationStep,
  random: Random,
): void {
  world.log('operator', what)
  take(keyring)
  if (!isDeploy) return
  for (const isolate of platform.isolates()) {
    clock.after(random.whole(0, DEPLOY_MAX_MS), () => platform.replace(isolate))
  }
}

/** After everything has come to rest: what is not current goes, if the walk says that nothing holds it any more. */
export async function dropOldKeys(
  stage: Stage,
  random: Random,
  pass: {
    readonly run: (ms: number) => Promise<void>
    /** With ticks for whoever comes by each hour. */
    readonly walk: (ms: number) => Promise<void>
    /** Without. */
    readonly wait: (ms: number) => Promise<void>
  },
): Promise<void> {
  const { keyring, ledger } = stage
  await pass.walk(WALK_MS)
  const held = stage.heldByKeys()
  const left = held.flatMap(([, ...others]) => others.filter((one) => SEALED.test(one)))
  const isPhoneExpected = [...ledger.accounts.values()].some(({ phone }) => phone !== null)
  const isPhoneHeld = held.some(([current]) => current?.includes('"phone"'))
  // A trusted contact's number is held as well, and not always one was named in the end.
  if (left.length > 0 || (isPhoneExpected && !isPhoneHeld)) {
    ledger.leftOver.push(`keys after the walk: ${held.map((one) => one.join(' · ')).join(' | ')}`)
  }
  await pass.wait(WAIT_MS)
  takeStep(stage, lastStep(keyring), random)
  await pass.run(2 * DEPLOY_MAX_MS)
}
