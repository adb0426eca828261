// One seed from beginning to end: trouble first, then calm in which everything has to come to rest, then the
// judgement.

import { useGlobals } from './globals.ts'
import { unconfirmed } from './invariants/callbacks.ts'
import { judge, type Verdict } from './invariants/judge.ts'
import type { AccountFacts } from './ledger.ts'
import { live, liveBefore } from './live.ts'
import { askLiftBefore, liveByWays, type People, readByWays } from './live-ways.ts'
import type { Host } from './machine/network.ts'
import { createRandom, type Random } from './machine/random.ts'
import type { WorkerModule } from './machine/worker-module.ts'
import { createCallbackEndpoint } from './outside/callbacks.ts'
import { createCalls } from './outside/calls.ts'
import { createExchange, type Exchange } from './outside/exchange.ts'
import { handOn } from './outside/handset.ts'
import { createLockAnswers, type LockAnswers } from './outside/lock-answers.ts'
import { createLockWays } from './outside/lock-ways.ts'
import { createMover } from './outside/mover.ts'
import { readText } from './outside/owner.ts'
import type { Passkeys } from './outside/passkeys.ts'
import { createProvider, type Reader, type Taken } from './outside/provider.ts'
import { createReleases } from './outside/releases.ts'
import { createVisits } from './outside/visits.ts'
import { drawRotation, dropOldKeys, rotate } from './rotation.ts'
import { describeScenario, drawScenario, type Scenario } from './scenario.ts'
import { CALLBACK_URL, HOSTS, OPS_KEY, openProtocol, REPLIES } from './settings.ts'
import type { Sometime } from './sometimes.ts'
import { type Stage, setStage } from './stage.ts'
import { drawProofs } from './ways.ts'

