// One simulated world, put together: the platform with the Worker in it, and everybody outside.

import { ACCOUNT_TABLES } from '../../src/ops/table-owners.ts'
import type { Globals } from './globals.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createCallOut } from './machine/call-out.ts'
import { type Clock, createClock } from './machine/clock.ts'
import { createD1, type D1Note } from './machine/d1.ts'
import { type Database, openDatabase } from './machine/database.ts'
import { type Invocation, running } from './machine/invocation.ts'
import { createLog, type SimulationLog } from './machine/log.ts'
import { createFetch, type Host } from './machine/network.ts'
import { createPlatform, type Platform } from './machine/platform.ts'
import { createPorts } from './machine/ports.ts'
import type { SimulatedQueue } from './machine/queue.ts'
import { createRandom } from './machine/random.ts'
import type { WorkerModule } from './machine/worker-module.ts'
import { createKeyring, type Keyring } from './outside/keyring.ts'
import type { Scenario } from './scenario.ts'
import { RECEIPT_WAIT_MS, workerSettings } from './settings.ts'
import { type Counter, createCounter, noteLogLine, type Sometime } from './sometimes.ts'
import { openQueues } from './stage-queues.ts'
import type { World } from './world.ts'

export type Stage = {
  readonly world: World
  readonly clock: Clock
  readonly log: SimulationLog
  readonly ledger: Ledger
  readonly counter: Counter
  readonly platform: Platform
  readonly queues: ReadonlyMap<string, SimulatedQueue>
  readonly globals: Globals
  readonly keyring: Keyring
  /** Where accounts are to begin with. */
  readonly home: Database
  /** Of the walk through what is sealed, of each database: which key holds how much, as its last whole pass has counted; the current one first. */
  readonly heldByKeys: () => readonly (readonly string[])[]
  /** Whether the exchange has still to be told something, at once or in hours. */
  readonly hasCallbacks: () => boolean
  /** Rows of accounts where nobody asks for them, by database and table. */
  readonly leftBehind: () => readonly string[]
  /** What somebody outside still has to see through. */
  readonly unfinished: () => readonly string[]
  readonly close: () => void
}

export type StageOptions = {
  readonly seed: number
  readonly scenario: Scenario
  readonly worker: WorkerModule
  readonly hostOf: (url: URL) => Host | null
}

const PATIENCE_MS = 10_000

/** Every second account is taken for one from before slots, until the walk has moved it. */
function listFormerAccounts(database: Database, { accountCount }: Scenario): void {
  const text = 'INSERT INTO slotless_accounts (account_id) VALUES (?)'
  const ids = Array.from({ length: accountCount }, (_one, index) => `a${index + 1}`)
  database.transaction(ids.filter((_id, at) => at % 2 === 1).map((id) => ({ text, values: [id] })))
}

