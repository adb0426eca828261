// A slot that moves: every row of it arrives as it was, nobody else's is touched, and wherever a call ends or dies, the next
// one goes on. Between two databases it is nowhere, never in both.

import { getTableColumns, is, sql } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_LIMITS } from '../../../src/guard/copy-limits.ts'
import type { Db } from '../../../src/lib/db.ts'
import { createShards, type Shards } from '../../../src/lib/shards.ts'
import { slotOf } from '../../../src/lib/slot.ts'
import { HOME, isSlotAway } from '../../../src/lib/slot-guard.ts'
import { moveSlot } from '../../../src/ops/slots/move-slot.ts'
import { ACCOUNT_TABLES } from '../../../src/ops/table-owners.ts'
import * as schema from '../../../src/schema.ts'
import { readSources } from '../architecture/source-files.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const NOW = Date.UTC(2026, 10, 28)
const SLOT = 17
/** What one call may do, so that a move takes several. */
const SMALL = { pages: 17, rowsPerPage: 10 }

const tables = Object.values(schema)
  .filter((value) => is(value, SQLiteTable))
  .filter((table) => ACCOUNT_TABLES.some((name) => name === getTableConfig(table).name))

/** `rows` of each table, of two accounts in turn; what is no key tells of itself whose it is. */
async function fill(db: Db, slot: number, rows: number): Promise<void> {
  for (const table of tables) {
    const { name, primaryKeys } = getTableConfig(table)
    const keys = new Set(primaryKeys.flatMap(({ columns }) => columns.map((column) => column.name)))
    const isMany = keys.size > 2
    const columns = Object.values(getTableColumns(table)).map((column) => {
      if (column.name === 'slot') return [column.name, String(slot)]
      if (column.name === 'account_id')
        return [column.name, `'s${slot} ' || ${isMany ? 'i % 2' : 'i'}`]
      if (column.getSQLType() === 'integer')
        return [column.name, keys.has(column.name) ? 'i' : 'i * 1000']
      if (column.name === 'alert_id' || keys.has(column.name))
        return [column.name, `'${slot}-' || i`]
      return [column.name, column.notNull ? `'{"ünï": "' || i || '"}'` : 'NULL']
    })
    const names = columns.map(([column]) => column).join(', ')
    const values = columns.map(([, value]) => value).join(', ')
    await db.run(
      sql.raw(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO ${name} (${names}) SELECT ${values} FROM n`),
    )
  }
}

async function dump(db: Db, slot: number) {
  const all: Record<string, unknown> = {}
  for (const table of ACCOUNT_TABLES) {
    all[table] = await db.all(sql.raw(`SELECT * FROM ${table} WHERE slot = ${slot} ORDER BY 2, 3`))
  }
  return all
}

const NOTHING = Promise.resolve()

const EMPTY = Object.fromEntries(ACCOUNT_TABLES.map((table) => [table, []]))

let home: Db
let other: Db
/** The call of D1 that fails, counted from now; after it was done, if `isDone`. */
let failing = { after: Number.POSITIVE_INFINITY, isDone: false }
let calls = 0

beforeEach(() => {
  home = openMemoryDb()
  other = openMemoryDb()
  failing = { after: Number.POSITIVE_INFINITY, isDone: false }
  calls = 0
})

function shards(watch: (database: D1Database) => D1Database = (database) => database): Shards {
  return createShards(
    [
      { name: HOME, database: watch(home.$client), db: home },
      { name: 'DB_1', database: watch(watched(other.$client)), db: other },
    ],
    [],
  )
}

/** Batches fail when it is their turn: they are what writes. */
function watched(database: D1Database): D1Database {
  const batch = async <T>(statements: D1PreparedStatement[]) => {
    calls += 1
    const fails = calls === failing.after
    if (fails && !failing.isDone) throw new Error('D1_ERROR: refused')
    const results = await database.batch<T>(statements)
    if (fails) throw new Error('D1_ERROR: lost')
    return results
  }
  return Object.assign(Object.create(database), { batch })
}

/** Every call of D1 waits for `before`. */
function waiting(before: () => Promise<void>): (database: D1Database) => D1Database {
  return (database) => {
    const held = (statement: D1PreparedStatement): D1PreparedStatement => {
      const late = Object.create(statement)
      late.bound = Reflect.get(statement, 'bound')
      late.bind = (...values: unknown[]) => held(statement.bind(...values))
      late.all = () => before().then(() => statement.all())
      late.run = () => before().then(() => statement.run())
      late.raw = () => before().then(() => statement.raw())
      return late
    }
    return Object.assign(Object.create(database), {
      prepare: (text: string) => held(database.prepare(text)),
      batch: async (statements: D1PreparedStatement[]) => {
        await before()
        return database.batch(statements)
      },
    })
  }
}

/** Databases that have the slot, or have it to send away. */
async function countOwners(): Promise<number> {
  const owners = [home, other].map((db, index) =>
    db.all(sql`SELECT 1 FROM slots WHERE slot = ${SLOT} AND
      (state = 'here' OR (state = 'frozen' AND moved_to <> ${index === 0 ? HOME : 'DB_1'}))`),
  )
  return (await Promise.all(owners)).flat().length
}

/** As the command does it: again until nothing is left. */
async function move(to: string, budget = {}): Promise<number> {
  let rows = 0
  for (let call = 0; call < 50; call += 1) {
    const step = await moveSlot(shards(), SLOT, to, NOW, budget)
    if (!step.ok) throw new Error(step.error.detail)
    rows += step.value.rows
    if (step.value.next === null) return rows
  }
  throw new Error('it does not come to an end')
}

describe('a slot', () => {
  it('moves with every row of every table, and leaves all others where they are', async () => {
    await fill(home, SLOT, 1_200)
    await fill(home, SLOT + 1, 30)
    const [before, neighbour] = [await dump(home, SLOT), await dump(home, SLOT + 1)]
    expect(tables).toHaveLength(ACCOUNT_TABLES.length)
    expect(await move('DB_1')).toBe(2 * 1_200 * tables.length)
    expect(await dump(other, SLOT)).toEqual(before)
    expect(await dump(home, SLOT)).toEqual(EMPTY)
    expect(await dump(home, SLOT + 1)).toEqual(neighbour)
    // And back again, over what is said of it in both.
    await move(HOME)
    expect(await dump(home, SLOT)).toEqual(before)
    expect(await dump(other, SLOT)).toEqual(EMPTY)
  })

  it('is moved by whoever comes next, whichever call of D1 fails, before it was done or after', async () => {
    // Of each table a full page and another one.
    await fill(home, SLOT, 15)
    const before = await dump(home, SLOT)
    await move('DB_1', SMALL)
    const callsOfOneMove = calls
    // Emptied, copied in two rounds, counted, in more than one call.
    expect(callsOfOneMove).toBeGreaterThan(6)
    await move(HOME)
    for (let after = 1; after <= callsOfOneMove; after += 1) {
      for (const isDone of [false, true]) {
        calls = 0
        failing = { after, isDone }
        await expect(move('DB_1', SMALL)).rejects.toThrow('D1_ERROR')
        failing.after = Number.POSITIVE_INFINITY
        await move('DB_1', SMALL)
        expect(await dump(other, SLOT)).toEqual(before)
        await move(HOME)
      }
    }
    expect(await dump(home, SLOT)).toEqual(before)
  })

  it.each([
    ['has moved it', () => move('DB_1', SMALL)],
    ['has begun', async () => void (await moveSlot(shards(), SLOT, 'DB_1', NOW, SMALL))],
    ['has taken it back', () => move(HOME, SMALL)],
  ])(
    'is not lost by one who is late, wherever, and dies, while another %s meanwhile',
    async (_what, meanwhile) => {
      await fill(home, SLOT, 25)
      const before = await dump(home, SLOT)
      let interruptions = 0
      for (let turn = 0; turn < 30; turn += 2) {
        // Where the other comes in, and after how many more calls this one dies.
        const [at, more] = [1 + (turn % 3), Math.floor(turn / 3)]
        let call = 0
        let interruption: Promise<unknown> = Promise.resolve()
        const late = shards(
          waiting(async () => {
            call += 1
            if (call > at + more) throw new Error('killed')
            if (call !== at) return
            interruptions += 1
            interruption = meanwhile()
            await interruption
          }),
        )
        await moveSlot(late, SLOT, 'DB_1', NOW, SMALL).catch(() => null)
        // Of two calls at once the other one may have ended it.
        await interruption
        await move('DB_1', SMALL)
        expect(await dump(other, SLOT)).toEqual(before)
        expect(await dump(home, SLOT)).toEqual(EMPTY)
        await move(HOME, SMALL)
        expect(await dump(home, SLOT)).toEqual(before)
      }
      expect(interruptions).toBe(15)
    },
  )

  it('is moved as it is now, whatever one who is late has read of it before it stayed', async () => {
    await fill(home, SLOT, 25)
    let interruptions = 0
    const stayChangeAndLeave = async (turn: number) => {
      await move(HOME, SMALL)
      await home.run(sql.raw(`UPDATE logins SET version = ${turn} WHERE slot = ${SLOT}`))
      await moveSlot(shards(), SLOT, 'DB_1', NOW, { pages: 1 + (turn % 30), rowsPerPage: 10 })
    }
    for (let turn = 0; turn < 60; turn += 3) {
      // Where the other comes in, and after how many more calls this one dies.
      const [at, more] = [1 + (turn % 20), Math.floor(turn / 20) * 7]
      let call = 0
      let interruption: Promise<unknown> = Promise.resolve()
      const late = shards(
        waiting(async () => {
          call += 1
          if (call > at + more) throw new Error('killed')
          if (call !== at) return
          interruptions += 1
          interruption = stayChangeAndLeave(turn)
          await interruption
        }),
      )
      await moveSlot(late, SLOT, 'DB_1', NOW, { rowsPerPage: 10 }).catch(() => null)
      await interruption
      await move('DB_1', SMALL)
      const found = await other.all(sql.raw(`SELECT version FROM logins WHERE slot = ${SLOT}`))
      expect(found, `turn ${turn}`).toEqual(Array(25).fill({ version: turn }))
      await move(HOME, SMALL)
    }
    expect(interruptions).toBe(20)
  })

  it('stays where it was told to, however late those are who have read before that where it is', async () => {
    await fill(home, SLOT, 25)
    const accountId = accountOf(SLOT)
    for (let at = 1; at <= 24; at += 1) {
      let call = 0
      let interruption: Promise<unknown> = Promise.resolve()
      const late = shards(
        waiting(async () => {
          call += 1
          if (call !== at) return
          interruption = move(HOME).catch(() => null)
          await interruption
        }),
      )
      await moveSlot(late, SLOT, 'DB_1', NOW, { rowsPerPage: 10 }).catch(() => null)
      await interruption
      // Here or there, it is not on its way while nobody is at it.
      await shards().dbOf(accountId).run(sql`SELECT ${at}`)
      await move(HOME)
    }
  })

  it.each(
    ['DB_1', HOME].flatMap((to) =>
      ['DB_1', HOME].flatMap((wanted) => [1, 2].map((slow) => [to, wanted, slow] as const)),
    ),
  )(
    'on its way to %s loses nothing by one who wants it in %s, and has read one database long before the other: %i',
    async (to, wanted, slowRead) => {
      await fill(home, SLOT, 12)
      const before = await dump(home, SLOT)
      const dbOf = (name: string) => (name === HOME ? home : other)
      const back = to === HOME ? 'DB_1' : HOME
      let meetings = 0
      for (let at = 1; at <= 22; at += 1) {
        await move(back)
        // It was to go there before, and stayed: what is said there may be read as that of a hand-over.
        await moveSlot(shards(), SLOT, to, NOW, { pages: 1 })
        await move(back)
        const next = at % 2 === 0 ? to : back
        const gate = Promise.withResolvers<void>()
        let reads = 0
        const slow = shards(waiting(() => (++reads === slowRead ? gate.promise : NOTHING)))
        const torn = moveSlot(slow, SLOT, wanted, NOW, { rowsPerPage: 10 }).catch(() => null)
        let call = 0
        const steady = shards(
          waiting(async () => {
            call += 1
            if (call !== at) return
            meetings += 1
            gate.resolve()
            await torn
          }),
        )
        await moveSlot(steady, SLOT, to, NOW, { rowsPerPage: 10 }).catch(() => null)
        gate.resolve()
        await torn
        expect(await countOwners(), `call ${at}`).toBeLessThan(2)
        await move(next)
        expect(await dump(dbOf(next), SLOT), `call ${at}, then to ${next}`).toEqual(before)
      }
      expect(meetings).toBeGreaterThan(12)
    },
  )

  it('that one database has handed over, and the other not yet taken, goes wherever it is wanted', async () => {
    await fill(home, SLOT, 25)
    const before = await dump(home, SLOT)
    for (const wanted of [HOME, 'DB_1']) {
      await moveSlot(shards(), SLOT, 'DB_1', NOW)
      await other.run(sql`UPDATE slots SET state = 'frozen', moved_to = 'DB_1'`)
      await move(wanted)
      expect(await dump(wanted === HOME ? home : other, SLOT)).toEqual(before)
      await shards().dbOf(accountOf(SLOT)).run(sql`SELECT 1`)
      await move(HOME)
    }
  })

  it('is not looked for where it was once, of four databases', async () => {
    const [second, third] = [openMemoryDb(), openMemoryDb()]
    const four = createShards(
      [
        ...shards().all,
        ...[second, third].map((db, index) => ({
          name: `DB_${index + 2}`,
          database: db.$client,
          db,
        })),
      ] as never,
      [],
    )
    const go = async (to: string) => {
      for (let next: unknown = ''; next !== null; ) {
        const step = await moveSlot(four, SLOT, to, NOW)
        if (!step.ok) throw new Error(step.error.detail)
        next = step.value.next
      }
    }
    await fill(home, SLOT, 25)
    const before = await dump(home, SLOT)
    await go('DB_1')
    await go('DB_2')
    // DB still names DB_1, which was emptied for it again.
    await moveSlot(four, SLOT, 'DB_1', NOW, { pages: 1 })
    await go('DB_2')
    await moveSlot(four, SLOT, 'DB_3', NOW)
    await third.run(sql`UPDATE slots SET state = 'frozen', moved_to = 'DB_3'`)
    await go('DB_1')
    expect(await dump(other, SLOT)).toEqual(before)
  })

  it('that was on its way and stayed is moved as it is now, not as it was', async () => {
    await fill(home, SLOT, 700)
    failing = { after: 4, isDone: true }
    await expect(move('DB_1')).rejects.toThrow()
    await move(HOME)
    await home.run(sql.raw(`UPDATE logins SET version = 99 WHERE slot = ${SLOT}`))
    await home.run(sql.raw(`DELETE FROM notices WHERE slot = ${SLOT}`))
    const before = await dump(home, SLOT)
    failing.after = Number.POSITIVE_INFINITY
    await move('DB_1')
    expect(await dump(other, SLOT)).toEqual(before)
  })

  it('answers nobody while it is frozen, and takes along the tries of its accounts', async () => {
    const old = NOW - 3 * 86_400_000 - 1
    await home.run(sql`INSERT INTO attempt_limits VALUES ('totp-account:a', ${NOW - 1}, 3),
      ('totp-account:old', ${old}, 3), ('bind-ip:x', ${NOW - 1}, 9)`)
    await other.run(sql`INSERT INTO attempt_limits VALUES ('totp-account:a', ${NOW - 2}, 9)`)
    await fill(home, SLOT, 700)
    failing = { after: 5, isDone: true }
    await expect(move('DB_1')).rejects.toThrow()
    const accountId = accountOf(SLOT)
    const ask = async () => {
      try {
        await shards().dbOf(accountId).run(sql`SELECT 1`)
        return 'answered'
      } catch (error) {
        return isSlotAway(error) ? 'away' : error
      }
    }
    expect(await ask()).toBe('away')
    failing.after = Number.POSITIVE_INFINITY
    await move('DB_1')
    expect(await ask()).toBe('answered')
    expect(await other.all(sql`SELECT * FROM attempt_limits`)).toEqual([
      { scope: 'totp-account:a', window_started_at: NOW - 1, count: 3 },
    ])
  })

  it('does not leave before the accounts from before slots are in theirs, nor go where nobody is', async () => {
    await home.run(sql`INSERT INTO slotless_accounts VALUES ('x')`)
    await expect(move('DB_1')).rejects.toThrow('before slots')
    await expect(move('DB_9')).rejects.toThrow('bound as DB_9')
  })
})

function accountOf(slot: number): string {
  for (let id = 1; ; id += 1) if (slotOf(String(id)) === slot) return String(id)
}

describe('the limits that move', () => {
  it('are kinds that somebody counts', () => {
    const text = readSources()
      .map((source) => source.text)
      .join('\n')
    const isCounted = (kind: string) =>
      text.includes(`'${kind}'`) || new RegExp(`'${kind.replace(/-\w+$/, '')}'`).test(text)
    expect(ACCOUNT_LIMITS.filter((kind) => !isCounted(kind))).toEqual([])
  })
})
