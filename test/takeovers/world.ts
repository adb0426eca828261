// A Worker, its database, one provider, one example exchange and the phones: in virtual time, as the simulator has them, but
// quiet. One isolate, nothing refused, lost, doubled or late. What trouble does to all of this is `npm run simulate`'s.

import { createExchange, type Exchange } from '../../examples/exchange/exchange.ts'
import { createLockline, type Lockline } from '../../examples/exchange/lockline-client.ts'
import type { ExchangePorts } from '../../examples/exchange/ports.ts'
import { createMemoryStore } from '../../examples/exchange/store.ts'
import { type Globals, useGlobals } from '../simulate/globals.ts'
import { createCallOut } from '../simulate/machine/call-out.ts'
import { createClock } from '../simulate/machine/clock.ts'
import { createD1 } from '../simulate/machine/d1.ts'
import { openDatabase } from '../simulate/machine/database.ts'
import { isGone, running } from '../simulate/machine/invocation.ts'
import type { HttpAnswer, HttpRequest } from '../simulate/machine/network.ts'
import { createPlatform, type Platform } from '../simulate/machine/platform.ts'
import { createPorts } from '../simulate/machine/ports.ts'
import { createQueue, type SimulatedQueue } from '../simulate/machine/queue.ts'
import { createProducer } from '../simulate/machine/queue-binding.ts'
import { readQueues } from '../simulate/machine/queue-settings.ts'
import { createRandom, type Random } from '../simulate/machine/random.ts'
import type { WorkerModule } from '../simulate/machine/worker-module.ts'
import { createKeyring } from '../simulate/outside/keyring.ts'
import type { Passkeys } from '../simulate/outside/passkeys.ts'
import { CALLBACK_URL, workerSettings } from '../simulate/settings.ts'
import { PUBLIC_ORIGIN } from '../simulate/world.ts'
import { createPhones, type Phones } from './phones.ts'
import type { Policy } from './policies.ts'

export type World = {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly random: Random
  readonly exchange: Exchange
  readonly phones: Phones
  /** Lockline's client with the key of one who works at the exchange. */
  readonly insider: Lockline
  readonly passkeys: Passkeys
  readonly plantPasskey: (accountId: string) => void
  /** One request to the Worker. */
  readonly ask: (request: HttpRequest) => Promise<HttpAnswer>
  /** The minute's work, now; nothing here waits for any other minute. */
  readonly tick: () => void
  /** The same, a minute after so many hours. */
  readonly tickAfter: (hours: number) => Promise<void>
  /** Runs all that was begun to its end. */
  readonly run: (work: Promise<void>) => Promise<void>
  readonly close: () => void
}

/** 5 January 2026, a Monday, 00:00 UTC. */
export const STARTED_AT = Date.UTC(2026, 0, 5)
/** One way, drawn for each call: what was sent first need not arrive first. */
const WAY_MS = [5, 120] as const
const D1_WAY_MS = [2, 30] as const
const HOP_MS = 10
const PATIENCE_MS = 10_000
/**
 * The example asks every minute whether a waiting withdrawal may go, and at once when a hold is lifted. Here it asks every six
 * hours, at once when one is lifted, and at the instant at which the hold ends: that is when it would go.
 */
const ASK_AGAIN_MS = 6 * 3_600_000
const INSIDER_KEY = 'insider-api-key-0001'
/** All that a key may do at an account, the lift named: none is worse. */
const INSIDER_SCOPES =
  'accounts.read,accounts.write,accounts.erase,sessions,holds.read,holds.lift,locks,portal,introspect'
const QUIET = {
  providers: ['twilio'],
  coolingOffHours: 0,
  lockActions: [],
  liftPolicy: 'api',
  liftDelayHours: 0,
  hasNamedSender: false,
} as const

/** Of a world that would never end. */
const DAYS_MAX = 60

export type Parts = { readonly worker: WorkerModule; readonly passkeys: Passkeys }

