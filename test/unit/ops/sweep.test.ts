// The minute's tick and the pages it starts: whatever waits, no invocation makes more statements than it may, and all
// that waits is found.

import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Context } from '../../../src/context.ts'
import { runCron } from '../../../src/cron.ts'
import { parseSweepJob } from '../../../src/jobs.ts'
import type { Db } from '../../../src/lib/db.ts'
import { createShards } from '../../../src/lib/shards.ts'
import { slotOf } from '../../../src/lib/slot.ts'
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { createOpsMemory } from '../../../src/ops/ops-memory.ts'
import { ABANDONED_MS } from '../../../src/ops/slots/clear-slot.ts'
import { moveSlot } from '../../../src/ops/slots/move-slot.ts'
import { SWEEP_MAX_MS } from '../../../src/ops/sweep.ts'
import { ACCOUNT_TABLES } from '../../../src/ops/table-owners.ts'
import { sealWalks } from '../../../src/ops/tables.ts'
import { runQueue } from '../../../src/queue.ts'
import { createRouteMemory } from '../../../src/routing/route-memory.ts'
import { logins } from '../../../src/schema.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { aLogin, anAttempt, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

/** D1 allows a thousand in one invocation. */
const STATEMENTS_MAX = 900

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

type Sent = { readonly body: unknown }

function aQueue() {
  const sent: unknown[] = []
  const queue = {
    send: async (body: unknown) => void sent.push(body),
    sendBatch: async (messages: Iterable<Sent>) => {
      const bodies = [...messages].map(({ body }) => body)
      if (bodies.length > 100) throw new Error('more than a queue takes at once')
      sent.push(...bodies)
    },
  }
  return { sent, queue }
}

