// Isolates with one database between them, for the tests of the board: calls are noted, what is to be stored is stored,
// the board is read. Instants are passed in.

import { asBound } from '../../../src/lib/bound-statement.ts'
import type { Db } from '../../../src/lib/db.ts'
import { createBreakerBoard } from '../../../src/routing/breaker-board.ts'
import { breakerScopes, noteOutcome } from '../../../src/routing/note-outcome.ts'
import { distrustOf, orderForText } from '../../../src/routing/order-route.ts'
import { readBoard } from '../../../src/routing/read-board.ts'
import { createRouteMemory } from '../../../src/routing/route-memory.ts'
import { routeStatements, takeRouteNotes } from '../../../src/routing/route-notes.ts'
import type { RoutingContext } from '../../../src/routing/routing-context.ts'
import { noteLatency, slowFromMs, slowProviders } from '../../../src/routing/slow-provider.ts'
import type { SendOutcome } from '../../../src/sms/provider.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { NOW, ROUTE } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

export const SLOW_FROM_MS = slowFromMs(1_500)

type Call = { readonly isolate?: number; readonly provider?: string; readonly country?: string }

export function createBoardWorld(isolates = 1) {
  const db: Db = openMemoryDb()
  let now = NOW
  let ids = 0
  const contexts = Array.from(
    { length: isolates },
    (): RoutingContext => ({
      now: () => now,
      randomBytes: (length) => {
        ids += 1
        return new Uint8Array(length).map((_, index) => (ids >> (8 * (index % 4))) & 255)
      },
      config: {
        providers: ROUTE.map(({ provider }) => provider),
        routes: new Map(),
        // No order is made of senders here.
        senders: {} as RoutingContext['config']['senders'],
        weights: new Map(),
        pins: new Map(),
      },
      db,
      breakers: createBreakerBoard(),
      routing: createRouteMemory(),
      watch: createWatchMemory(),
    }),
  )

  function contextOf(isolate: number): RoutingContext {
    const context = contexts[isolate]
    if (!context) throw new Error('there is no such isolate')
    return context
  }

  const world = {
    db,
    contextOf,
    at(instant: number) {
      now = instant
    },
    /** A call that ended now, `durationMs` after it began. */
    note(outcome: SendOutcome, call: Call & { readonly durationMs?: number } = {}) {
      const { isolate = 0, provider = 'twilio', country = 'US', durationMs = 0 } = call
      const noted = { provider, country, startedAt: now - durationMs, outcome }
      noteOutcome(contextOf(isolate).breakers, noted, now)
    },
    noteDuration(durationMs: number, { isolate = 0, provider = 'twilio' }: Call = {}) {
      const call = { provider, startedAt: now - durationMs, durationMs, slowFromMs: SLOW_FROM_MS }
      noteLatency(contextOf(isolate).breakers, call, now)
    },
    /** What its next outcome brings with it; returns how many statements. */
    async store(isolate = 0): Promise<number> {
      const notes = takeRouteNotes(contextOf(isolate))
      const batch = routeStatements(db, notes, now).map((statement) => asBound(db, statement))
      if (batch.length > 0) await db.$client.batch(batch)
      return batch.length
    },
    async read(isolate = 0): Promise<void> {
      await readBoard(contextOf(isolate))
    },
    async readAll(): Promise<void> {
      for (const [isolate] of contexts.entries()) await world.read(isolate)
    },
    distrust({ isolate = 0, provider = 'twilio', country = 'US' }: Call = {}) {
      return distrustOf(contextOf(isolate).breakers, provider, country, now)
    },
    slow: (isolate = 0) => [
      ...slowProviders(contextOf(isolate).breakers, ['twilio', 'infobip', 'vonage'], now),
    ],
    order(id: string, { isolate = 0, country = 'US' }: Call = {}) {
      const steps = orderForText(contextOf(isolate), ROUTE, { id, country })
      return steps.map(({ provider }) => provider.name)
    },
    async rows(table: 'breakers' | 'route_faults' | 'route_changes') {
      return (await db.$client.prepare(`SELECT * FROM ${table}`).all()).results
    },
    execute: (statement: string) => db.$client.prepare(statement).run(),
    scopes: breakerScopes,
  }
  return world
}

export type BoardWorld = ReturnType<typeof createBoardWorld>