export type SeedResult = {
  readonly seed: number
  readonly verdicts: readonly Verdict[]
  readonly lines: readonly string[]
  readonly hash: string
  readonly counts: ReadonlyMap<Sometime, number>
  readonly events: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** When the calm logins come: by then every breaker has had its time. */
const PROBES_AFTER_MS = [12 * MINUTE_MS]
const LOOK_EVERY_MS = 5 * MINUTE_MS
/** Looked at in the tick's first half minute, a world at rest is at work: it sweeps. */
const LOOK_AFTER_TICK_MS = 31_000
/** In the calm, every second tick: each finds what two would. A third of a seed's time goes into ticks. */
const CALM_TICK_MS = 2 * MINUTE_MS
/** Who waits longer than that waits for hours, and fewer still will do. */
const BUSY_MS = 30 * MINUTE_MS
const IDLE_TICK_MS = 20 * MINUTE_MS
/** A callback that failed nine times waits for a day. */
const CALM_MAX_MS = 25 * HOUR_MS

const LOCKS_READ = 4

/** What seeds share: loaded before the clock is a virtual one. */
export type Parts = { readonly worker: WorkerModule; readonly passkeys: Passkeys }

export async function runSeed(
  seed: number,
  { worker, passkeys }: Parts,
  chaosMs: number,
  { isMoving = false } = {},
): Promise<SeedResult> {
  const random = createRandom(seed, 'scenario')
  const rotationRandom = createRandom(seed, 'rotation')
  const rotation = drawRotation(rotationRandom)
  const holds = createRandom(seed, 'holds')
  const ways = createRandom(seed, 'ways')
  const streams = { slots: createRandom(seed, 'slots'), holds, ways }
  const scenario = drawScenario(random, chaosMs, streams, isMoving)
  const hosts = new Map<string, Host>()
  const stage = setStage({
    seed,
    scenario,
    worker,
    hostOf: (url) => hosts.get(url.host) ?? null,
  })
  const { world, ledger, log, counter } = stage
  for (const line of describeScenario(scenario)) world.log('scenario', line)
  const accounts = drawAccounts(random, scenario, { holds, ways })
  for (const account of accounts) {
    ledger.accounts.set(account.id, account)
    if (account.passkeySince !== null) {
      passkeys.plant(stage.home, account.id, account.passkeySince)
    }
  }
  const calls = createCalls(world, stage.keyring)
  const exchange = createExchange(world, calls)
  const visits = createVisits(world, calls)
  const lockAnswers = createLockAnswers(world, createRandom(seed, 'answers'), calls)
  const owners = createRandom(seed, 'owners')
  const lockWays = createLockWays(world, owners, { visits, passkeys, replies: REPLIES })
  const releases = createReleases(world, { visits, passkeys })
  const people = { exchange, visits, lockWays, releases, replies: REPLIES }
  openHosts(stage, scenario, hosts, { lockAnswers, people, owners })

  useGlobals(stage.globals)
  try {
    for (const account of accounts) {
      void liveBefore(exchange, account).then(() =>
        askLiftBefore(world, owners, people, account, scenario),
      )
    }
    await stage.clock.run(scenario.startAt, settle)
    for (const account of accounts) {
      live(stage, { exchange, visits }, account, scenario)
      liveByWays(world, owners, people, account, scenario)
    }
    if (scenario.shardCount > 1) moveSlots(stage, accounts, scenario)
    const ticks = startTicks(stage)
    if (rotation.length > 0) void rotate(stage, rotation, rotationRandom)
    await stage.clock.run(scenario.calmAt, settle)
    await comeToRest(stage, { exchange, lockAnswers }, scenario, ticks)
    if (rotation.length > 0) {
      const run = (ms: number) => stage.clock.run(stage.clock.now() + ms, settle)
      const runWith = async (tickMs: number | null, ms: number) => {
        ticks.every(tickMs)
        await run(ms)
        ticks.every(CALM_TICK_MS)
      }
      await dropOldKeys(stage, rotationRandom, {
        run,
        walk: (ms) => runWith(IDLE_TICK_MS, ms),
        // Nothing is to do: a week of ticks would only be a week of ticks.
        wait: (ms) => runWith(null, ms),
      })
      await lookOnceMore(stage, exchange, ticks)
    }
  } catch (error) {
    world.log('simulator', String(error))
    ledger.leftOver.push(`the simulation broke off: ${String(error)}`)
  } finally {
    useGlobals(null)
    stage.close()
  }
  const verdicts = judge(ledger, counter)
  return {
    seed,
    verdicts,
    lines: log.lines(),
    hash: log.hash(),
    counts: counter.counts(),
    events: stage.clock.count(),
  }
}

/** Everything that can go on without the clock has gone on. Promises are drained when setImmediate comes. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
}

function drawAccounts(
  random: Random,
  { accountCount, bornAt, startAt, calmAt }: Scenario,
  { holds, ways }: Readonly<Record<'holds' | 'ways', Random>>,
): AccountFacts[] {
  return Array.from({ length: accountCount }, (_one, index) => ({
    id: `a${index + 1}`,
    phone: random.chance(0.05) ? null : `+4915112345${100 + index}`,
    alerts: random.weighted({ all: 8, unusual: 1, off: 1 }),
    goneAt: random.chance(0.05) ? random.whole(startAt, calmAt) : Number.POSITIVE_INFINITY,
    stops: [],
    age: bornAt < startAt ? holds.weighted({ young: 1, old: 2, settled: 3 }) : 'young',
    ...drawProofs(ways, index, startAt),
    importAskedAt: null,
    importedAt: null,
  }))
}

function openHosts(
  stage: Stage,
  scenario: Scenario,
  hosts: Map<string, Host>,
  {
    lockAnswers,
    people,
    owners,
  }: {
    readonly lockAnswers: LockAnswers
    readonly people: People
    readonly owners: Random
  },
): void {
  const { world, ledger } = stage
  const readers = new Map<string | null, Reader>(
    [...ledger.accounts.values()].flatMap((account) => [
      [account.phone, { account, isContact: false }],
      [account.contactPhone, { account, isContact: true }],
    ]),
  )
  const read = (account: AccountFacts, taken: Taken) => {
    if (taken.call.isToContact) {
      people.lockWays.readAsContact(account, taken)
      return
    }
    readText(world, REPLIES, account, taken)
    readByWays(world, owners, people, account, taken)
  }
  for (const [host, name] of Object.entries(HOSTS)) {
    const trouble = scenario.providerTroubles.get(name)
    if (!trouble) continue
    const provider = createProvider({
      protocol: openProtocol(name),
      world,
      trouble,
      readerOf: (phone) => readers.get(phone),
      handOn: (taken) =>
        handOn(world, taken, () => {
          const account = ledger.accounts.get(taken.call.accountId)
          const whose = taken.call.isToContact ? `of ${account?.id}'s contact` : `of ${account?.id}`
          world.log('phone', `${whose} has call ${taken.call.id}`)
          if (account) read(account, taken)
        }),
    })
    hosts.set(host, provider)
  }
  const endpoint = createCallbackEndpoint(world, scenario.callbacks, stage.keyring, lockAnswers)
  hosts.set(new URL(CALLBACK_URL).host, endpoint)
}

/** One slot after the other, there and back, as long as the faults last. */
function moveSlots(
  { clock, world }: Stage,
  accounts: readonly AccountFacts[],
  { calmAt }: Scenario,
): void {
  const mover = createMover(world, OPS_KEY)
  const again = () =>
    clock.after(world.random.whole(5_000, 60_000), () => {
      if (clock.now() >= calmAt) return
      void mover.move(world.random.pick(accounts).id)
      again()
    })
  again()
}

type Ticks = {
  /** From now on, the first after that time; null for none. */
  readonly every: (ms: number | null) => void
  /** The first instant after that time at which a tick is over and the next is not near. */
  readonly quietAfter: (ms: number) => number
}

function startTicks({ clock, platform }: Stage): Ticks {
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

/** No more faults: logins once more, then until nothing is on its way any longer. */
async function comeToRest(
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
    unconfirmed(ledger).length === 0
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
async function lookOnceMore(stage: Stage, exchange: Exchange, ticks: Ticks): Promise<void> {
  const { ledger } = stage
  for (const account of ledger.accounts.values()) {
    void exchange.activity(account, 'address_added', true)
    void exchange.login(account, 'once more', true)
  }
  await waitForRest(stage, ticks)
  await readAll(stage, exchange)
}
