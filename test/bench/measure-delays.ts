// One scenario against one target: logins at a fixed rate, open loop; how long until a provider's door,
// until a provider has accepted, until the webhook is answered; how many were lost, told twice or late.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenCpuMs } from './cpu.ts'
import { breakCarriers } from './faults.ts'
import { type Percentiles, percentiles, rounded } from './figures.ts'
import type { Shootable } from './lockline-target.ts'
import { importAccount, numberOf, postLogin } from './logins.ts'
import { loadAverage } from './machine.ts'
import { createClient, inParallel, type Shot, shootOpenLoop } from './open-loop.ts'
import type { Scenario } from './scenario.ts'
import { type Told, watchTold } from './told.ts'

export type DelayFigures = {
  readonly target: string
  readonly scenario: Scenario
  readonly logins: number
  /** Answered with anything but 202, or not at all. Counted nowhere else. */
  readonly refused: number
  /** Answered 202 and never told. */
  readonly lost: number
  readonly twice: number
  /** Accepted by a provider later than this, or never. */
  readonly laterThan3s: number
  readonly laterThan5s: number
  /** Milliseconds from the moment the webhook was meant to leave. */
  readonly doorMs: Percentiles
  readonly acceptedMs: Percentiles
  readonly answeredMs: Percentiles
  /** CPU of the target's processes, from the first login to the last copy; null where unknown. */
  readonly cpuMsPerLogin: number | null
  /** How late the bench's own timers were: what it cannot have measured better than. */
  readonly ownLagP99Ms: number
  /** Load average of the last minute, when the load ended. */
  readonly loadAverage: number
}

const WARM_TIMEOUT_MS = 30_000
/** Quiet for that long means done: longer than any deadline after which a second copy may leave. */
const QUIET_MS = 4_000
/** Logins not told by then count as lost. One cron tick is in it. */
const DRAIN_MAX_MS = 100_000
const IMPORTS_AT_ONCE = 24

export async function measureDelays(
  shootable: Shootable,
  scenario: Scenario,
): Promise<DelayFigures> {
  const { target, world } = shootable
  const count = scenario.perSecond * scenario.seconds
  const client = createClient()
  const told = watchTold(world)
  try {
    // One login for each isolate before the clock starts: its first request compiles the Worker.
    const isolates = target.origins.length
    await inParallel(count + isolates, IMPORTS_AT_ONCE, (index) =>
      importAccount(client, target, `b${index}`, index),
    )
    await inParallel(isolates, IMPORTS_AT_ONCE, async (isolate) => {
      await postLogin(client, target, `b${count + isolate}`, isolate)
    })
    await waitFor(
      () => range(isolates).every((isolate) => told.copies(numberOf(count + isolate)) > 0),
      WARM_TIMEOUT_MS,
    )
    await waitFor(() => Date.now() - told.lastEventAt() > 1_500, WARM_TIMEOUT_MS)

    await shootable.setDelays(scenario)
    await breakCarriers(world, scenario)
    const cpuBeforeMs = childrenCpuMs()
    const lag = monitorEventLoopDelay({ resolution: 5 })
    lag.enable()
    const shots = await shootOpenLoop({ perSecond: scenario.perSecond, count }, (index) =>
      postLogin(client, target, `b${index}`, index),
    )
    lag.disable()
    const load = loadAverage()
    const accepted = range(count).filter((index) => shots[index]?.status === 202)
    await waitFor(() => accepted.every((index) => told.copies(numberOf(index)) > 0), DRAIN_MAX_MS)
    await waitFor(() => Date.now() - told.lastEventAt() > QUIET_MS, 3 * QUIET_MS)
    return {
      target: shootable.name,
      scenario,
      ...count202(shots, told),
      cpuMsPerLogin: cpuPerLogin(cpuBeforeMs, childrenCpuMs(), count),
      ownLagP99Ms: Math.round(lag.percentile(99) / 1e6),
      loadAverage: load,
    }
  } finally {
    told.close()
    client.close()
  }
}

function count202(shots: readonly Shot[], told: Told) {
  const answered: number[] = []
  const doors: number[] = []
  const acceptances: number[] = []
  let twice = 0
  for (const [index, { dueAt, answeredAt, status }] of shots.entries()) {
    if (status !== 202) continue
    answered.push(answeredAt - dueAt)
    const number = numberOf(index)
    const doorAt = told.doorAt(number)
    if (doorAt !== undefined) doors.push(doorAt - dueAt)
    acceptances.push((told.acceptedAt(number) ?? Number.POSITIVE_INFINITY) - dueAt)
    if (told.copies(number) > 1) twice += 1
  }
  const reached = acceptances.filter((delayMs) => Number.isFinite(delayMs))
  const laterThan = (ms: number) => acceptances.filter((delayMs) => delayMs > ms).length
  return {
    logins: shots.length,
    refused: shots.length - answered.length,
    lost: acceptances.length - reached.length,
    twice,
    laterThan3s: laterThan(3_000),
    laterThan5s: laterThan(5_000),
    doorMs: wholeMs(percentiles(doors)),
    acceptedMs: wholeMs(percentiles(reached)),
    answeredMs: wholeMs(percentiles(answered)),
  }
}

function cpuPerLogin(beforeMs: number | null, afterMs: number | null, logins: number) {
  if (beforeMs === null || afterMs === null) return null
  return rounded((afterMs - beforeMs) / logins)
}

function wholeMs({ p50, p95, p99, max }: Percentiles): Percentiles {
  const whole = (ms: number) => Math.max(0, Math.round(ms))
  return { p50: whole(p50), p95: whole(p95), p99: whole(p99), max: whole(max) }
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** Polls; gives up silently: the figures then show what is missing. */
async function waitFor(isSo: () => boolean, timeoutMs: number): Promise<void> {
  const deadlineAt = Date.now() + timeoutMs
  while (!isSo() && Date.now() < deadlineAt) await sleep(50)
}
