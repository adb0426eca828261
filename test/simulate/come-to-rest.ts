// Calm after the faults: logins once more, then until nothing is on its way any longer. Ticks come more seldom then: each finds what
// several would.

import { unconfirmed } from './invariants/callbacks.ts'
import type { Exchange } from './outside/exchange.ts'
import type { LockAnswers } from './outside/lock-answers.ts'
import type { Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** When the calm logins come: by then every breaker has had its time. */
const PROBES_AFTER_MS = [12 * MINUTE_MS]
const LOOK_EVERY_MS = 5 * MINUTE_MS
/** Looked at in the tick's first half minute, a world at rest is at work: it sweeps. */
const LOOK_AFTER_TICK_MS = 31_000
/** In the calm, every second tick: each finds what two would. A third of a seed's time goes into ticks. */
export const CALM_TICK_MS = 2 * MINUTE_MS
/** Who waits longer than that waits for hours, and fewer still will do. */
const BUSY_MS = 30 * MINUTE_MS
export const IDLE_TICK_MS = 20 * MINUTE_MS
/** A callback that failed nine times waits for a day. */
const CALM_MAX_MS = 25 * HOUR_MS

const LOCKS_READ = 4

export type Ticks = {
  /** From now on, the first after that time; null for none. */
  readonly every: (ms: number | null) => void
  /** The first instant after that time at which a tick is over and the next is not near. */
  readonly quietAfter: (ms: number) => number
}

export function startTicks({ clock, platform }: Stage): Ticks {
  let pauseMs = 0
  let lastAt = clock.now()
  let cancel = () => {}
  const every = (ms: number | null) => {
    if (pauseMs === (ms ?? 0)) return
    cancel()
    pauseMs = ms ?? 0
    lastAt = clock.now()
    if (ms !== null) next(ms)
  }
  const next = (ms: number) => {
    cancel = clock.after(ms, () => {
      lastAt = clock.now()
      platform.tick()
      next(ms)
    })
  }
  every(MINUTE_MS)
  return {
    every,
    quietAfter: (ms) => {
      const sinceTickMs = clock.now() + ms - LOOK_AFTER_TICK_MS - lastAt
      const pauses = Math.ceil(sinceTickMs / pauseMs)
      return lastAt + pauses * pauseMs + LOOK_AFTER_TICK_MS
    },
  }
}

/** Everything that can go on without the clock has gone on. Promises are drained when setImmediate comes. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
}

/** No more faults: logins once more, then until nothing is on its way any longer. */
export async function comeToRest(
  stage: Stage,
  { exchange, lockAnswers }: { readonly exchange: Exchange; readonly lockAnswers: LockAnswers },
  scenario: Scenario,
  ticks: Ticks,
): Promise<void> {
  const { clock, ledger, queues } = stage
  const accounts = [...ledger.accounts.values()]
  stage.world.log('scenario', 'the faults are over')
  ticks.every(CALM_TICK_MS)
  for (const [round, afterMs] of PROBES_AFTER_MS.entries()) {
    await clock.run(scenario.calmAt + afterMs, settle)
    for (const account of accounts) {
      // Whatever a stranger does, the login after it is told at once.
      void exchange.activity(account, 'logins_failed', true)
      void exchange.activity(account, 'api_key_created', true)
      void exchange.login(account, `calm ${round}`, true)
    }
  }
  await waitForRest(stage, ticks)
  await waitForLifts(stage, ticks)
  readActions(stage, lockAnswers)
  await readAll(stage, exchange)
  ledger.leftOver.push(...stage.unfinished())
  const behind = stage.leftBehind().map((where) => `rows of a slot that is elsewhere in ${where}`)
  ledger.leftOver.push(...behind)
  for (const [name, queue] of queues) {
    if (queue.depth() > 0) ledger.leftOver.push(`${queue.depth()} messages in ${name}`)
  }
}

/** Until nothing is on its way any longer, or it ought not to be any more. */
async function waitForRest(stage: Stage, ticks: Ticks): Promise<void> {
  const { clock, ledger, queues, platform } = stage
  const isAtRest = () =>
    [...queues.values()].every((queue) => queue.depth() === 0) &&
    platform.inFlight() === 0 &&
    stage.unfinished().length === 0 &&
    unconfirmed(ledger).length === 0 &&
    !stage.hasCallbacks()
  const since = clock.now()
  do {
    if (clock.now() > since + BUSY_MS) ticks.every(IDLE_TICK_MS)
    await clock.run(ticks.quietAfter(LOOK_EVERY_MS), settle)
  } while (!isAtRest() && clock.now() < since + CALM_MAX_MS)
  ticks.every(CALM_TICK_MS)
}

/** What is due later, and still to be made. */
async function waitForLifts(stage: Stage, ticks: Ticks): Promise<void> {
  const { clock, ledger } = stage
  const lastDueAt = Math.max(0, ...ledger.lifts.map(({ dueAt }) => dueAt ?? 0))
  if (lastDueAt < clock.now()) return
  ticks.every(IDLE_TICK_MS)
  await clock.run(lastDueAt + IDLE_TICK_MS, settle)
  ticks.every(CALM_TICK_MS)
  await waitForRest(stage, ticks)
}

async function readAll({ clock, ledger }: Stage, exchange: Exchange): Promise<void> {
  for (const { id } of ledger.accounts.values()) {
    void exchange.readHistory(id).then((isWhole) => {
      if (!isWhole) ledger.leftOver.push(`the history of ${id} could not be read`)
    })
    void exchange.askHold(id)
    void exchange.readSessions(id)
  }
  await clock.run(clock.now() + 50_000, settle)
}

/** Of the newest locks, however their actions were answered. */
function readActions({ ledger }: Stage, lockAnswers: LockAnswers): void {
  const locked = ledger.callbacks.filter(({ type }) => type === 'account.locked')
  const newest = new Map(locked.map(({ accountId, data }) => [String(data.lock_id), accountId]))
  for (const [lockId, accountId] of [...newest].slice(-LOCKS_READ)) {
    void lockAnswers.readActions(accountId, lockId).then((isRead) => {
      if (!isRead) ledger.leftOver.push(`the actions of ${lockId} could not be read`)
    })
  }
}

/** One more login for each account: what an older key has left must be of no use to it. */
export async function lookOnceMore(stage: Stage, exchange: Exchange, ticks: Ticks): Promise<void> {
  const { ledger } = stage
  for (const account of ledger.accounts.values()) {
    void exchange.activity(account, 'address_added', true)
    void exchange.login(account, 'once more', true)
  }
  await waitForRest(stage, ticks)
  await readAll(stage, exchange)
}
