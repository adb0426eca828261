// The code of README as it stands there, loaded as a module: whoever copies it gets what the tests ran.

import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PROJECT_ROOT } from './bundle.ts'

const run = promisify(execFile)

// What `tsc --init` of a strict project asks.
const STRICT = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes']
const TARGET = [
  '--ignoreConfig',
  '--target',
  'es2024',
  '--module',
  'nodenext',
  '--types',
  'node',
  '--skipLibCheck',
]

/** Every `ts` block of README, each a file of its own; `remove` deletes them. */
export function writeReadmeSamples() {
  const readme = readFileSync(join(PROJECT_ROOT, 'README.md'), 'utf8')
  // Inside the project, so that its packages are found.
  const folder = join(PROJECT_ROOT, 'dist', `readme-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  const files = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ''], index) => {
    const file = join(folder, `sample-${index + 1}.ts`)
    writeFileSync(file, code)
    return file
  })
  return {
    files,
    /** What a strict compiler has to say of them; nothing, if all is well. */
    check: async (): Promise<string> => {
      const args = ['--noEmit', ...STRICT, ...TARGET, ...files]
      const tsc = run(join(PROJECT_ROOT, 'node_modules/.bin/tsc'), args)
      return tsc.then(
        ({ stdout }) => stdout,
        (error: { readonly stdout: string }) => error.stdout,
      )
    },
    load: async (): Promise<Readonly<Record<string, unknown>>> =>
      Object.assign({}, ...(await Promise.all(files.map((file) => import(file))))),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
