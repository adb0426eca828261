// Lockline as something to shoot at: one or many isolates in the local runtime, the simulated world
// around them, delays that can be switched on when everything is prepared.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bundle } from '../support/bundle.ts'
import { type Runtime, startRuntime } from '../support/runtime.ts'
import { freePorts } from '../support/stage.ts'
import { startWorld, type World } from '../world/world.ts'
import { closeAtEnd, closeOnSignal } from './closing.ts'
import { createLoginSigner, type Target } from './logins.ts'
import type { Scenario } from './scenario.ts'

export type Shootable = {
  readonly name: string
  readonly target: Target
  readonly world: World
  /** Switches the scenario's delays on. */
  readonly setDelays: (delays: Pick<Scenario, 'd1Ms' | 'queueMs'>) => Promise<void>
  /** The minute's work, where somebody does it. */
  readonly tick: () => Promise<void>
  readonly close: () => Promise<void>
}

export type Bundles = {
  /** What is deployed. */
  readonly plain: Bundle
  /** The same with bindings that can be late. */
  readonly late: Bundle
}

const CRON_MS = 60_000

export async function startLockline(bundles: Bundles, scenario: Scenario): Promise<Shootable> {
  const [port = 0, ...morePorts] = await freePorts(scenario.isolates)
  const world = await startWorld({
    workerOrigin: `http://127.0.0.1:${port}`,
    carriers: scenario.providers === 1 ? ['twilio'] : ['twilio', 'infobip'],
  })
  const closeWorld = closeAtEnd(world.close)
  // On disk, as D1 is: in memory every write would cost nothing.
  const persistPath = mkdtempSync(join(tmpdir(), 'lockline-bench-'))
  const removeFiles = closeAtEnd(() => rmSync(persistPath, { recursive: true, force: true }))
  const isLate = scenario.isolates > 1 || scenario.d1Ms > 0 || scenario.queueMs > 0
  const runtime = await startRuntime({
    bundle: isLate ? bundles.late : bundles.plain,
    port,
    morePorts,
    persistPath,
    settings: world.settings(),
    hasFrontDoor: scenario.door === 'front',
  })
  const stopRuntime = closeAtEnd(runtime.stop)
  closeOnSignal()
  spreadReceipts(world, runtime)
  const tick = () => runtime.tick().catch(() => {})
  const cron = setInterval(tick, CRON_MS)
  return {
    name: 'Lockline',
    world,
    target: {
      origins: runtime.origins,
      apiKey: world.secrets.apiKeys[0] ?? '',
      sign: createLoginSigner(world.secrets.webhookSecrets[0] ?? ''),
    },
    setDelays: async ({ d1Ms, queueMs }) => {
      if (!isLate) return
      const body = JSON.stringify({ d1Ms, queueMs })
      for (const origin of runtime.origins) {
        const answer = await fetch(`${origin}/__bench/delays`, { method: 'POST', body })
        if (answer.status !== 204) throw new Error(`the delays were answered ${answer.status}`)
      }
    },
    tick,
    close: async () => {
      clearInterval(cron)
      await stopRuntime()
      await closeWorld()
      await removeFiles()
    },
  }
}

/** Receipts reach any isolate, not the one that sent. */
function spreadReceipts(world: World, { origins }: Runtime): void {
  if (origins.length === 1) return
  let count = 0
  world.phones.subscribe(() => {
    count += 1
    const origin = origins[count % origins.length] ?? null
    for (const carrier of Object.values(world.carriers)) carrier.setCallbackOrigin(origin)
  })
}
