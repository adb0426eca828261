// Minutes of rounds in virtual time: isolates that share nothing but the real tables, providers that answer, hang or
// stray, the real order, failover, hedge and board. All chance is drawn from names, so every run is the same.

import { asBound } from '../../../src/lib/bound-statement.ts'
import type { Db } from '../../../src/lib/db.ts'
import { createBreakerBoard } from '../../../src/routing/breaker-board.ts'
import { type CallResult, failOver } from '../../../src/routing/failover.ts'
import { hedgeMsFor, mayHedge, noteCall, noteStart } from '../../../src/routing/note-call.ts'
import { drawOf, orderForText } from '../../../src/routing/order-route.ts'
import { readBoard } from '../../../src/routing/read-board.ts'
import type { RouteStep } from '../../../src/routing/route.ts'
import { createRouteMemory } from '../../../src/routing/route-memory.ts'
import { routeStatements, takeRouteNotes } from '../../../src/routing/route-notes.ts'
import type { RoutingContext } from '../../../src/routing/routing-context.ts'
import type { SendOutcome } from '../../../src/sms/provider.ts'
import type { ProviderName } from '../../../src/sms/registry.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { ACCEPTED, aProvider, NOW, routeOf } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'
import { createClock } from './virtual-clock.ts'

const DEADLINE_MS = 1_500
/** One round trip to D1, before the first call and for what is written after. */
const D1_MS = 100
/** A round in vain: the queue's own delay, and its lag. */
const RETRY_MS = 2_000

/** `sends`: the phone gets it, whether or not anybody is told. */
export type Fate = {
  readonly afterMs: number
  readonly outcome: SendOutcome
  readonly sends: boolean
}

/** `atMs` since the start; `chance` from 0 up to 1. */
export type Carrier = (atMs: number, chance: number) => Fate

export const quick: Carrier = () => ({ afterMs: 20, outcome: ACCEPTED, sends: true })
export const slow: Carrier = () => ({ afterMs: 1_200, outcome: ACCEPTED, sends: true })
export const hangs: Carrier = () => ({ afterMs: 60_000, outcome: ACCEPTED, sends: false })
export const fails: Carrier = () => ({
  afterMs: 20,
  outcome: { class: 'provider_transient', code: '503' },
  sends: false,
})

export function strays(part: number): Carrier {
  return (atMs, chance) => (chance < part ? hangs : quick)(atMs, chance)
}

export type RoadOptions = {
  readonly carriers: Readonly<Partial<Record<ProviderName, Carrier>>>
  readonly isolates: number
  readonly perSecond: number
  readonly texts: number
  /** Runs before the texts of its instant. */
  readonly acts?: readonly { readonly atMs: number; readonly act: (db: Db) => Promise<unknown> }[]
}

export type RoadStory = {
  /** From the webhook to the provider that took it, per text, ascending; milliseconds. */
  readonly waits: readonly number[]
  readonly toldTwice: number
  readonly notAsked: number
  /** Rows of evidence, and of breakers that opened or closed. */
  readonly rows: { readonly faults: number; readonly opened: number; readonly closed: number }
  /** Who was asked first, per text, with the instant. */
  readonly firsts: readonly { readonly atMs: number; readonly provider: ProviderName }[]
  readonly db: Db
}

export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0
}

