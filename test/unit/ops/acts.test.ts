// Repair by hand, over the real tables: what each act changes, what a second one of it changes, what it refuses, and that each
// leaves a record of who did it and why.

import { sql } from 'drizzle-orm'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ActSchema } from '../../../src/api/act-requests.ts'
import { buryMessage } from '../../../src/dead-letter/dead-letters.ts'
import { checkCode } from '../../../src/guard/code-counts.ts'
import { readCodeStopStatement } from '../../../src/guard/code-stops.ts'
import type { Db } from '../../../src/lib/db.ts'
import { createShards } from '../../../src/lib/shards.ts'
import { HOME } from '../../../src/lib/slot-guard.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import type { ActResult } from '../../../src/ops/acts/act.ts'
import { redriveCallback, redriveCallbacks } from '../../../src/ops/acts/callbacks.ts'
import { allowCodes, stopCodes } from '../../../src/ops/acts/codes.ts'
import { LETTERS_PER_CALL, redriveDeadLetters } from '../../../src/ops/acts/dead-letters.ts'
import { moveSlot } from '../../../src/ops/acts/move-slot.ts'
import { undoPhoneMark } from '../../../src/ops/acts/phone-mark.ts'
import { ORDER_MS, orderProvider, trustProvider } from '../../../src/ops/acts/providers.ts'
import { isRareSql, listActs, newAct, recordStatement } from '../../../src/ops/acts/record.ts'
import { refuseNumber, refuseResend } from '../../../src/ops/acts/resend-alert.ts'
import { deleteExpired } from '../../../src/ops/retention.ts'
import { accounts, callbacks, deadLetters, routeOrders } from '../../../src/schema.ts'
import { randomBytes } from '../../support/ports.ts'
import { aLogin, NOW, PROVIDERS } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const dataKeys = [new Uint8Array(32).fill(7)] as const
const WHO = 'key:01234567'
const reason = 'incident 7'

let db: Db
let logged: Record<string, unknown>[]
let sent: { readonly queue: string; readonly body: unknown }[]

beforeEach(() => {
  db = openMemoryDb()
  logged = []
  sent = []
  const keep = (line: string) => logged.push(JSON.parse(line))
  vi.spyOn(console, 'log').mockImplementation(keep)
  vi.spyOn(console, 'error').mockImplementation(keep)
})
afterEach(() => vi.restoreAllMocks())

function aQueue<Job>(queue: string): Queue<Job> {
  const metrics = { backlogCount: 0, backlogBytes: 0 }
  const answer = { metadata: { metrics } }
  return {
    metrics: async () => metrics,
    send: async (body) => {
      sent.push({ queue, body })
      return answer
    },
    sendBatch: async (messages) => {
      for (const { body } of messages) sent.push({ queue, body })
      return answer
    },
  }
}

const contextOf = () => ({
  ...storesOf(db),
  now: () => NOW,
  randomBytes,
  config: { dataKeys, providers: PROVIDERS },
  alerts: aQueue<never>('alerts'),
  net: aQueue<never>('net'),
  callbacks: aQueue<never>('callbacks'),
  sweep: aQueue<never>('sweep'),
})

/** How much it did; throws where it was refused. */
async function countOf(result: Promise<ActResult>): Promise<number> {
  const done = await result
  if (!done.ok) throw new Error(JSON.stringify(done.error))
  return done.value.count
}

async function refusalOf(result: Promise<ActResult>) {
  const done = await result
  return done.ok ? null : done.error.kind
}

async function recorded() {
  const acts = await listActs(db, 100)
  return acts.map(({ act, subject, who, count, reason: why }) => ({
    act,
    subject,
    who,
    count,
    why,
  }))
}

describe('every act', () => {
  it('leaves who did it, when, to what and why, and a line without the reason', async () => {
    const act = { act: 'stop_codes', country: 'LK', lasts: 'hour', reason } as const
    await stopCodes(contextOf(), act, WHO, NOW)
    expect(await listActs(db, 9)).toEqual([
      {
        actedAt: NOW,
        actId: expect.stringMatching(/^act_/),
        act: 'stop_codes',
        subject: 'LK',
        who: WHO,
        reason,
        count: 1,
        untilAt: NOW + HOUR_MS,
      },
    ])
    const line = { event: 'ops.acted', act: 'stop_codes', subject: 'LK', who: WHO, count: 1 }
    expect(logged).toEqual([{ ...line, act_id: expect.any(String) }])
  })

  it('is forgotten after 400 days, not before', async () => {
    const act = { act: 'allow_codes', country: 'LK', reason } as const
    await allowCodes(contextOf(), act, WHO, NOW)
    await deleteExpired(db, NOW + 399 * DAY_MS)
    expect(await recorded()).toHaveLength(1)
    await deleteExpired(db, NOW + 401 * DAY_MS)
    expect(await recorded()).toHaveLength(0)
  })
})

