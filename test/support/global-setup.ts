// Bundles the Worker under test once for all test files, apart from any other run's, and removes it.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type Bundle, bundleWorker, PROJECT_ROOT } from './bundle.ts'

export default async function setup(project: TestProject): Promise<() => void> {
  const name = `test-${project.name}-${process.pid}`
  project.provide('workerBundle', await bundleWorker('test/support/worker-under-test.ts', name))
  return () => rmSync(join(PROJECT_ROOT, 'dist', name), { recursive: true, force: true })
}

declare module 'vitest' {
  export interface ProvidedContext {
    workerBundle: Bundle
  }
}
