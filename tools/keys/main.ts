// `npm run keys`: the command line and the real ports.

import { join, resolve } from 'node:path'
import { connect } from '../cloudflare/connect.ts'
import { keys } from './keys.ts'
import { readKeysOptions } from './options.ts'

const choice = readKeysOptions(process.argv.slice(2))
if (choice.kind === 'say') {
  console.log(choice.text)
  process.exitCode = choice.exitCode
} else {
  const configPath = join(resolve(import.meta.dirname, '../..'), 'wrangler.toml')
  // What is said goes beside the keys, so that they alone can be sent into a file.
  const ports = { cloudflare: connect, configPath, show: console.log, say: console.error }
  await keys(choice.options, ports).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