describe('a provider', () => {
  const order = { act: 'order_provider', provider: 'twilio', country: null, reason } as const

  it('is put last for an hour, from when it was said last, until it is undone', async () => {
    const last = { ...order, place: 'last' } as const
    expect(await countOf(orderProvider(contextOf(), last, WHO, NOW))).toBe(1)
    await orderProvider(contextOf(), last, WHO, NOW + MINUTE_MS)
    const rows = await db.select().from(routeOrders)
    expect(rows.map(({ untilAt }) => untilAt)).toEqual([NOW + MINUTE_MS + ORDER_MS])
    const usual = { ...order, place: 'usual' } as const
    expect(await countOf(orderProvider(contextOf(), usual, WHO, NOW))).toBe(1)
    expect(await countOf(orderProvider(contextOf(), usual, WHO, NOW))).toBe(0)
  })

  it.each([
    ['that is not configured', { ...order, provider: 'pigeon', place: 'last' }],
    ['in a country that is none', { ...order, country: 'XX', place: 'first' }],
  ] as const)('%s is refused, and leaves no record', async (_what, act) => {
    expect(await refusalOf(orderProvider(contextOf(), act, WHO, NOW))).toBe('invalid')
    expect(await recorded()).toEqual([])
  })

  it('is trusted again everywhere, or in one country; learning gives back what it took', async () => {
    const run = (statement: string) => db.$client.prepare(statement).run()
    for (const scope of ['twilio', 'twilio/TH', 'twilio/slow', 'twiliox', 'infobip']) {
      await run(`INSERT INTO breakers (scope, opened_at, open_until, probe_until, trips, code, figure)
        VALUES ('${scope}', ${NOW - 1000}, ${NOW + 60_000}, 0, 1, '503', '')`)
      await run(`INSERT INTO route_weights (scope, kept_percent, relapses, retry_at, changed_at, reason)
        VALUES ('${scope}', 10, 1, ${NOW}, ${NOW - 1000}, 'faults')`)
    }
    const trust = { act: 'trust_provider', provider: 'twilio', reason } as const
    const inTh = { ...trust, country: 'TH' }
    expect(await countOf(trustProvider(contextOf(), inTh, WHO, NOW))).toBe(2)
    const everywhere = { ...trust, country: null }
    expect(await countOf(trustProvider(contextOf(), everywhere, WHO, NOW))).toBe(4)
    expect(await countOf(trustProvider(contextOf(), everywhere, WHO, NOW))).toBe(0)
    const left = await db.$client.prepare('SELECT scope FROM breakers ORDER BY scope').all()
    expect(left.results.map((row) => row.scope)).toEqual(['infobip', 'twiliox'])
    const kept = await db.$client
      .prepare('SELECT scope, kept_percent AS kept FROM route_weights ORDER BY scope')
      .all()
    expect(kept.results.map(({ scope, kept: percent }) => `${scope} ${percent}`)).toEqual([
      'infobip 10',
      'twilio 100',
      'twilio/TH 100',
      'twilio/slow 100',
      'twiliox 10',
    ])
    const changes = await db.$client
      .prepare("SELECT scope FROM route_changes WHERE changed_by = 'hand' AND change = 'closed'")
      .all()
    expect(changes.results).toHaveLength(3)
  })
})

