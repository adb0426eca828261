// Moves slots of accounts to another database, one after the other, while the Worker runs. All it does is ask the Worker again
// and again, over its API: whoever stops it, or starts it again, harms nothing.

import { rangesText } from '../../src/lib/shard-map.ts'
import { paths } from '../../src/paths.ts'
import { fetchProblem } from '../fetch-problem.ts'
import type { MoveSlotOptions } from './options.ts'

export type MoveSlotPorts = {
  readonly fetch: typeof fetch
  readonly pause: (ms: number) => Promise<unknown>
  readonly now: () => number
  readonly say: (line: string) => void
}

/** A call that failed is tried again: the Worker goes on where it stopped. */
const TRIES = 5
const PAUSE_MS = 500
/** Of what the Worker said. */
const SHOWN_MAX = 500

/** @throws with the slot, the address and what to tell the operator */
export async function moveSlots(options: MoveSlotOptions, ports: MoveSlotPorts): Promise<void> {
  const { slots, to } = options
  const { now, say } = ports
  const startedAt = now()
  let rows = 0
  for (const [index, slot] of slots.entries()) {
    const slotAt = now()
    const moved = await moveSlot(options, slot, ports).catch((error: unknown) => {
      throw new Error(
        `slot ${slot}, ${index} of ${slots.length} moved before it: ${endpoint(options)} ${messageOf(error)}`,
      )
    })
    rows += moved
    const seconds = ((now() - slotAt) / 1_000).toFixed(1)
    say(`slot ${slot} is in ${to}: ${moved} rows, ${seconds} s (${index + 1} of ${slots.length})`)
  }
  const seconds = ((now() - startedAt) / 1_000).toFixed(0)
  say(`Done: slots ${rangesText(slots)}, ${rows} rows written and deleted, ${seconds} s.`)
  say('Now say so in SHARDS, and deploy: until then each isolate asks twice once.')
}

function endpoint({ url }: MoveSlotOptions): string {
  return new URL(paths.opsActs, url).href
}

async function moveSlot(
  options: MoveSlotOptions,
  slot: number,
  ports: MoveSlotPorts,
): Promise<number> {
  const { to, reason } = options
  let rows = 0
  for (let from: string | null = null, isFirst = true; isFirst || from !== null; isFirst = false) {
    const act = { act: 'move_slot', slot, to, reason, ...(from !== null && { from }) }
    const done = await ask(options, act, ports)
    rows += done.count
    from = done.next
  }
  return rows
}

/** Told at once: another try would be told the same. */
class Refused extends Error {}

async function ask(options: MoveSlotOptions, body: object, { fetch, pause }: MoveSlotPorts) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(endpoint(options), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${options.key}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      }).catch((error: unknown) => {
        throw new Error(`does not answer: ${fetchProblem(error)}`)
      })
      return readDone(response, await response.text())
    } catch (error) {
      if (error instanceof Refused || attempt === TRIES) throw error
      await pause(attempt * PAUSE_MS)
    }
  }
}

function readDone(response: Response, text: string) {
  const { status } = response
  const answer = parseJson(text)
  if (answer === null) {
    const what = response.headers.get('content-type') ?? 'no content type'
    const problem = `answers ${status} (${what}), not as Lockline does`
    if (status >= 500) throw new Error(problem)
    throw new Refused(`${problem}: is the address right?`)
  }
  if (!response.ok) {
    const problem = `answers ${status}: ${text.slice(0, SHOWN_MAX)}`
    throw status < 500 ? new Refused(problem) : new Error(problem)
  }
  const { count, next } = answer
  if (typeof count !== 'number') throw new Refused('answers, but not as this version does')
  return { count, next: typeof next === 'string' ? next : null }
}

/** Null for what is no object. */
function parseJson(text: string): { readonly count?: unknown; readonly next?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
