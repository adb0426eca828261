// A stage for one test file, from the bundle that was made once for all of them.

import { inject } from 'vitest'
import { type Stage, type StageOptions, startStage } from './stage.ts'

export function startTestStage(options: StageOptions = {}): Promise<Stage> {
  return startStage(inject('workerBundle'), options)
}