describe('callbacks', () => {
  type State = 'open' | 'confirmed' | 'stopped' | 'dead'

  type Change = Partial<typeof callbacks.$inferInsert>
  async function put(callbackId: string, state: State, change: Change = {}) {
    await db.insert(callbacks).values({
      ...{ slot: 5, accountId: '1001', callbackId, type: 'phone.bound', body: '{}', state },
      ...{ attempts: 9, nextAttemptAt: NOW + HOUR_MS, createdAt: NOW - DAY_MS },
      ...change,
    })
  }

  async function stateOf(id: string) {
    const rows = await db.select().from(callbacks)
    const row = rows.find(({ callbackId }) => callbackId === id)
    return row && [row.state, row.attempts, row.nextAttemptAt - NOW]
  }

  const since = (sinceAt: number, from: string | null = null) =>
    redriveCallbacks(contextOf(), { act: 'redrive_callbacks', sinceAt, from, reason }, WHO, NOW)

  it('that were given up or wait for hours are due at once with all their tries, others stay', async () => {
    await put('cbk_dead', 'dead')
    await put('cbk_stopped', 'stopped')
    await put('cbk_waiting', 'open')
    await put('cbk_confirmed', 'confirmed')
    await put('cbk_leased', 'open', { leaseUntil: NOW + 5_000 })
    await put('cbk_due', 'open', { nextAttemptAt: NOW - 1 })
    await put('cbk_older', 'dead', { createdAt: NOW - 3 * DAY_MS })
    expect(await countOf(since(NOW - 2 * DAY_MS))).toBe(3)
    for (const id of ['cbk_dead', 'cbk_stopped', 'cbk_waiting']) {
      expect(await stateOf(id)).toEqual(['open', 0, 0])
    }
    expect(await stateOf('cbk_confirmed')).toEqual(['confirmed', 9, HOUR_MS])
    expect(await stateOf('cbk_older')).toEqual(['dead', 9, HOUR_MS])
    expect(sent.map(({ body }) => Object(body).callbackId).sort()).toEqual([
      'cbk_dead',
      'cbk_stopped',
      'cbk_waiting',
    ])
    expect(await countOf(since(NOW - 2 * DAY_MS))).toBe(0)
  })

  it('of a lift stay where the account was locked again since: they would free what is held', async () => {
    const lift = { type: 'hold.lifted', createdAt: NOW - HOUR_MS } as const
    await put('cbk_lift', 'dead', lift)
    await put('lck_before', 'confirmed', { type: 'account.locked', createdAt: NOW - 2 * HOUR_MS })
    await put('cbk_other', 'dead', { ...lift, accountId: '1002' })
    await put('lck_after', 'confirmed', {
      type: 'account.locked',
      accountId: '1002',
      createdAt: NOW,
    })
    expect(await countOf(since(0))).toBe(1)
    expect([await stateOf('cbk_lift'), await stateOf('cbk_other')]).toEqual([
      ['open', 0, 0],
      ['dead', 9, HOUR_MS],
    ])
  })

  it('of a long outbox are brought in parts, each of them once', async () => {
    const ids = Array.from({ length: 2_300 }, (_, index) => `cbk_${String(index).padStart(5, '0')}`)
    for (const id of ids) await put(id, 'dead')
    const counts: number[] = []
    let from: string | null = null
    do {
      const done: ActResult = await since(0, from)
      if (!done.ok) throw new Error('it was refused')
      counts.push(done.value.count)
      from = done.value.next
    } while (from !== null)
    expect(counts).toEqual([1_000, 1_000, 300])
    expect(sent.map(({ body }) => Object(body).callbackId)).toEqual(ids)
  })

  it('begin nowhere that no answer named', async () => {
    expect(await refusalOf(since(0, '1~2'))).toBe('invalid')
  })

  it('are brought one by one; a second time nothing is left to do', async () => {
    // As `ofAccount` looks for it.
    const slot = aLogin({ accountId: '1001' }).slot
    await put('cbk_dead', 'dead', { slot })
    const one = (callbackId: string) =>
      redriveCallback(
        contextOf(),
        { act: 'redrive_callback', accountId: '1001', callbackId, reason },
        WHO,
        NOW,
      )
    expect([await countOf(one('cbk_dead')), await countOf(one('cbk_dead'))]).toEqual([1, 0])
    expect(sent).toEqual([
      { queue: 'callbacks', body: { kind: 'callback', accountId: '1001', callbackId: 'cbk_dead' } },
    ])
    expect(await refusalOf(one('cbk_other'))).toBe('not_found')
  })
})