export function openWorld(
  { seed, policy }: { readonly seed: number; readonly policy: Policy },
  { worker, passkeys }: Parts,
): World {
  const clock = createClock(STARTED_AT)
  const stream = (name: string) => createRandom(seed, name)
  const bytes = stream('bytes')
  const roads = stream('roads')
  const callOut = createCallOut(clock, () => {})
  const database = openDatabase()
  const d1 = createD1({
    database,
    callOut,
    now: clock.now,
    line: () => ({
      outMs: roads.whole(...D1_WAY_MS),
      backMs: roads.whole(...D1_WAY_MS),
      fault: null,
    }),
    onCall: () => {},
  })
  const keyring = createKeyring()
  const ask = (request: HttpRequest) =>
    platform.fetch(request, PATIENCE_MS).then((answer) => {
      if (answer === null) throw new Error(`no answer to ${request.method} ${request.url}`)
      return answer
    })
  const phones = createPhones({ now: clock.now, after: clock.after, ask })

  /** Both ways take their time; an answer to an invocation that is over goes nowhere. */
  async function reach(url: string, init: RequestInit = {}): Promise<Response> {
    const invocation = running()
    const request = {
      method: init.method ?? 'GET',
      url,
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === 'string' ? init.body : '',
    }
    return new Promise((resolve, reject) => {
      const back = (answer: HttpAnswer) =>
        clock.after(roads.whole(...WAY_MS), () => {
          if (!invocation || !isGone(invocation)) resolve(toResponse(answer))
        })
      clock.after(roads.whole(...WAY_MS), () => void hostOf(request).then(back, reject))
    })
  }

  async function hostOf(request: HttpRequest): Promise<HttpAnswer> {
    if (request.url.startsWith(PUBLIC_ORIGIN)) return ask(request)
    if (request.url !== CALLBACK_URL) return phones.send(request)
    const { status, body } = await exchange.takeCallback(request.headers, request.body)
    return { status, headers: {}, body: body === null ? '' : JSON.stringify(body) }
  }

  const producers = openQueues({ clock, random: stream('queues'), callOut }, (name, messages) =>
    platform.consume(name, messages),
  )
  const platform: Platform = createPlatform({
    clock,
    random: stream('platform'),
    isolateCount: 1,
    skewMs: () => 0,
    note: (_isolate, what) => {
      if (/threw/.test(what)) throw new Error(`the Worker broke off: ${what}`)
    },
    makeEnv: () =>
      ({
        ...workerSettings(QUIET, keyring),
        ...policy.settings,
        API_KEYS: `${keyring.exchange.apiKey} ${INSIDER_KEY}:${INSIDER_SCOPES}`,
        DB: d1,
        ...Object.fromEntries(producers),
      }) as unknown as Env,
    makeWorker: () =>
      worker.createWorker(
        createPorts({ clock, skewMs: 0, randomBytes: bytes.bytes, fetch: reach }),
      ),
  })

  const ids = stream('ids')
  const ports: ExchangePorts = {
    now: clock.now,
    after: clock.after,
    fetch: reach,
    newId: (prefix) => `${prefix}_${Buffer.from(ids.bytes(16)).toString('hex')}`,
    log: () => {},
  }
  const clientOf = (apiKey: string) =>
    createLockline(
      {
        url: PUBLIC_ORIGIN,
        apiKey,
        webhookSecret: keyring.exchange.webhook,
        callbackSecrets: [keyring.exchange.callback],
      },
      ports,
    )
  const exchange = createExchange({
    ports,
    store: createMemoryStore(),
    lockline: clientOf(keyring.exchange.apiKey),
    lockOrigin: PUBLIC_ORIGIN,
    // What Lockline answers counts: the drills are about what it answers.
    liftPolicy: 'told',
    askAgainMs: ASK_AGAIN_MS,
  })

  const globals: Globals = { now: clock.now, randomBytes: bytes.bytes, writeLog: () => {} }
  useGlobals(globals)
  return {
    now: clock.now,
    sleep: clock.sleep,
    random: stream('people'),
    exchange,
    phones,
    insider: clientOf(INSIDER_KEY),
    passkeys,
    plantPasskey: (accountId) => passkeys.plant(database, accountId, clock.now()),
    ask,
    tick: platform.tick,
    tickAfter: async (hours) => {
      await clock.sleep(hours * 3_600_000 + 60_000)
      platform.tick()
    },
    run: async (work) => {
      let isDone = false
      const done = work.finally(() => {
        isDone = true
      })
      const endAt = STARTED_AT + DAYS_MAX * 86_400_000
      await Promise.all([done, clock.run(endAt, settle, () => isDone)])
    },
    close: () => {
      exchange.stop()
      useGlobals(null)
      database.close()
    },
  }
}

async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
}

const BODYLESS = new Set([204, 205, 304])

function toResponse({ status, headers, body }: HttpAnswer): Response {
  return new Response(BODYLESS.has(status) ? null : body, { status, headers })
}

const settings = readQueues()

function openQueues(
  room: {
    readonly clock: ReturnType<typeof createClock>
    readonly random: Random
    readonly callOut: ReturnType<typeof createCallOut>
  },
  consume: Parameters<typeof createQueue>[0]['consume'],
) {
  const { clock, random, callOut } = room
  const queues = new Map<string, SimulatedQueue>()
  for (const consumer of settings.consumers) {
    const queue = createQueue({
      settings: consumer,
      clock,
      random,
      consume,
      hopMs: () => HOP_MS,
      isDoubled: () => false,
      note: () => {},
      bury: (message) => {
        throw new Error(`${consumer.name} gave up ${message.body}`)
      },
    })
    queues.set(consumer.name, queue)
  }
  let nextMessage = 1
  const producers = [...settings.producers].map(([binding, name]) => {
    const queue = queues.get(name)
    if (!queue) throw new Error(`queue ${name} has no consumer`)
    const newId = () => `m${nextMessage++}`
    const line = () => ({ ms: HOP_MS, fault: null })
    return [
      binding,
      createProducer({ queue, callOut, newId, now: clock.now, line, note: () => {} }),
    ] as const
  })
  return producers
}
