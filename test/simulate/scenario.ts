// What a seed does to the Worker: how many isolates, how far the database is, who is in trouble when, who logs
// in, how often isolates die. Drawn before anything happens.

import { ALWAYS_ASKED, LOCK_ACTION_NAMES } from '../../src/lock/lock-actions.ts'
import type { D1Fault } from './machine/d1.ts'
import { createTrouble, type Trouble } from './machine/episodes.ts'
import type { SendFault } from './machine/queue-binding.ts'
import type { Random } from './machine/random.ts'
import { CALLBACK_TROUBLES, type CallbackTrouble } from './outside/callbacks.ts'
import { PROVIDER_TROUBLES, type ProviderTrouble } from './outside/provider.ts'
import { PROVIDER_NAMES, type SimulatedProvider } from './settings.ts'
import { drawWays, type Ways } from './ways.ts'

export type Scenario = Ways & {
  /** When the accounts of before are imported; with `startAt` the same where there are none. */
  readonly bornAt: number
  readonly startAt: number
  readonly calmAt: number
  readonly isolateCount: number
  readonly skewMs: number
  /** One way to D1 in quiet times, and how much longer it may take. */
  readonly d1WayMs: number
  readonly d1JitterMs: number
  /** A queue's hop at its longest, in trouble. */
  readonly hopMaxMs: number
  readonly doubledShare: number
  /** Of all calls out of an isolate: how many are followed by its death. */
  readonly killShare: number
  readonly lostAnswerShare: number
  readonly providers: readonly SimulatedProvider[]
  readonly accountCount: number
  /** Databases; of two, slots are moved between them. */
  readonly shardCount: number
  readonly loginPauseMs: number
  readonly activityPauseMs: number
  /** 0 is off. */
  readonly coolingOffHours: number
  /** What LOCK_ACTIONS says. */
  readonly lockActions: readonly string[]
  readonly d1: Trouble<D1Fault>
  readonly queues: Trouble<SendFault>
  readonly callbacks: Trouble<CallbackTrouble>
  readonly providerTroubles: ReadonlyMap<string, Trouble<ProviderTrouble>>
}

const START_AT = Date.UTC(2026, 10, 23, 12)

const D1_FAULTS = {
  refused: 4,
  lost_after: 4,
  silent: 2,
  silent_after: 2,
  slow: 4,
  very_slow: 2,
} as const

const SEND_FAULTS = { refused: 4, lost_after: 2, silent: 1, slow: 2 } as const

/** Most deployments have one. */
const TWO_SHARDS_SHARE = 0.5

/** Many short seeds find more than few long ones; some things take their time, so a few are longer. */
const LENGTHS = [0.4, 0.4, 0.7, 0.7, 1.5] as const

/**
 * `chaosMs`: how long the faults last in a usual seed. `slots`, `holds`, `ways`: streams of their own, so that what they draw moves
 * nothing else.
 * `isMoving`: two databases, whatever it draws.
 */
export function drawScenario(
  random: Random,
  chaosMs: number,
  { slots, holds, ways }: Readonly<Record<'slots' | 'holds' | 'ways', Random>>,
  isMoving: boolean,
): Scenario {
  const calmAt = START_AT + Math.round(chaosMs * random.pick(LENGTHS))
  const span = { from: START_AT + 10_000, until: calmAt }
  const providers = random.shuffled(PROVIDER_NAMES).slice(0, random.pick([1, 2, 2, 3, 3]))
  const coolingOffHours = holds.pick([0, 0, 1, 12, 24])
  const drawn = drawWays(ways)
  // Past its first day, in which nothing holds by itself; or a hold is to be older than the faults.
  const isOfBefore = coolingOffHours > 0 || drawn.liftDelayHours > 0
  return {
    ...drawn,
    bornAt: isOfBefore ? START_AT - drawn.bornBeforeMs : START_AT,
    startAt: START_AT,
    calmAt,
    isolateCount: random.pick([1, 2, 4, 10]),
    skewMs: random.pick([0, 50, 500]),
    d1WayMs: random.pick([1, 10, 40, 125]),
    d1JitterMs: random.pick([1, 20, 100]),
    hopMaxMs: random.pick([100, 1_000, 3_000]),
    doubledShare: random.pick([0, 0.02, 0.1, 0.4]),
    killShare: random.pick([0, 0, 0.002, 0.01, 0.03]),
    lostAnswerShare: random.pick([0, 0.02, 0.1]),
    providers,
    accountCount: random.whole(2, 4),
    shardCount: slots.chance(TWO_SHARDS_SHARE) || isMoving ? 2 : 1,
    loginPauseMs: random.pick([70_000, 200_000, 400_000]),
    activityPauseMs: holds.pick([180_000, 400_000, 800_000]),
    coolingOffHours,
    lockActions: holds.chance(0.5) ? ALWAYS_ASKED : LOCK_ACTION_NAMES,
    d1: createTrouble(random, span, D1_FAULTS),
    queues: createTrouble(random, span, SEND_FAULTS),
    callbacks: createTrouble(random, span, CALLBACK_TROUBLES),
    providerTroubles: new Map(
      providers.map((name) => [name, createTrouble(random, span, PROVIDER_TROUBLES)]),
    ),
  }
}

/** For the head of the log. */
export function describeScenario(scenario: Scenario): readonly string[] {
  const { isolateCount, skewMs, d1WayMs, d1JitterMs, hopMaxMs, doubledShare, killShare } = scenario
  const plan = ({ plan: words }: Trouble<string>) => words.join(' ')
  return [
    `isolates:${isolateCount} skew:${skewMs}ms d1:${d1WayMs}+${d1JitterMs}ms hop:${hopMaxMs}ms doubled:${doubledShare} kills:${killShare}`,
    `providers: ${scenario.providers.join(' ')}`,
    `cooling-off: ${scenario.coolingOffHours} h, lock: ${scenario.lockActions.join(' ')}`,
    `lifts: ${scenario.liftPolicy}, delay ${scenario.liftDelayHours} h${scenario.hasNamedSender ? ', a sender with a name' : ''}`,
    ...(scenario.shardCount > 1 ? [`databases: ${scenario.shardCount}`] : []),
    `d1: ${plan(scenario.d1)}`,
    `queues: ${plan(scenario.queues)}`,
    `callbacks: ${plan(scenario.callbacks)}`,
    ...[...scenario.providerTroubles].map(([name, trouble]) => `${name}: ${plan(trouble)}`),
  ]
}