describe('dead letters', () => {
  const job = { kind: 'deliver', accountId: '1001', alertId: 'alr_1' } as const

  async function bury(id: string, queue: string, body: unknown) {
    const message = { id, body, timestamp: new Date(NOW), attempts: 3, ack() {}, retry() {} }
    await buryMessage(contextOf(), queue, message, 'retries_used')
  }

  const redrive = (change: { messageIds?: readonly string[]; from?: string } = {}) => {
    const { messageIds = null, from = null } = change
    const act = { act: 'redrive_dead_letters', messageIds, from, reason } as const
    return redriveDeadLetters(contextOf(), act, WHO, NOW)
  }

  it('go back to the queues they came from, and what nobody understands stays', async () => {
    const callback = { kind: 'callback', accountId: '1001', callbackId: 'cbk_1' }
    await bury('m1', 'alerts-dead', job)
    await bury('m2', 'callbacks-dead', callback)
    await bury('m3', 'net-dead', job)
    await bury('m4', 'alerts-dead', { kind: 'of a later version' })
    await bury('m5', 'somewhere', job)
    await db.insert(deadLetters).values({
      ...{ messageId: 'm6', queue: 'alerts-dead', kind: 'deliver', reason: 'retries_used' },
      ...{ diedAt: NOW, messageSealed: null },
    })
    expect(await countOf(redrive())).toBe(3)
    expect(sent).toEqual([
      { queue: 'alerts', body: job },
      { queue: 'callbacks', body: callback },
      { queue: 'net', body: job },
    ])
    const left = await db.select({ id: deadLetters.messageId }).from(deadLetters)
    expect(left.map(({ id }) => id)).toEqual(['m4', 'm5', 'm6'])
    expect(await countOf(redrive())).toBe(0)
  })

  it('go in parts', async () => {
    for (let letter = 100; letter < 100 + LETTERS_PER_CALL + 5; letter += 1) {
      await bury(`m${letter}`, 'alerts-dead', job)
    }
    const first = await redrive()
    if (!first.ok || first.value.next === null) throw new Error('there was no more')
    expect(first.value.count).toBe(LETTERS_PER_CALL)
    const second = await redrive({ from: first.value.next })
    expect(second).toMatchObject({ ok: true, value: { count: 5, next: null } })
  })

  it('go alone where they are named', async () => {
    await bury('m1', 'alerts-dead', job)
    await bury('m2', 'alerts-dead', job)
    expect(await countOf(redrive({ messageIds: ['m2', 'm9'] }))).toBe(1)
    const left = await db.select({ id: deadLetters.messageId }).from(deadLetters)
    expect(left.map(({ id }) => id)).toEqual(['m1'])
  })
})

describe("a number's mark", () => {
  const undo = (accountId = '1001') =>
    undoPhoneMark(contextOf(), { act: 'undo_phone_mark', accountId, reason }, WHO, NOW)

  async function account(change: Partial<typeof accounts.$inferInsert>) {
    const { slot } = aLogin({ accountId: '1001' })
    const at = { createdAt: NOW - DAY_MS, updatedAt: NOW - DAY_MS }
    await db.insert(accounts).values({ slot, accountId: '1001', ...at, ...change })
  }
  const stateNow = async () => (await db.select().from(accounts))[0]?.phoneState

  it.each(['invalid', 'opted_out'] as const)('%s, by providers, is undone', async (phoneState) => {
    await account({ phoneState, phoneStateCode: '21610', phoneStateUntil: NOW + HOUR_MS })
    expect([await countOf(undo()), await stateNow()]).toEqual([1, 'ok'])
    expect(await countOf(undo())).toBe(0)
  })

  it('is not undone where the owner replied STOP', async () => {
    await account({ phoneState: 'opted_out', phoneStateCode: 'stop_reply' })
    expect([await refusalOf(undo()), await stateNow()]).toEqual(['not_possible', 'opted_out'])
    expect(await recorded()).toEqual([])
  })

  it('of nobody is not found', async () => {
    expect(await refusalOf(undo('1002'))).toBe('not_found')
  })
})

