// Bundles the Worker under test once for all test files of all projects, apart from any other run's, and
// removes it.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type Bundle, bundleWorker, PROJECT_ROOT } from './bundle.ts'

const NAME = `test-${process.pid}`

export default async function setup(project: TestProject): Promise<() => void> {
  // Each project loads this file anew; the process is what they share.
  globalThis.testBundle ??= bundleWorker('test/support/worker-under-test.ts', NAME)
  project.provide('workerBundle', await globalThis.testBundle)
  return () => rmSync(join(PROJECT_ROOT, 'dist', NAME), { recursive: true, force: true })
}

declare global {
  var testBundle: Promise<Bundle> | undefined
}

declare module 'vitest' {
  export interface ProvidedContext {
    workerBundle: Bundle
  }
}