/** With no more of the context than the tick and the sweep use. */
function aStage() {
  const meter = { statements: 0 }
  const db = openMemoryDb(() => {
    meter.statements += 1
  })
  const [alerts, callbacks, sweep] = [aQueue(), aQueue(), aQueue()]
  const clock = { now: NOW }
  const context = {
    ...storesOf(db),
    now: () => clock.now,
    randomBytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    after: (delayMs: number, run: () => void) => {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    config: { providers: [], receiptWaitMs: MINUTE_MS, dataKeys: [new Uint8Array(32)], ops: {} },
    routing: createRouteMemory(),
    watch: createWatchMemory(),
    ops: createOpsMemory(),
    points: null,
    net: aQueue().queue,
    alerts: alerts.queue,
    callbacks: callbacks.queue,
    sweep: sweep.queue,
  } as unknown as Context
  /** The statements of one invocation. */
  const measure = async (work: () => Promise<unknown>) => {
    meter.statements = 0
    await work()
    return meter.statements
  }
  return { db, clock, context, alerts, callbacks, sweep, measure }
}

/** Each in the state that costs its sweep the most, in accounts whose retention has something to do. */
async function fill(db: Db, count: number): Promise<void> {
  if (count === 0) return
  const at = NOW - 5 * MINUTE_MS
  const last = aLogin({
    state: 'accepted',
    receivedAt: at,
    leaseUntil: null,
    attempts: [anAttempt({ startedAt: at, country: 'DE' })],
  })
  await db.insert(logins).values({ ...last, slot: slotOf('a'), accountId: 'a', alertId: 'alr_a' })
  const columns = await db.all<{ name: string }>(
    sql`SELECT name FROM pragma_table_info('logins') WHERE name NOT IN ('slot', 'account_id', 'alert_id')`,
  )
  const others = sql.raw(columns.map(({ name }) => name).join(', '))
  const n = sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`
  await db.run(sql`${n} INSERT INTO logins (slot, account_id, alert_id, ${others})
    SELECT slot_of('a' || i), 'a' || i, 'alr_' || i, ${others} FROM n, logins WHERE account_id = 'a' AND i < ${count}`)
  await db.run(sql`${n} INSERT INTO notices (slot, account_id, notice_id, kind, state, attempts, created_at)
    SELECT slot_of('a' || i), 'a' || i, 'ntc_' || i, 'locked', 'open', '[]', ${at} FROM n`)
  await db.run(sql`${n} INSERT INTO callbacks (slot, account_id, callback_id, type, body, state, next_attempt_at, created_at)
    SELECT slot_of('a' || i), 'a' || i, 'cb_' || i, 'account.locked', '{}', 'open', ${at}, ${at} FROM n`)
  await db.run(sql`${n} INSERT INTO attempt_limits SELECT 's' || i, ${NOW - 2 * DAY_MS}, 1 FROM n`)
}

type Stage = ReturnType<typeof aStage>

/** Every page as an invocation of its own; the statements of each. */
async function runSweeps({ context, sweep, measure }: Stage): Promise<readonly number[]> {
  const statements: number[] = []
  for (let body = sweep.sent.shift(); body !== undefined; body = sweep.sent.shift()) {
    const message = { id: 'm', body: JSON.parse(JSON.stringify(body)), attempts: 1, ack: vi.fn() }
    const batch = { queue: 'sweep', messages: [message] } as unknown as MessageBatch<unknown>
    statements.push(await measure(() => runQueue(context, batch)))
    expect(message.ack).toHaveBeenCalledOnce()
  }
  return statements
}

describe('the minute', () => {
  // A thousand of each fill the largest page there is; five thousand make more of them, none larger.
  it.each([0, 1_000, 5_000])(
    'has a bound for each invocation, and finds all, with %i of each waiting',
    async (count) => {
      const stage = aStage()
      await fill(stage.db, count)
      const tick = await stage.measure(() => runCron(stage.context))
      expect(tick).toBeLessThan(STATEMENTS_MAX)
      const pages = await runSweeps(stage)
      expect(Math.max(...pages)).toBeLessThan(STATEMENTS_MAX)
      const kinds = stage.alerts.sent.map((body) => Object(body).kind)
      expect(kinds.filter((kind) => kind === 'deliver')).toHaveLength(count)
      expect(kinds.filter((kind) => kind === 'notice')).toHaveLength(count)
      expect(new Set(stage.callbacks.sent.map((body) => Object(body).callbackId)).size).toBe(count)
    },
  )

  it('sends a key to the next page, and nothing else of a row', async () => {
    const stage = aStage()
    await fill(stage.db, 1_000)
    await runCron(stage.context)
    const seen: unknown[] = [...stage.sweep.sent]
    const { sent } = stage.sweep
    const push = sent.push.bind(sent)
    sent.push = (...bodies) => {
      seen.push(...bodies)
      return push(...bodies)
    }
    await runSweeps(stage)
    expect(seen.length).toBeGreaterThan(4)
    for (const body of seen) expect(parseSweepJob(body)).toEqual(body)
  })

  it('deletes what a mover who died has left, and goes on sealing anew where he had stopped it', async () => {
    const stage = aStage()
    const second = openMemoryDb()
    const databases = [
      { name: 'DB', database: stage.db.$client, db: stage.db },
      { name: 'DB_1', database: second.$client, db: second },
    ] as const
    const shards = createShards([...databases], [])
    const two = { ...stage, context: { ...stage.context, shards } }
    const own = { ...aLogin({}), slot: slotOf('a'), accountId: 'a', alertId: 'alr_a' }
    const half = { ...aLogin({}), slot: slotOf('b'), accountId: 'b', alertId: 'alr_b' }
    await stage.db.insert(logins).values([own, half])
    await moveSlot(shards, own.slot, 'DB_1', NOW)
    await moveSlot(shards, half.slot, 'DB_1', NOW, { pages: ACCOUNT_TABLES.length + 1 })
    const minute = async () => {
      await runCron(two.context)
      await runSweeps(two)
      const found = [stage.db, second].map((db) => db.select({ of: logins.accountId }).from(logins))
      return (await Promise.all(found)).map((rows) => rows.map(({ of }) => of).toSorted())
    }
    expect(await minute()).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
    expect(await second.select().from(sealWalks)).toEqual([])
    stage.clock.now = NOW + ABANDONED_MS + MINUTE_MS
    expect(await minute()).toEqual([['b'], ['a']])
    stage.clock.now += MINUTE_MS
    await minute()
    expect(await second.select().from(sealWalks)).toMatchObject([{ name: 'sealed' }])
  })

  it('ends for a sweep that others have overtaken long ago', async () => {
    const stage = aStage()
    await fill(stage.db, 10)
    await runCron(stage.context)
    stage.clock.now = NOW + SWEEP_MAX_MS + 1
    await runSweeps(stage)
    expect([...stage.alerts.sent, ...stage.callbacks.sent]).toEqual([])
  })

  it('comes back to what D1 refused', async () => {
    const stage = aStage()
    await runCron(stage.context)
    const [body] = stage.sweep.sent
    const message = { id: 'm', body, attempts: 1, ack: vi.fn(), retry: vi.fn() }
    const batch = { queue: 'sweep', messages: [message] } as unknown as MessageBatch<unknown>
    const shards = { ...stage.context.shards, all: [{ name: 'DB', database: null, db: null }] }
    const broken = { ...stage.context, shards } as unknown as Context
    await runQueue(broken, batch)
    expect(message.ack).not.toHaveBeenCalled()
    expect(message.retry).toHaveBeenCalledOnce()
  })
})
