// A whole stage for a test file: the Worker in its runtime and the world around it, talking over
// loopback. Each test uses accounts and numbers of its own.

import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWorld, type World, type WorldOptions } from '../world/world.ts'
import type { Bundle } from './bundle.ts'
import { type Runtime, type RuntimeOptions, startRuntime } from './runtime.ts'

export type Faults = {
  readonly database?: boolean | 'hanging'
  readonly alerts?: boolean
  readonly callbacks?: boolean
}

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
  readonly readMeter: () => Promise<Meter>
  readonly close: () => Promise<void>
}

export type StageOptions = {
  readonly world?: WorldOptions
  readonly settings?: Readonly<Record<string, string>>
  /** Links then say `localhost`: passkeys are for names, never for addresses. */
  readonly hasName?: boolean
  readonly runtime?: Partial<Pick<RuntimeOptions, 'persistPath' | 'hasConsumers' | 'hasFrontDoor'>>
}

/** A port that was free a moment ago: links and receipts need the origin before the Worker starts. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

export async function startStage(bundle: Bundle, options: StageOptions = {}): Promise<Stage> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const named = options.hasName ? { publicOrigin: `http://localhost:${port}` } : {}
  const world = await startWorld({ workerOrigin: origin, ...named, ...options.world })
  const logs: string[] = []
  const runtime = await startRuntime({
    bundle,
    port,
    settings: { ...world.settings(), ...options.settings },
    onLog: ({ message }) => logs.push(message),
    ...options.runtime,
  })
  return {
    world,
    runtime,
    logs,
    setFaults: async (faults) => {
      const all = { database: false, alerts: false, callbacks: false, ...faults }
      await runtime.fetch('/__test/faults', { method: 'POST', body: JSON.stringify(all) })
    },
    readMeter: async () => {
      const answer = await runtime.fetch('/__test/meter', { method: 'POST' })
      return answer.json() as Promise<Meter>
    },
    close: async () => {
      await runtime.stop()
      await world.close()
    },
  }
}

/** Polls until `probe` gives something, or fails with what was waited for. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeoutMs = 10_000,
): Promise<T> {
  const deadlineAt = Date.now() + timeoutMs
  for (;;) {
    const found = await probe()
    if (found) return found
    if (Date.now() > deadlineAt) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`)
    await sleep(25)
  }
}