describe('code SMS of a country', () => {
  const stop = (lasts: 'hour' | 'day' | 'until_allowed') =>
    stopCodes(contextOf(), { act: 'stop_codes', country: 'LK', lasts, reason }, WHO, NOW)
  const allow = () =>
    allowCodes(contextOf(), { act: 'allow_codes', country: 'LK', reason }, WHO, NOW)
  const policy = { countries: '*', isEnforced: false, spendCapSegments: 1_000 } as const
  const ask = (at: number, country = 'LK') =>
    checkCode(
      db,
      {
        scopes: { country, prefix: 'code-prefix:a' },
        ...{ isVerified: true, isKnown: true, segments: 1, policy },
      },
      at,
    )

  it.each([
    ['hour', HOUR_MS],
    ['day', DAY_MS],
  ] as const)(
    'are stopped for the %s, to every number, even while the guard records',
    async (lasts, ms) => {
      expect(await countOf(stop(lasts))).toBe(1)
      expect(await ask(NOW + ms - 1)).toEqual({ kind: 'refuse', reason: 'country_stopped' })
      expect(await ask(NOW, 'DE')).toEqual({ kind: 'send' })
      expect(await ask(NOW + ms)).toEqual({ kind: 'send' })
      await deleteExpired(db, NOW + ms)
      expect(await readCodeStopStatement(db, 'LK', NOW)).toEqual([])
    },
  )

  it('are stopped until they are allowed', async () => {
    await stop('until_allowed')
    await deleteExpired(db, NOW + 300 * DAY_MS)
    const later = await ask(NOW + 300 * DAY_MS)
    expect(later).toEqual({ kind: 'refuse', reason: 'country_stopped' })
    expect([await countOf(allow()), await countOf(allow())]).toEqual([1, 0])
    expect(await ask(NOW)).toEqual({ kind: 'send' })
  })
})

describe('a move', () => {
  const OTHER = 'key:89abcdef'
  let calls: number

  beforeEach(() => {
    calls = 0
  })

  function shardsOf(other: Db) {
    const named = (name: string, one: Db) => ({ name, database: one.$client, db: one })
    return createShards([named(HOME, db), named('DB_1', other)], [])
  }
  const other = () => openMemoryDb()

  type Call = {
    readonly to?: string
    readonly from?: 'copy' | 'delete' | 'clear'
    readonly who?: string
    readonly at?: number
  }
  async function move(
    shards: ReturnType<typeof shardsOf>,
    { to = 'DB_1', who = WHO, ...call }: Call,
  ) {
    calls += 1
    const act = { act: 'move_slot', slot: 99, to, from: call.from ?? null, reason } as const
    const now = call.at ?? NOW + calls * 1_000
    return moveSlot({ ...contextOf(), shards }, act, who, now)
  }
  const subjects = async () => (await recorded()).map(({ subject, who }) => `${subject} ${who}`)

  it('of many calls is recorded once, whatever the calls after the first are to do', async () => {
    const shards = shardsOf(other())
    let from: Call['from']
    for (let call = 0; call < 9; call += 1) {
      const done = await move(shards, from ? { from } : {})
      if (!done.ok) throw new Error(JSON.stringify(done.error))
      const { next } = done.value
      if (next === null) break
      const request = v.parse(ActSchema, {
        act: 'move_slot',
        slot: 99,
        to: 'DB_1',
        from: next,
        reason,
      })
      if (request.act === 'move_slot') from = request.from
    }
    expect(calls).toBeGreaterThan(1)
    expect(await recorded()).toEqual([
      { act: 'move_slot', subject: '99 DB_1', who: WHO, count: 0, why: reason },
    ])
  })

  it.each(['copy', 'delete', 'clear'] as const)(
    'that says at its first call that it goes on, with %s, is recorded all the same, of each key',
    async (from) => {
      const shards = shardsOf(other())
      await move(shards, { from })
      expect(await subjects()).toEqual([`99 DB_1 ${WHO}`])
      await move(shards, { from, who: OTHER })
      await move(shards, { from, who: OTHER })
      expect(await subjects()).toEqual([`99 DB_1 ${OTHER}`, `99 DB_1 ${WHO}`])
    },
  )

  it('is recorded again where the slot was sent elsewhere meanwhile, or an hour is over', async () => {
    const shards = shardsOf(other())
    await move(shards, { at: NOW })
    await move(shards, { from: 'delete', at: NOW + 1_000 })
    await move(shards, { to: HOME, at: NOW + 2_000 })
    expect(await subjects()).toHaveLength(2)
    await move(shards, { from: 'copy', at: NOW + 3_000 })
    expect(await subjects()).toEqual([`99 DB_1 ${WHO}`, `99 DB ${WHO}`, `99 DB_1 ${WHO}`])
    await move(shards, { from: 'copy', at: NOW + 3_000 + HOUR_MS - 1 })
    expect(await subjects()).toHaveLength(3)
    await move(shards, { from: 'copy', at: NOW + 3_000 + HOUR_MS })
    expect(await subjects()).toHaveLength(4)
  })

  it('of another slot says nothing of this one', async () => {
    const shards = shardsOf(other())
    const act = { act: 'move_slot', to: 'DB_1', from: 'copy', reason } as const
    for (const slot of [9, 99, 9, 99]) {
      await moveSlot({ ...contextOf(), shards }, { ...act, slot }, WHO, NOW + slot)
    }
    expect((await subjects()).sort()).toEqual([`9 DB_1 ${WHO}`, `99 DB_1 ${WHO}`])
  })

  it('that is refused was none', async () => {
    const second = other()
    const shards = shardsOf(second)
    const unbound = await move(shards, { to: 'DB_2' })
    expect(unbound).toMatchObject({ ok: false, error: { kind: 'invalid', pointer: '/to' } })
    await db.run(sql`INSERT INTO slotless_accounts VALUES ('x')`)
    const waiting = await move(shards, {})
    expect(waiting).toMatchObject({ ok: false, error: { kind: 'not_possible' } })
    // In no database, and the one it went to is not bound.
    await db.run(
      sql`INSERT INTO slots (slot, state, moved_to, changed_at) VALUES (99, 'moved', 'DB_7', 1)`,
    )
    const nowhere = await move(shards, {})
    expect(nowhere).toMatchObject({ ok: false, error: { kind: 'not_possible' } })
    expect(await recorded()).toEqual([])
  })

  it.each(['x', '', 'frozen', 'COPY', null])('goes on with no %j', (from) => {
    const request = { act: 'move_slot', slot: 99, to: 'DB_1', from, reason }
    expect(v.safeParse(ActSchema, request).issues?.[0].path?.[0].key).toBe('from')
  })
})