export async function runRoad(options: RoadOptions): Promise<RoadStory> {
  const { carriers, isolates, perSecond, texts, acts = [] } = options
  const clock = createClock()
  const db = openMemoryDb()
  const names = Object.keys(carriers) as ProviderName[]
  const route = routeOf(names.map((name) => aProvider(name)))
  let ids = 0
  const contexts = Array.from({ length: isolates }, () => ({
    now: clock.now,
    after: clock.after,
    randomBytes: (length: number) => {
      ids += 1
      return new Uint8Array(length).map((_, index) => (ids >> (8 * (index % 4))) & 255)
    },
    config: {
      providers: route.map(({ provider }) => provider),
      routes: new Map(),
      senders: {} as RoutingContext['config']['senders'],
      weights: new Map(),
      pins: new Map(),
      attemptTimeoutMs: DEADLINE_MS,
    },
    ...storesOf(db),
    breakers: createBreakerBoard(),
    routing: createRouteMemory(),
    watch: createWatchMemory(),
  }))
  const waits: number[] = []
  const firsts: { atMs: number; provider: ProviderName }[] = []
  const rows = { faults: 0, opened: 0, closed: 0 }
  let toldTwice = 0
  let notAsked = 0

  async function write(context: (typeof contexts)[number]): Promise<void> {
    const notes = takeRouteNotes(context)
    rows.faults += notes.filter(({ kind }) => kind === 'fault').length
    const batch = routeStatements(db, notes, clock.now()).map((statement) => asBound(db, statement))
    if (batch.length === 0) return
    await clock.pause(D1_MS / 2)
    await db.$client.batch(batch)
  }

  async function send(text: number): Promise<void> {
    // An isolate of its own for each text in turn would be too even.
    const isolate = Math.floor(drawOf(`isolate ${text}`) * isolates)
    const context = contexts[isolate]
    if (!context) return
    const arrivedAt = clock.now()
    void clock.pause(D1_MS).then(() => readBoard(context))
    await clock.pause(D1_MS)
    let sent = 0
    let number = 1
    for (let round = 0; round < 20; round += 1) {
      const order = orderForText(context, route, { id: `text ${text}`, country: 'US' })
      const startedAt = new Map<number, number>()
      const result = (step: RouteStep, no: number, outcome: SendOutcome): CallResult => ({
        provider: step.provider,
        number: no,
        outcome,
        country: 'US',
        segments: 1,
        startedAt: startedAt.get(no) ?? 0,
        durationMs: clock.now() - (startedAt.get(no) ?? 0),
      })
      const asked = new Set<ProviderName>()
      const done = await failOver(order, number, {
        after: clock.after,
        now: clock.now,
        hedgeMs: ({ provider }) => hedgeMsFor(context, provider.name, 'US'),
        onSilence: ({ provider }, no, next) =>
          mayHedge(
            context,
            { provider: provider.name, country: 'US', startedAt: startedAt.get(no) ?? 0 },
            next,
          ),
        call: async (step, no) => {
          const { name } = step.provider
          if (no === 1) firsts.push({ atMs: clock.now() - NOW, provider: name })
          asked.add(name)
          startedAt.set(no, clock.now())
          noteStart(context, { provider: name, startedAt: clock.now() })
          const chance = drawOf(`fate ${text} ${no} ${name}`)
          const fate = (carriers[name] ?? quick)(clock.now() - NOW, chance)
          if (fate.sends) sent += 1
          await clock.pause(Math.min(fate.afterMs, DEADLINE_MS))
          const isLate = fate.afterMs >= DEADLINE_MS
          const call = result(
            step,
            no,
            isLate ? { class: 'ambiguous', code: 'timeout' } : fate.outcome,
          )
          noteCall(context, call)
          return call
        },
        overtaken: (step, no) => result(step, no, { class: 'ambiguous', code: 'overtaken' }),
      })
      const endedAt = clock.now()
      void done.later.then(() => write(context))
      await write(context)
      number += done.round.calls.length
      const { conclusion } = done.round
      if (conclusion === 'accepted') {
        waits.push(endedAt - arrivedAt)
        break
      }
      if (asked.size < route.length) notAsked += 1
      await clock.pause(RETRY_MS)
    }
    if (sent > 1) toldTwice += 1
  }

  for (const { atMs, act } of acts) clock.after(atMs, () => void act(db))
  for (let text = 0; text < texts; text += 1) {
    clock.after(Math.floor((text * 1_000) / perSecond), () => void send(text))
  }
  await clock.run()
  const changes = await db.$client
    .prepare('SELECT change, count(*) AS n FROM route_changes GROUP BY change')
    .all()
  for (const row of changes.results) {
    if (row.change === 'opened') rows.opened = Number(row.n)
    if (row.change === 'closed') rows.closed = Number(row.n)
  }
  return { waits: waits.sort((a, b) => a - b), toldTwice, notAsked, rows, firsts, db }
}
