// One seed from beginning to end: trouble first, then calm in which everything has to come to rest, then the
// judgement.

import {
  CALM_TICK_MS,
  comeToRest,
  IDLE_TICK_MS,
  lookOnceMore,
  settle,
  startTicks,
} from './come-to-rest.ts'
import { useGlobals } from './globals.ts'
import { judge, type Verdict } from './invariants/judge.ts'
import type { AccountFacts } from './ledger.ts'
import { live, liveBefore } from './live.ts'
import { askLiftBefore, liveByWays, type People, readByWays } from './live-ways.ts'
import type { Host } from './machine/network.ts'
import { createRandom, type Random } from './machine/random.ts'
import type { WorkerModule } from './machine/worker-module.ts'
import { createCallbackEndpoint } from './outside/callbacks.ts'
import { createCalls } from './outside/calls.ts'
import { createExchange } from './outside/exchange.ts'
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
    if (scenario.shardCount > 1) moveSlots(stage, accounts, scenario, createRandom(seed, 'movers'))
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
  deaths: Random,
): void {
  const mover = createMover(world, OPS_KEY, deaths)
  const again = () =>
    clock.after(world.random.whole(5_000, 60_000), () => {
      if (clock.now() >= calmAt) return
      void mover.move(world.random.pick(accounts).id)
      again()
    })
  again()
}
