// A stage for one test file, from the bundle that was made once for all of them.

import { inject } from 'vitest'
import { type Stage, type StageOptions, startStage } from './stage.ts'

/** Receipts come at once, in their order: no test is about a person's patience. */
const RECEIPTS = { sentMs: 10, deliveredMs: 30, lateMs: 1000, retryMs: 50 }

export function startTestStage({ world, ...options }: StageOptions = {}): Promise<Stage> {
  const knobs = { receipts: RECEIPTS, ...world?.knobs }
  return startStage(inject('workerBundle'), { ...options, world: { ...world, knobs } })
}
