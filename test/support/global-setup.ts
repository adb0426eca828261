// Bundles the Worker under test once for all test files.

import type { TestProject } from 'vitest/node'
import { type Bundle, bundleWorker } from './bundle.ts'

export default async function setup(project: TestProject): Promise<void> {
  project.provide('workerBundle', await bundleWorker('test/support/worker-under-test.ts', 'test'))
}

declare module 'vitest' {
  export interface ProvidedContext {
    workerBundle: Bundle
  }
}