export function setStage({ seed, scenario, worker, hostOf }: StageOptions): Stage {
  const stream = (name: string) => createRandom(seed, name)
  const clock = createClock(scenario.bornAt)
  const log = createLog(scenario.startAt)
  const counter = createCounter()
  const ledger = createLedger({
    firstFaultAt: scenario.startAt,
    calmAt: scenario.calmAt,
    receiptWaitMs: RECEIPT_WAIT_MS,
    skewMs: scenario.skewMs,
    coolingOffHours: scenario.coolingOffHours,
    liftPolicy: scenario.liftPolicy,
    liftDelayHours: scenario.liftDelayHours,
  })
  const isCalm = () => clock.now() < scenario.startAt || clock.now() >= scenario.calmAt
  const note = (who: string, what: string) => log.add(clock.now(), who, what)

  const killer = stream('kills')
  const callOut = createCallOut(clock, (invocation) => {
    if (isCalm() || !killer.chance(scenario.killShare)) return
    clock.after(killer.whole(0, 120), () => kill(invocation))
  })
  function kill({ isolate }: Invocation): void {
    if (isolate.isDead) return
    counter.note('isolate_killed')
    const isCalling = [...isolate.invocations].some(({ connections }) => connections > 0)
    if (isCalling) counter.note('killed_in_call')
    platform.kill(isolate)
  }

  /** The first has the accounts to begin with; what is another one's, its lines of the log say. */
  const openD1 = (name: string) => {
    const database: Database = openDatabase()
    const random = stream(name.toLowerCase().replace('db', 'd1'))
    const d1 = createD1({
      database,
      callOut,
      now: clock.now,
      line: () => ({
        outMs: scenario.d1WayMs,
        backMs: scenario.d1WayMs + random.whole(0, scenario.d1JitterMs),
        fault: scenario.d1.at(clock.now()),
      }),
      onCall: ({ invocation, label, fault, result }: D1Note) => {
        const what = `d1_${fault ?? ''}`
        if (isD1Sometime(what)) counter.note(what)
        const which = name === 'DB' ? 'd1' : name.toLowerCase().replace('db', 'd1')
        note(
          `iso${invocation.isolate.id}`,
          `${which} ${label}: ${fault ?? ''}${fault ? ' ' : ''}${result}`,
        )
      },
    })
    return { name, database, d1 }
  }
  const home = openD1('DB')
  const databases = scenario.shardCount > 1 ? [home, openD1('DB_1')] : [home]
  listFormerAccounts(home.database, scenario)

  const { queues, producers } = openQueues({
    scenario,
    clock,
    random: stream('queues'),
    callOut,
    counter,
    ledger,
    note,
    consume: (name, messages) => platform.consume(name, messages),
  })

  const networkRandom = stream('network')
  const bytes = stream('bytes')
  const fetch = createFetch({
    callOut,
    hostOf,
    now: clock.now,
    wayMs: () => networkRandom.whole(1, 30),
  })

  const skews = stream('skews')
  const keyring = createKeyring()
  const platform: Platform = createPlatform({
    clock,
    random: stream('platform'),
    makeWorker: (skewMs) =>
      worker.createWorker(createPorts({ clock, skewMs, randomBytes: bytes.bytes, fetch })),
    isolateCount: scenario.isolateCount,
    makeEnv: () => {
      const bindings = {
        ...workerSettings(scenario, keyring),
        ...Object.fromEntries(databases.map(({ name, d1 }) => [name, d1])),
        ...Object.fromEntries(producers),
      }
      // The settings are texts by name; what the type wants beside them is in the bindings.
      return bindings as unknown as Env
    },
    skewMs: () => skews.whole(-scenario.skewMs, scenario.skewMs),
    note: (isolate, what) => note(`iso${isolate.id}`, what),
  })

  const roads = stream('roads')
  const ask: World['ask'] = async (request, patienceMs = PATIENCE_MS) => {
    await clock.sleep(roads.whole(1, 40))
    const answer = await platform.fetch(request, patienceMs)
    await clock.sleep(roads.whole(1, 40))
    return isCalm() || !roads.chance(scenario.lostAnswerShare) ? answer : null
  }

  const open = new Set<{ readonly what: string }>()
  const world: World = {
    clock,
    random: stream('outside'),
    ledger,
    counter,
    log: note,
    ask,
    isCalm,
    open: (what) => {
      const entry = { what }
      open.add(entry)
      return () => open.delete(entry)
    },
  }

  const globals: Globals = {
    now: () => clock.now() + (running()?.isolate.skewMs ?? 0),
    randomBytes: bytes.bytes,
    writeLog: (line) => {
      noteLogLine(counter, line)
      note(`iso${running()?.isolate.id ?? '?'}`, `says ${line}`)
    },
  }
  return {
    world,
    clock,
    log,
    ledger,
    counter,
    platform,
    queues,
    globals,
    keyring,
    home: home.database,
    heldByKeys: () =>
      databases.map(({ database }) => {
        const text = `SELECT key_name, held FROM sealing_keys
          ORDER BY key_name <> (SELECT key_names ->> 0 FROM seal_walks), key_name`
        const [found] = database.transaction([{ text, values: [] }])
        return (found?.rows ?? []).map(([name, held]) => `${name} ${held}`)
      }),
    hasCallbacks: () =>
      databases.some(({ database }) => {
        const text = "SELECT 1 FROM callbacks WHERE state = 'open' LIMIT 1"
        return (database.transaction([{ text, values: [] }])[0]?.rows.length ?? 0) > 0
      }),
    leftBehind: () =>
      databases.flatMap(({ name, database }) =>
        ACCOUNT_TABLES.filter((table) => {
          const text = `SELECT 1 FROM ${table} WHERE slot IN
            (SELECT slot FROM slots WHERE state <> 'here') LIMIT 1`
          return (database.transaction([{ text, values: [] }])[0]?.rows.length ?? 0) > 0
        }).map((table) => `${table} of ${name}`),
      ),
    unfinished: () => [...open].map(({ what }) => what),
    close: () => {
      for (const { database } of databases) database.close()
    },
  }
}

function isD1Sometime(name: string): name is Extract<Sometime, `d1_${string}`> {
  return ['d1_refused', 'd1_lost_after', 'd1_silent', 'd1_silent_after'].includes(name)
}
