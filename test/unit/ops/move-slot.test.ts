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
import { ABANDONED_MS, clearNextSlot } from '../../../src/ops/slots/clear-slot.ts'
import { moveSlot } from '../../../src/ops/slots/move-slot.ts'
import { ACCOUNT_TABLES, UNIQUE_OF_ALL } from '../../../src/ops/table-owners.ts'
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

/**
 * `rows` of each table, of two accounts in turn, from the one that is called `first`; what is no key tells of itself whose it
 * is.
 */
async function fill(db: Db, slot: number, rows: number, first = 1, into = tables): Promise<void> {
  for (const table of into) {
    const { name, primaryKeys } = getTableConfig(table)
    const keys = new Set(primaryKeys.flatMap(({ columns }) => columns.map((column) => column.name)))
    const isMany = keys.size > 2
    const columns = Object.values(getTableColumns(table)).map((column) => {
      if (column.name === 'slot') return [column.name, String(slot)]
      if (column.name === 'account_id')
        return [column.name, `'s${slot} ' || ${isMany ? '(i % 2)' : 'i'}`]
      if (column.getSQLType() === 'integer')
        return [column.name, keys.has(column.name) ? 'i' : 'i * 1000']
      if (column.name === 'alert_id' || keys.has(column.name))
        return [column.name, `'${slot}-' || i`]
      return [column.name, column.notNull ? `'{"ünï": "' || i || '"}'` : 'NULL']
    })
    const names = columns.map(([column]) => column).join(', ')
    const values = columns.map(([, value]) => value).join(', ')
    await db.run(
      sql.raw(`WITH RECURSIVE n(i) AS
        (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i < ${first + rows - 1})
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

async function isCopied(): Promise<boolean> {
  const found = await home.all(
    sql`SELECT 1 FROM slots WHERE slot = ${SLOT} AND state = 'here' AND moved_to = 'DB_1'`,
  )
  return found.length > 0
}

async function isHereAnywhere(): Promise<boolean> {
  const [there] = await home.all<{ state: string }>(
    sql`SELECT state FROM slots WHERE slot = ${SLOT}`,
  )
  const [here] = await other.all<{ state: string }>(
    sql`SELECT state FROM slots WHERE slot = ${SLOT}`,
  )
  return !there || there.state === 'here' || here?.state === 'here'
}

/** Triggers, and accounts that are noted. */
async function leftOfNoting(): Promise<readonly unknown[]> {
  const left = [home, other].map((db) =>
    db.all(sql`SELECT name FROM sqlite_master WHERE type = 'trigger'
      UNION ALL SELECT account_id FROM changed_accounts`),
  )
  return (await Promise.all(left)).flat()
}

/** Numbers from 0 to below `end`, always the same ones. */
function randomFrom(seed: number): (end: number) => number {
  let state = seed
  return (end) => {
    state = (state * 48_271) % 2_147_483_647
    return state % end
  }
}

let fresh = 0

/** A row of some table comes, goes, or is another. */
async function writeSomething(db: Db, random: (end: number) => number): Promise<void> {
  const table = tables[random(tables.length)]
  if (!table) return
  const { name, primaryKeys } = getTableConfig(table)
  const key = primaryKeys.flatMap(({ columns }) => columns.map((column) => column.name))
  const one = `(${key.join()}) IN
    (SELECT ${key.join()} FROM ${name} WHERE slot = ${SLOT} LIMIT 1 OFFSET ${random(25)})`
  const kind = random(3)
  if (kind === 0) {
    fresh += 1
    return fill(db, SLOT, 1, 100 + fresh, [table])
  }
  if (kind === 1) return void (await db.run(sql.raw(`DELETE FROM ${name} WHERE ${one}`)))
  const rest = Object.values(getTableColumns(table)).filter(
    (column) => !key.includes(column.name) && column.getSQLType() === 'integer',
  )
  const [column] = rest
  if (column) {
    await db.run(sql.raw(`UPDATE ${name} SET ${column.name} = ${random(1_000)} WHERE ${one}`))
  }
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

  it('is served while it is copied, whatever changes and whoever dies, and arrives as it was when it was frozen', async () => {
    let [written, deaths] = [0, 0]
    for (let turn = 0; turn < 8; turn += 1) {
      const random = randomFrom(turn + 1)
      await fill(home, SLOT, 25)
      let truth = await dump(home, SLOT)
      const before = written
      const serve = async () => {
        if (!(await isCopied())) return
        await writeSomething(home, random)
        written += 1
        truth = await dump(home, SLOT)
      }
      let call = 0
      const watch = waiting(async () => {
        call += 1
        await serve()
        if (call % (30 + turn) > 0) return
        deaths += 1
        throw new Error('killed')
      })
      const budget = turn % 2 === 0 ? { rowsPerPage: 10 } : SMALL
      let isDone = false
      for (let tries = 0; tries < 100 && !isDone; tries += 1) {
        const step = await moveSlot(shards(watch), SLOT, 'DB_1', NOW, budget).catch(() => null)
        isDone = step?.ok === true && step.value.next === null
      }
      expect(written - before, `turn ${turn}`).toBeGreaterThan(8)
      expect(await dump(other, SLOT), `turn ${turn}`).toEqual(truth)
      expect(await dump(home, SLOT)).toEqual(EMPTY)
      expect(await leftOfNoting()).toEqual([])
      await move(HOME)
      for (const table of ACCOUNT_TABLES) await home.run(sql.raw(`DELETE FROM ${table}`))
    }
    expect(deaths).toBeGreaterThan(8)
  })

  it('is frozen for as many calls of D1, however large it is', async () => {
    const frozenCalls: number[] = []
    for (const rows of [20, 600]) {
      await fill(home, SLOT, rows)
      let frozen = 0
      const watch = waiting(async () => {
        if (!(await isHereAnywhere())) frozen += 1
      })
      for (let next: unknown = ''; next !== null; ) {
        const step = await moveSlot(shards(watch), SLOT, 'DB_1', NOW, { rowsPerPage: 50 })
        if (!step.ok) throw new Error(step.error.detail)
        next = step.value.next
      }
      frozenCalls.push(frozen)
      await move(HOME)
      for (const table of ACCOUNT_TABLES) await home.run(sql.raw(`DELETE FROM ${table}`))
    }
    const [small = 0, large] = frozenCalls
    expect(large).toBe(small)
    expect(small).toBeLessThan(8)
  })

  it.each([
    ['goes on', () => NOTHING],
    ['goes on after another slot was begun', () => moveSlot(shards(), SLOT + 1, 'DB_1', NOW)],
  ])(
    'is copied from the beginning where a migration has made a table anew meanwhile, and the mover %s',
    async (_what, meanwhile) => {
      await fill(home, SLOT, 40)
      await moveSlot(shards(), SLOT, 'DB_1', NOW, { pages: 17, rowsPerPage: 30 })
      expect(await isCopied()).toBe(true)
      // As dropping the table does.
      await home.run(sql`DROP TRIGGER slot_change_update_logins`)
      await home.run(sql.raw(`UPDATE logins SET version = 99 WHERE slot = ${SLOT}`))
      const before = await dump(home, SLOT)
      await meanwhile()
      await move('DB_1')
      expect(await dump(other, SLOT)).toEqual(before)
    },
  )

  it('is not frozen by a call before whose end a table was made anew', async () => {
    await fill(home, SLOT, 40)
    let call = 0
    const watch = waiting(async () => {
      call += 1
      // All is copied; it asks what has changed.
      if (call !== 14) return
      expect(await isCopied()).toBe(true)
      await home.run(sql`DROP TRIGGER slot_change_update_logins`)
      await home.run(sql.raw(`UPDATE logins SET version = 99 WHERE slot = ${SLOT}`))
    })
    await expect(moveSlot(shards(watch), SLOT, 'DB_1', NOW)).rejects.toThrow('not here')
    expect(await isCopied()).toBe(true)
    const before = await dump(home, SLOT)
    await move('DB_1')
    expect(await dump(other, SLOT)).toEqual(before)
  })

  it('that is being copied to one database goes to no third, and stays where it is told to', async () => {
    await fill(home, SLOT, 40)
    const third = openMemoryDb()
    const three = createShards(
      [...shards().all, { name: 'DB_2', database: third.$client, db: third }] as never,
      [],
    )
    await moveSlot(three, SLOT, 'DB_1', NOW, { pages: 17, rowsPerPage: 10 })
    const refused = await moveSlot(three, SLOT, 'DB_2', NOW)
    expect(refused).toMatchObject({ ok: false, error: { detail: 'It is on its way to DB_1.' } })
    await move(HOME)
    expect([await dump(other, SLOT), await leftOfNoting()]).toEqual([EMPTY, []])
    expect(await moveSlot(three, SLOT, 'DB_2', NOW)).toMatchObject({ ok: true })
  })

  it.each([
    ['put there', `INSERT INTO known_marks (slot, account_id, marks) VALUES (${SLOT}, 'new', '')`],
    [
      'put there or left',
      `INSERT OR IGNORE INTO known_marks (slot, account_id, marks) VALUES (${SLOT}, 'new', '')`,
    ],
    [
      'put in its place',
      `INSERT OR REPLACE INTO known_marks (slot, account_id, marks) VALUES (${SLOT}, 's17 1', '')`,
    ],
    [
      'put there or changed',
      `INSERT INTO known_marks (slot, account_id, marks) VALUES (${SLOT}, 's17 1', '')
        ON CONFLICT (slot, account_id) DO UPDATE SET marks = ''`,
    ],
    ['changed', `UPDATE known_marks SET marks = '' WHERE account_id IN ('s17 1', 's17 2')`],
    ['deleted', `DELETE FROM known_marks WHERE account_id = 's17 1'`],
  ])('arrives with a row that is %s while it is copied, twice', async (_what, text) => {
    await fill(home, SLOT, 4)
    await moveSlot(shards(), SLOT, 'DB_1', NOW, { pages: 17, rowsPerPage: 4 })
    expect(await isCopied()).toBe(true)
    await home.run(sql.raw(text))
    // What is noted already is noted again.
    await home.run(sql.raw(`UPDATE accounts SET updated_at = 7 WHERE slot = ${SLOT}`))
    await home.run(
      sql.raw(text.replace('INSERT INTO', 'INSERT OR REPLACE INTO').replace(/ON CONFLICT.*/s, '')),
    )
    const before = await dump(home, SLOT)
    await move('DB_1')
    expect(await dump(other, SLOT)).toEqual(before)
  })

  it('answers nobody while it is frozen, and takes along the tries of its accounts', async () => {
    const old = NOW - 3 * 86_400_000 - 1
    await home.run(sql`INSERT INTO attempt_limits VALUES ('totp-account:a', ${NOW - 1}, 3),
      ('totp-account:old', ${old}, 3), ('bind-ip:x', ${NOW - 1}, 9)`)
    await other.run(sql`INSERT INTO attempt_limits VALUES ('totp-account:a', ${NOW - 2}, 9)`)
    await fill(home, SLOT, 70)
    const dying = shards(
      waiting(async () => {
        if (!(await isHereAnywhere())) throw new Error('killed')
      }),
    )
    await expect(moveSlot(dying, SLOT, 'DB_1', NOW)).rejects.toThrow('killed')
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

/** As the minute does it: in each database, until nothing is left that may go. */
async function clear(now: number, all = shards().all, budget = SMALL): Promise<number> {
  let rows = 0
  for (const shard of all) {
    for (let after: number | null = -1; after !== null; ) {
      const cleared = await clearNextSlot(createShards(all, []), shard, after, now, { ...budget })
      rows += cleared.rows
      after = cleared.after
    }
  }
  return rows
}

describe('what a mover who died has left', () => {
  const LATER = NOW + ABANDONED_MS + 1_000

  const isOnItsWay = async () => {
    const found = [home, other].map((db) =>
      db.all(sql`SELECT 1 FROM slots WHERE state <> 'moved' AND moved_to IS NOT NULL`),
    )
    return (await Promise.all(found)).flat().length > 0
  }

  it('where the slot was is deleted, and nothing of where it is, or of others', async () => {
    await fill(home, SLOT, 40)
    await fill(home, SLOT + 1, 5)
    const [before, neighbour] = [await dump(home, SLOT), await dump(home, SLOT + 1)]
    const step = await moveSlot(shards(), SLOT, 'DB_1', NOW)
    expect(step).toMatchObject({ value: { next: 'delete' } })
    // He may be at it still.
    expect(await clear(NOW + ABANDONED_MS - 1_000)).toBe(0)
    expect(await clear(LATER)).toBe(40 * tables.length)
    expect(await dump(home, SLOT)).toEqual(EMPTY)
    expect(await dump(other, SLOT)).toEqual(before)
    expect(await dump(home, SLOT + 1)).toEqual(neighbour)
    expect(await leftOfNoting()).toEqual([])
    await move(HOME)
    expect(await dump(home, SLOT)).toEqual(before)
  })

  it('where the slot should go is deleted, the slot stays, and can be moved again', async () => {
    await fill(home, SLOT, 40)
    await moveSlot(shards(), SLOT, 'DB_1', NOW, { pages: 17, rowsPerPage: 10 })
    await home.run(sql.raw(`DELETE FROM logins WHERE slot = ${SLOT}`))
    const before = await dump(home, SLOT)
    expect(await clear(NOW + ABANDONED_MS - 1_000)).toBe(0)
    expect([await isCopied(), await isOnItsWay()]).toEqual([true, true])
    expect(await clear(LATER)).toBeGreaterThan(0)
    expect([await isOnItsWay(), await dump(other, SLOT), await leftOfNoting()]).toEqual([
      false,
      EMPTY,
      [],
    ])
    expect(await dump(home, SLOT)).toEqual(before)
    // And nothing is written where nothing is left.
    const said = await home.all(sql`SELECT * FROM slots`)
    expect(await clear(LATER + ABANDONED_MS)).toBe(0)
    expect(await home.all(sql`SELECT * FROM slots`)).toEqual(said)
    await move('DB_1')
    expect(await dump(other, SLOT)).toEqual(before)
  })

  it.each([
    ['frozen', 'DB_1', 'frozen', 'DB_1'],
    ['moved', 'DB_1', 'frozen', 'DB_1'],
    ['moved', 'DB_1', 'frozen', null],
  ])(
    'of a slot that is in neither, %s to %s and %s %s, is left to whoever is told',
    async (state, to, there, itself) => {
      await fill(home, SLOT, 5)
      await fill(other, SLOT, 5)
      await home.run(sql`INSERT INTO slots VALUES (${SLOT}, ${state}, ${to}, ${NOW})`)
      await other.run(sql`INSERT INTO slots VALUES (${SLOT}, ${there}, ${itself}, ${NOW})`)
      const before = [await dump(home, SLOT), await dump(other, SLOT)]
      expect(await clear(LATER)).toBe(0)
      expect([await dump(home, SLOT), await dump(other, SLOT)]).toEqual(before)
    },
  )

  it.each([
    ['all', { rowsPerPage: 10, pages: 100 }],
    ['a part', SMALL],
  ])(
    'costs one who goes on after all nothing, wherever he is, while %s of it goes',
    async (_what, budget) => {
      let interruptions = 0
      for (let at = 1; at <= 34; at += 1) {
        await fill(home, SLOT, 25)
        await home.run(sql.raw(`UPDATE logins SET version = ${at} WHERE slot = ${SLOT}`))
        const before = await dump(home, SLOT)
        let call = 0
        const late = shards(
          waiting(async () => {
            call += 1
            if (call !== at) return
            interruptions += 1
            // Taken for dead for his slow clock.
            await clear(LATER + at, shards().all, budget)
          }),
        )
        for (let next: unknown = ''; next !== null && call < 200; ) {
          const step = await moveSlot(late, SLOT, 'DB_1', NOW, budget).catch(() => null)
          if (step?.ok) next = step.value.next
          expect(await countOwners(), `call ${at}`).toBeLessThan(2)
        }
        expect(await dump(other, SLOT), `call ${at}`).toEqual(before)
        await move(HOME)
        for (const table of ACCOUNT_TABLES) await home.run(sql.raw(`DELETE FROM ${table}`))
      }
      expect(interruptions).toBeGreaterThan(25)
    },
  )

  it('is all that goes, whoever moves the slot meanwhile, and wherever', async () => {
    let interruptions = 0
    for (let turn = 0; turn < 48; turn += 1) {
      await fill(home, SLOT, 25)
      const before = await dump(home, SLOT)
      const ends = [{ rowsPerPage: 10 }, { rowsPerPage: 10, pages: 40 }, SMALL] as const
      await moveSlot(shards(), SLOT, 'DB_1', NOW, ends[turn % 3])
      const [at, to] = [1 + Math.floor(turn / 6), turn % 2 === 0 ? HOME : 'DB_1']
      let call = 0
      let interruption: Promise<unknown> = NOTHING
      const watched = shards(
        waiting(async () => {
          call += 1
          if (call !== at) return
          interruptions += 1
          interruption = move(to, SMALL)
          await interruption
        }),
      )
      await clear(LATER, watched.all).catch(() => null)
      await interruption
      await move(to)
      expect(await dump(to === HOME ? home : other, SLOT), `turn ${turn}`).toEqual(before)
      await move(HOME)
      for (const table of ACCOUNT_TABLES) await home.run(sql.raw(`DELETE FROM ${table}`))
    }
    expect(interruptions).toBeGreaterThan(30)
  })

  it('in a third database goes too', async () => {
    const third = openMemoryDb()
    const all = [...shards().all, { name: 'DB_2', database: third.$client, db: third }] as never
    await fill(home, SLOT, 25)
    const before = await dump(home, SLOT)
    await moveSlot(createShards(all, []), SLOT, 'DB_1', NOW)
    await moveSlot(createShards(all, []), SLOT, 'DB_2', NOW, { pages: 17, rowsPerPage: 10 })
    await clear(LATER, all)
    expect([await dump(home, SLOT), await dump(third, SLOT)]).toEqual([EMPTY, EMPTY])
    expect(await dump(other, SLOT)).toEqual(before)
  })
})

describe('a login whose alert id another slot has where it should go', () => {
  const copyOfAlert = async (slot: number, db: Db) => {
    await fill(db, slot, 3)
    await db.run(
      sql.raw(`UPDATE logins SET alert_id = 'alr_same' WHERE slot = ${slot} AND seq = 2`),
    )
  }

  it('goes nowhere, and takes nothing away: both accounts are named', async () => {
    await other.run(sql`INSERT INTO slots VALUES (9, 'here', NULL, 1)`)
    await copyOfAlert(9, other)
    await copyOfAlert(SLOT, home)
    const before = [await dump(home, SLOT), await dump(other, 9)]
    await expect(move('DB_1')).rejects.toThrow(
      'A login of account s17 0 has the alert id of a login of account s9 0 that is in DB_1 already: alr_same.',
    )
    expect([await dump(home, SLOT), await dump(other, 9)]).toEqual(before)
    await shards().dbOf(accountOf(SLOT)).run(sql`SELECT 1`)
    expect(await leftOfNoting()).toEqual([])
    await clear(NOW)
    expect(await dump(other, SLOT)).toEqual(EMPTY)
    await other.run(sql`DELETE FROM logins WHERE slot = 9`)
    await move('DB_1')
    expect(await dump(other, SLOT)).toEqual(before[0])
  })

  it('holds up nobody, though it come when all the rest is copied and frozen', async () => {
    await other.run(sql`INSERT INTO slots VALUES (9, 'here', NULL, 1)`)
    await copyOfAlert(9, other)
    await fill(home, SLOT, 3)
    let isDone = false
    const watch = waiting(async () => {
      if (isDone || !(await isCopied())) return
      isDone = true
      await fill(home, SLOT, 1, 77, tables)
      await home.run(
        sql.raw(`UPDATE logins SET alert_id = 'alr_same' WHERE slot = ${SLOT} AND seq = 77`),
      )
    })
    const refused = await moveSlot(shards(watch), SLOT, 'DB_1', NOW)
    expect(refused).toMatchObject({ ok: false, error: { kind: 'not_ready' } })
    await shards().dbOf(accountOf(SLOT)).run(sql`SELECT 1`)
    expect(await other.all(sql`SELECT account_id FROM logins WHERE alert_id = 'alr_same'`)).toEqual(
      [{ account_id: 's9 0' }],
    )
  })

  it('is the only column that is unique beyond an account', async () => {
    const unique = await home.all(sql`SELECT t.name AS "table", i.name AS "column"
      FROM sqlite_master AS t, pragma_index_list(t.name) AS l, pragma_index_info(l.name) AS i
      WHERE t.type = 'table' AND l."unique" AND l.origin <> 'pk'
        AND t.name IN (SELECT value FROM json_each(${JSON.stringify(ACCOUNT_TABLES)}))`)
    const told = Object.entries(UNIQUE_OF_ALL).map(([table, column]) => ({ table, column }))
    expect(unique).toEqual(told)
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
