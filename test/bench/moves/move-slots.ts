// One slot is moved, as `npm run move-slot` does it, and looked at from outside meanwhile: whether a hold is answered
// rightly, how long it is not answered at all, and what becomes of an owner who taps just then.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../open-loop.ts'
import type { Person, SlotPeople } from './accounts.ts'

export type Door = {
  readonly client: Client
  /** The version that is asked next. */
  readonly origin: () => string
  readonly apiKey: string
  readonly opsKey: string
  /** The path of the link in the SMS that somebody has. */
  readonly linkOf: (person: Person) => string
}

export type SlotMove = {
  readonly slot: number
  readonly tookMs: number
  /** From the first hold that was answered 503 to the next that was answered; 0 where none was seen. */
  readonly frozenMs: number
  readonly asked: number
  readonly unanswered: number
  /** Holds that were answered, and wrongly; or neither answered nor refused as they should be. */
  readonly wrong: readonly string[]
  /** Calls of the mover that had to be made again. */
  readonly repeated: number
  readonly tap: {
    readonly person: Person
    readonly status: number
    readonly isFrozen: boolean
  } | null
}

const ASK_EVERY_MS = 10
const AGAIN_MS = 250
const TRIES = 40

export async function moveOne(door: Door, people: SlotPeople, to: string): Promise<SlotMove> {
  const startedAt = Date.now()
  let isMoving = true
  const moving = drive(door, people.slot, to).finally(() => {
    isMoving = false
  })
  const wrong: string[] = []
  const tapping = people.tapping.shift()
  let [asked, unanswered, frozenMs] = [0, 0, 0]
  let frozenAt: number | null = null
  let tap: Promise<NonNullable<SlotMove['tap']>> | null = null
  // Once more after it: there it must be answered.
  for (let isLast = false; !isLast; ) {
    isLast = !isMoving
    const isHeld = asked % 2 === 0
    const person = isHeld ? people.held : people.free
    const sentAt = Date.now()
    const { status, body } = await call(door, 'GET', `/v1/accounts/${person.id}/hold`)
    asked += 1
    if (status === 503) {
      unanswered += 1
      frozenAt ??= sentAt
    } else if (status !== 200 || !body.includes(`"held":${isHeld}`)) {
      wrong.push(`${person.id} ${status} ${body.slice(0, 80)}`)
    }
    if (tapping && tap === null && (frozenAt !== null || isLast)) {
      const isFrozen = frozenAt !== null
      const tapped = call(door, 'POST', door.linkOf(tapping))
      tap = tapped.then((answer) => ({ person: tapping, status: answer.status, isFrozen }))
    }
    if (status === 200 && frozenAt !== null) {
      frozenMs = Math.max(frozenMs, Date.now() - frozenAt)
      frozenAt = null
    }
    if (!isLast) await sleep(ASK_EVERY_MS)
  }
  const repeated = await moving
  const tookMs = Date.now() - startedAt
  const watched = { frozenMs, asked, unanswered, wrong, repeated, tap: await tap }
  return { slot: people.slot, tookMs, ...watched }
}

/** Returns how often a call failed and was made again. */
async function drive(door: Door, slot: number, to: string): Promise<number> {
  let from: string | null = null
  let repeated = 0
  for (let tries = 0; tries < TRIES; tries += 1) {
    const act = { act: 'move_slot', slot, to, reason: 'bench', ...(from !== null && { from }) }
    const { status, body } = await call(door, 'POST', '/v1/ops/acts', JSON.stringify(act))
    if (status === 200) {
      from = nextOf(body)
      if (from === null) return repeated
    } else if (status === 0 || status >= 500) {
      repeated += 1
      await sleep(AGAIN_MS)
    } else throw new Error(`slot ${slot} to ${to} was answered ${status} ${body}`)
  }
  throw new Error(`slot ${slot} does not arrive in ${to}`)
}

function nextOf(body: string): string | null {
  return /"next":"([^"]+)"/.exec(body)?.[1] ?? null
}

function call({ client, origin, apiKey, opsKey }: Door, method: string, path: string, body = '') {
  const key = path.startsWith('/v1/ops') ? opsKey : apiKey
  const api = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  return client.send(method, `${origin()}${path}`, path.startsWith('/v1') ? api : {}, body)
}
