import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Three kinds of tests: decisions and parsers in Node, flows against the real Worker in workerd, and its
// pages in a real browser.

/** Compiled once, for all processes of a run and for those that tests start: wrangler, the simulator, the drills. */
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'dist/compile-cache')

/** A failed test means a fault, not a busy machine: each wait inside a test gives up long before, and says for what. */
const PATIENT = { testTimeout: 180_000, hookTimeout: 180_000, teardownTimeout: 60_000 }

/**
 * Node strips the types itself, as for every script here: nothing is transformed, each process loads a module once, and
 * what is imported is called as in any program. The price: `vi.mock` and a spy on a module are not to be had.
 */
const UNTRANSFORMED = { experimental: { viteModuleRunner: false, nodeLoader: false } }

/** More than the cores: half of a flow is waiting for queues and deadlines. More runtimes than these wait for each other. */
const FILES_AT_ONCE = 4

export default defineConfig({
  test: {
    maxWorkers: FILES_AT_ONCE,
    projects: [
      {
        test: {
          ...PATIENT,
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'],
          ...UNTRANSFORMED,
          // Pure, so that a hundred files may share a process and its modules; none may replace one.
          isolate: false,
          setupFiles: ['test/support/setup-unit.ts'],
        },
      },
      {
        test: {
          ...PATIENT,
          name: 'worker',
          include: ['test/worker/**/*.test.ts'],
          // The bundle, once for all files.
          globalSetup: ['test/support/global-setup.ts'],
          setupFiles: ['test/support/setup.ts'],
          // The runtimes of a process go from file to file (test/support/test-stage.ts).
          isolate: false,
        },
      },
      {
        test: {
          ...PATIENT,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          setupFiles: ['test/support/setup.ts'],
          // As before, and one Chromium for all files of a process; each test has a context of its own.
          isolate: false,
        },
      },
    ],
  },
})
