// A whole stage for a test file: the Worker in its runtime and the world around it, talking over
// loopback. Each test uses accounts and numbers of its own.

import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWorld, type World, type WorldOptions } from '../world/world.ts'
import type { Bundle } from './bundle.ts'
import { type Runtime, type RuntimeOptions, startRuntime } from './runtime.ts'

export type Faults = {
  readonly database?: boolean | 'hanging' | 'silent'
  readonly alerts?: boolean
  readonly net?: boolean
  readonly callbacks?: boolean
  /** Nobody takes what is in ALERTS; `hanging`: who takes it comes to no end while the fault lasts. */
  readonly alertsConsumer?: boolean | 'hanging'
  /** The platform's counters of requests; `absent` when left out. */
  readonly limiter?: 'counting' | 'failing'
}

/** `standsAt` stops the Worker's clock, `aheadMs` moves it; neither sets it right. Timers run on as they are. */
export type Clock = { readonly standsAt?: number; readonly aheadMs?: number }

export type Meter = {
  readonly rowsRead: number
  readonly rowsWritten: number
  readonly d1Calls: number
  readonly queueSends: number
}

export type Stage = {
  readonly world: World
  readonly runtime: Runtime
  readonly logs: readonly string[]
  readonly setFaults: (faults: Faults) => Promise<void>
  readonly setClock: (clock: Clock) => Promise<void>
  /** From now on an isolate is at work that remembers nothing. */
  readonly newIsolate: () => Promise<void>
  /** The isolates so far come to no end of what they are at; another one is at work. */
  readonly killIsolate: () => Promise<void>
  /** Messages in NET are never due by themselves here: now all of them are. */
  readonly releaseNet: () => Promise<void>
  /**
   * Waits until nothing is under way any more: no invocation, no queue message, no receipt. What is counted
   * after it does not grow by itself. Retries and second waves, which wait for their time, are not waited for.
   */
  readonly settle: () => Promise<void>
  /** What was used since it was read last, all work included that was under way. */
  readonly readMeter: () => Promise<Meter>
  readonly close: () => Promise<void>
}

type UnderWay = { readonly work: number; readonly messages: number }

/** What does not come in this time, on a machine however busy, does not come. */
const WAIT_MAX_MS = 30_000

export type StageOptions = {
  readonly world?: WorldOptions
  readonly settings?: Readonly<Record<string, string>>
  /** Links then say `localhost`: passkeys are for names, never for addresses. */
  readonly hasName?: boolean
  readonly runtime?: Partial<
    Pick<RuntimeOptions, 'persistPath' | 'hasConsumers' | 'hasFrontDoor' | 'hasLimits' | 'shards'>
  >
}

/** A port that was free a moment ago: links and receipts need the origin before the Worker starts. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

/**
 * Held together until all are there, so that no two are the same; and below those that outgoing connections get: one of these, closed a
 * moment ago, is refused to the runtime for a minute.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = []
  const ports: number[] = []
  while (ports.length < count) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORTS)
    const server = createServer()
    if (!(await isHeld(server, port))) continue
    held.push(server)
    ports.push(port)
  }
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

const LOWEST_PORT = 10_240
const PORTS = 22_000

function isHeld(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
}

export async function startStage(bundle: Bundle, options: StageOptions = {}): Promise<Stage> {
  const port = await freePort()
  const world = await startWorldAround(port, options)
  const logs: string[] = []
  const runtime = await startRuntime({
    bundle,
    port,
    settings: { ...world.settings(), ...options.settings },
    onLog: ({ message }) => logs.push(message),
    ...options.runtime,
  })
  const close = async () => {
    await runtime.stop()
    await world.close()
  }
  return createStage({ world, runtime, logs, close })
}

/** The world around a Worker that answers, or will answer, at `port`. */
export function startWorldAround(port: number, options: StageOptions): Promise<World> {
  const named = options.hasName ? { publicOrigin: `http://localhost:${port}` } : {}
  return startWorld({ workerOrigin: `http://127.0.0.1:${port}`, ...named, ...options.world })
}

/** The runtime must run worker-under-test.ts, which is what the controls talk to. */
export function createStage(parts: Pick<Stage, 'world' | 'runtime' | 'logs' | 'close'>): Stage {
  const { world, runtime } = parts
  const control = (path: string, body: unknown = {}) => controlWorker(runtime, path, body)
  const isQuiet = async () => {
    const underWay = (await (await control('under-way')).json()) as UnderWay
    const carriers = [...Object.values(world.carriers), ...Object.values(world.extraCarriers)]
    const receipts = carriers.reduce((sum, carrier) => sum + carrier.pendingReceipts(), 0)
    return underWay.work + underWay.messages + receipts === 0
  }
  // Twice: between the two looks a receipt may have become work, or work a message.
  const settle = async () => {
    await eventually('the end of all work', async () => (await isQuiet()) && (await isQuiet()))
  }
  return {
    ...parts,
    setFaults: async (faults) => {
      const none = { alerts: false, net: false, callbacks: false, alertsConsumer: false }
      await control('faults', { database: false, ...none, limiter: 'absent', ...faults })
    },
    setClock: async (clock) => {
      await control('clock', clock)
    },
    newIsolate: async () => {
      await control('isolate')
    },
    killIsolate: async () => {
      await control('kill')
    },
    releaseNet: async () => {
      await control('net')
    },
    settle,
    readMeter: async () => {
      await settle()
      const answer = await control('meter')
      return answer.json() as Promise<Meter>
    },
  }
}

export function controlWorker(runtime: Runtime, path: string, body: unknown): Promise<Response> {
  return runtime.fetch(`/__test/${path}`, { method: 'POST', body: JSON.stringify(body) })
}

/** Polls until `probe` gives something, or fails with what was waited for. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeoutMs = WAIT_MAX_MS,
): Promise<T> {
  const deadlineAt = Date.now() + timeoutMs
  for (;;) {
    const found = await probe()
    if (found) return found
    if (Date.now() > deadlineAt) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`)
    await sleep(25)
  }
}
