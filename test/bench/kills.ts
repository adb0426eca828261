// kill -9 at random moments under load: the local runtime dies, is started again on the same database,
// and dies again. What was answered 202 must be stored, and must be told in the end. The local queue
// lives in memory and dies too, so cron has to find what it forgot; events that D1 could not take are in
// that queue only, and counted apart.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bundle } from '../support/bundle.ts'
import { type Runtime, startRuntime } from '../support/runtime.ts'
import { freePort } from '../support/stage.ts'
import { startWorld, type World } from '../world/world.ts'
import { closeAtEnd, closeOnSignal } from './closing.ts'
import { childPids } from './cpu.ts'
import { seededRandom } from './figures.ts'
import { createLoginSigner, importAccount, numberOf, postLogin, type Target } from './logins.ts'
import { loadAverage } from './machine.ts'
import { type Client, createClient, inParallel, type Shot, shootOpenLoop } from './open-loop.ts'
import { type Told, watchTold } from './told.ts'

export type KillFigures = {
  readonly kills: number
  readonly logins: number
  readonly accepted: number
  /** Answered 202, and the account's history does not have it. */
  readonly rowsMissing: number
  /** Times the Worker said in its log that an event went into the queue instead of D1. */
  readonly deferred: number
  /** Answered 202, and no provider ever had it. */
  readonly neverTold: number
  /** What the histories say of those: state and number of them. */
  readonly neverToldStates: Readonly<Record<string, number>>
  readonly toldTwice: number
  /** From the last start until everybody was told, or until that was given up. */
  readonly drainSeconds: number
  readonly loadAverage: number
}

const PER_SECOND = 40
const LIFE_MIN_MS = 300
const LIFE_MAX_MS = 2_500
const CRON_MS = 5_000
const DRAIN_MAX_MS = 240_000
const QUIET_MS = 5_000
const AT_ONCE = 24

export async function measureKills(
  bundle: Bundle,
  kills: number,
  onKill: (done: number) => void,
): Promise<KillFigures> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const world = await startWorld({ workerOrigin: origin, carriers: ['twilio', 'infobip'] })
  const closeWorld = closeAtEnd(world.close)
  const persistPath = mkdtempSync(join(tmpdir(), 'lockline-kills-'))
  const removeFiles = closeAtEnd(() => rmSync(persistPath, { recursive: true, force: true }))
  const victim = createVictim(bundle, port, persistPath, world)
  const stopVictim = closeAtEnd(victim.stop)
  const target: Target = {
    origins: [origin],
    apiKey: world.secrets.apiKeys[0] ?? '',
    sign: createLoginSigner(world.secrets.webhookSecrets[0] ?? ''),
  }
  const client = createClient()
  const told = watchTold(world)
  try {
    const random = seededRandom(1)
    const lives = Array.from({ length: kills }, () =>
      Math.round(LIFE_MIN_MS + random() * (LIFE_MAX_MS - LIFE_MIN_MS)),
    )
    const counts = lives.map((lifeMs) => Math.ceil((lifeMs * PER_SECOND) / 1_000))
    await victim.start()
    await inParallel(sum(counts), AT_ONCE, (index) =>
      importAccount(client, target, `b${index}`, index),
    )

    const shots: Shot[] = []
    for (const [kill, lifeMs] of lives.entries()) {
      const first = shots.length
      const count = counts[kill] ?? 0
      void victim.tick()
      const dying = sleep(lifeMs).then(victim.kill)
      const fired = await shootOpenLoop({ perSecond: PER_SECOND, count }, (index) =>
        postLogin(client, target, `b${first + index}`, first + index),
      )
      shots.push(...fired)
      await dying
      await victim.start()
      onKill(kill + 1)
    }
    const accepted = [...shots.entries()]
      .filter(([, { status }]) => status === 202)
      .map(([index]) => index)
    const drainSeconds = await drain(victim, told, accepted)
    const states = await readStates(client, target, accepted)
    const untold = accepted.filter((index) => told.copies(numberOf(index)) === 0)
    return {
      kills,
      logins: shots.length,
      accepted: accepted.length,
      rowsMissing: accepted.filter((index) => states.get(index) === null).length,
      deferred: victim.deferred(),
      neverTold: untold.length,
      neverToldStates: countBy(untold.map((index) => states.get(index) ?? 'no row')),
      toldTwice: accepted.filter((index) => told.copies(numberOf(index)) > 1).length,
      drainSeconds,
      loadAverage: loadAverage(),
    }
  } finally {
    told.close()
    client.close()
    await stopVictim()
    await closeWorld()
    await removeFiles()
  }
}

type Victim = ReturnType<typeof createVictim>

function createVictim(bundle: Bundle, port: number, persistPath: string, world: World) {
  let runtime: Runtime | null = null
  let deferred = 0
  const stop = async () => {
    const stopping = runtime
    runtime = null
    await stopping?.stop().catch(() => {})
  }
  return {
    start: async () => {
      const settings = world.settings()
      const onLog = ({ message }: { readonly message: string }) => {
        if (message.includes('deferred')) deferred += 1
      }
      runtime = await startRuntime({ bundle, port, persistPath, settings, onLog })
      closeOnSignal()
    },
    /** Nothing in it gets to know. */
    kill: async () => {
      for (const pid of childPids('workerd')) process.kill(pid, 'SIGKILL')
      await stop()
    },
    tick: async () => {
      await runtime?.tick().catch(() => {})
    },
    deferred: () => deferred,
    stop,
  }
}

async function drain(victim: Victim, told: Told, accepted: readonly number[]): Promise<number> {
  const startedAt = Date.now()
  const isDone = () => accepted.every((index) => told.copies(numberOf(index)) > 0)
  while (!isDone() && Date.now() - startedAt < DRAIN_MAX_MS) {
    await victim.tick()
    const nextAt = Date.now() + CRON_MS
    while (!isDone() && Date.now() < nextAt) await sleep(100)
  }
  const seconds = Math.round((Date.now() - startedAt) / 1_000)
  while (Date.now() - told.lastEventAt() < QUIET_MS) await sleep(100)
  return seconds
}

/** What each account's history says of its only login; null when it has none. */
async function readStates(
  client: Client,
  { origins, apiKey }: Target,
  indices: readonly number[],
): Promise<ReadonlyMap<number, string | null>> {
  const states = new Map<number, string | null>()
  const headers = { authorization: `Bearer ${apiKey}` }
  await inParallel(indices.length, AT_ONCE, async (at) => {
    const index = indices[at] ?? 0
    const url = `${origins[0]}/v1/accounts/b${index}/logins`
    const { status, body } = await client.send('GET', url, headers, '')
    if (status !== 200) throw new Error(`the history of b${index} was answered ${status}`)
    states.set(index, /"state":"(\w+)"/.exec(body)?.[1] ?? null)
  })
  return states
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function countBy(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