describe('what is to be done rarely', () => {
  it('is recorded so many times since, with a pause between', async () => {
    const at = async (now: number) => {
      const act = { act: 'resend_alert', alertId: 'alr_1', reason } as const
      const record = newAct(randomBytes, act, 'alr_1', WHO, now)
      const bounds = { sinceAt: NOW, max: 2, pauseMs: 30_000 }
      return (await recordStatement(db, record, isRareSql(db, record, bounds))).meta.changes
    }
    const tries = [NOW - 60_000, NOW, NOW + 29_999, NOW + 30_000, NOW + 90_000]
    const done: number[] = []
    for (const now of tries) done.push(await at(now))
    expect(done).toEqual([1, 1, 0, 1, 0])
  })
})

describe('an alert', () => {
  const sentOnce = {
    state: 'delivered',
    alertNumber: 7,
    occurredAt: NOW,
    mergedInto: null,
  } as const

  it.each([
    ['young', {}, null],
    ['that was given up', { state: 'undelivered' }, null],
    ['whose SMS tells of others', { seq: 7, mergedInto: 7 }, null],
    ['with an hour left', { occurredAt: NOW - 23 * HOUR_MS + 1 }, null],
    ['with less', { occurredAt: NOW - 23 * HOUR_MS }, /link/],
    ['still on its way', { state: 'sending' }, /on its way/],
    ['that was none', { state: 'suppressed', alertNumber: null }, /No SMS/],
    ['told by another', { seq: 7, mergedInto: 6 }, /Another SMS/],
  ] as const)('%s', (_what, change, refusal) => {
    const said = refuseResend(aLogin({ ...sentOnce, ...change }), NOW)
    if (refusal === null) expect(said).toBe(null)
    else expect(said).toMatch(refusal)
  })
})

describe('the number that an alert would be sent to again', () => {
  const own = { phoneSealed: 'sealed', phoneState: 'ok', phoneStateUntil: null } as const
  it.each([
    ['that the login was told to', { ...own, phoneSince: NOW - 1 }, null],
    ['of which nobody knows since when', { ...own, phoneSince: null }, null],
    ['that came after it, as a thief’s may', { ...own, phoneSince: NOW + 1 }, /newer/],
    ['that takes no texts', { ...own, phoneState: 'opted_out', phoneSince: null }, /marked/],
    ['that is none', { ...own, phoneSealed: null, phoneSince: null }, /no number/],
  ] as const)('%s', (_what, account, refusal) => {
    const said = refuseNumber(account, { receivedAt: NOW }, NOW)
    if (refusal === null) expect(said).toBe(null)
    else expect(said).toMatch(refusal)
  })
})
