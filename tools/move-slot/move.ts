// `npm run move-slot`: moves slots of accounts to another database, one after the other, while the Worker runs. All it does is
// ask the Worker again and again, over its API: whoever stops it, or starts it again, harms nothing.

import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { parseSlots, rangesText, SHARD_NAME } from '../../src/lib/shard-map.ts'
import { paths } from '../../src/paths.ts'
import { localOpsKey } from '../../test/world/ops-key.ts'

const HELP = `Usage: npm run move-slot -- --slots 128-255 --to DB_1

  --slots S     which: numbers and ranges from 0 to 255, 128-255 or 7,9,11-13
  --to NAME     the binding of the database that is to have them
  --reason R    for the record of what was done by hand
  --url U       the Worker; else LOCKLINE_URL, else http://localhost:8787
  --key K       a key with the scope ops.act; else LOCKLINE_OPS_KEY, else that of npm start

One slot after the other. While a slot is copied, its accounts are served. At the end it is frozen for some calls of D1:
then its logins and taps wait in the queue, and GET …/hold is answered 503. Stopped half-way, run it again. To the database
that has a slot already: nothing happens, or it stays there.`

const SECRETS_PATH = new URL('../../.wrangler/world-secrets.json', import.meta.url)
/** A call that failed is tried again: the Worker goes on where it stopped. */
const TRIES = 5

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      slots: { type: 'string' },
      to: { type: 'string' },
      reason: { type: 'string', default: 'npm run move-slot' },
      url: { type: 'string', default: process.env.LOCKLINE_URL ?? 'http://localhost:8787' },
      key: { type: 'string', default: process.env.LOCKLINE_OPS_KEY ?? keyOfStart() },
      help: { type: 'boolean', default: false },
    },
  })
  const { slots: text = '', to = '', reason, url, key } = values
  const slots = parseSlots(text)
  if (values.help || slots === null || !SHARD_NAME.test(to) || key === '') {
    console.log(HELP)
    return values.help ? 0 : 2
  }
  const startedAt = Date.now()
  let rows = 0
  for (const [index, slot] of slots.entries()) {
    const slotAt = Date.now()
    const moved = await moveSlot({ url, key }, { act: 'move_slot', slot, to, reason })
    rows += moved
    const seconds = ((Date.now() - slotAt) / 1_000).toFixed(1)
    console.log(
      `slot ${slot} is in ${to}: ${moved} rows, ${seconds} s (${index + 1} of ${slots.length})`,
    )
  }
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0)
  console.log(`Done: slots ${rangesText(slots)}, ${rows} rows written and deleted, ${seconds} s.`)
  console.log('Now say so in SHARDS, and deploy: until then each isolate asks twice once.')
  return 0
}

function keyOfStart(): string {
  if (!existsSync(SECRETS_PATH)) return ''
  return localOpsKey(JSON.parse(readFileSync(SECRETS_PATH, 'utf8')))
}

type Target = { readonly url: string; readonly key: string }

async function moveSlot(target: Target, act: object): Promise<number> {
  let rows = 0
  for (let from: string | null = null, isFirst = true; isFirst || from !== null; isFirst = false) {
    const done = await ask(target, { ...act, ...(from !== null && { from }) })
    rows += done.count
    from = done.next
  }
  return rows
}

async function ask({ url, key }: Target, body: object) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(new URL(paths.opsActs, url), {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      const text = await response.text()
      if (response.ok) return readDone(JSON.parse(text))
      if (response.status < 500) throw new Refused(text)
      throw new Error(`${response.status} ${text}`)
    } catch (error) {
      if (error instanceof Refused || attempt === TRIES) throw error
      await pause(attempt * 500)
    }
  }
}

class Refused extends Error {}

function readDone(answer: { count?: unknown; next?: unknown }) {
  const { count, next } = answer
  if (typeof count !== 'number') throw new Error('not an answer of this version')
  return { count, next: typeof next === 'string' ? next : null }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
