// Stages for test files, from the bundle that was made once for all of them. A runtime takes longer to start
// than most files run, so a process keeps those that are free and gives them to its next file as if just
// started: no rows, other settings, nothing remembered. The world is new each time.

import { inject } from 'vitest'
import { checkEventsOf } from './check-answers.ts'
import { type Runtime, startRuntime } from './runtime.ts'
import { forgetRows } from './sql.ts'
import {
  controlWorker,
  createStage,
  freePort,
  type Stage,
  type StageOptions,
  startWorldAround,
} from './stage.ts'

/** Receipts come at once, in their order: no test is about a person's patience. */
export const RECEIPTS = { sentMs: 10, deliveredMs: 30, lateMs: 1000, retryMs: 50 }

/** On a busy machine a good answer may take long. What tests a deadline sets its own. */
const SETTINGS = { SMS_ATTEMPT_TIMEOUT_MS: '10000' }

type Kept = { readonly runtime: Runtime; readonly port: number; logs: string[] }

/** Not used at present. They end with the process. */
const free: Kept[] = []

export async function startTestStage({
  world: worldOptions,
  ...options
}: Omit<StageOptions, 'runtime'> = {}): Promise<Stage> {
  const kept = free.pop() ?? (await startKept())
  const { runtime, port } = kept
  const logs: string[] = []
  kept.logs = logs
  const knobs = { receipts: RECEIPTS, ...worldOptions?.knobs }
  const world = await startWorldAround(port, { ...options, world: { ...worldOptions, knobs } })
  checkEventsOf(world.exchange)
  let isStopped = false
  const stop = async () => {
    isStopped = true
    await runtime.stop()
  }
  const stage: Stage = createStage({
    world,
    runtime: { ...runtime, stop },
    logs,
    close: async () => {
      if (!isStopped) {
        await stage.settle()
        free.push(kept)
      }
      await world.close()
    },
  })
  await forgetRows(runtime)
  await controlWorker(runtime, 'start', {
    ...world.settings(),
    ...SETTINGS,
    ...options.settings,
  })
  return stage
}

async function startKept(): Promise<Kept> {
  const port = await freePort()
  const onLog = ({ message }: { readonly message: string }) => kept.logs.push(message)
  const runtime = await startRuntime({
    bundle: inject('workerBundle'),
    port,
    settings: {},
    hasLimits: true,
    onLog,
  })
  const kept: Kept = { runtime, port, logs: [] }
  return kept
}
