// `npm run move-slot`: the command line and the real ports.

import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { localOpsKey } from '../../test/world/ops-key.ts'
import { moveSlots } from './move.ts'
import { readMoveSlotOptions } from './options.ts'

const SECRETS_PATH = new URL('../../.wrangler/world-secrets.json', import.meta.url)

function keyOfStart(): string | null {
  if (!existsSync(SECRETS_PATH)) return null
  return localOpsKey(JSON.parse(readFileSync(SECRETS_PATH, 'utf8')))
}

try {
  const choice = readMoveSlotOptions(process.argv.slice(2), process.env, keyOfStart())
  if (choice.kind === 'say') {
    console.log(choice.text)
    process.exitCode = choice.exitCode
  } else {
    const ports = { fetch, pause, now: () => Date.now(), say: console.log }
    await moveSlots(choice.options, ports)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
