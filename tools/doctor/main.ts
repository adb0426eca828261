// `npm run doctor`: the command line and the real ports.

import { join, resolve } from 'node:path'
import { connect } from '../cloudflare/connect.ts'
import { doctor } from './doctor.ts'
import { readDoctorOptions } from './options.ts'

async function main(): Promise<number> {
  const choice = readDoctorOptions(process.argv.slice(2))
  if (choice.kind === 'say') {
    console.log(choice.text)
    return choice.exitCode
  }
  return doctor(choice.options, {
    cloudflare: connect(),
    configPath: join(resolve(import.meta.dirname, '../..'), 'wrangler.toml'),
    fetch,
    now: () => Date.now(),
    say: (line) => console.log(line),
  })
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  },
)
