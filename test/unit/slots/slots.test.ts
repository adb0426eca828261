// Rows from before slots: an upgrade changes nothing for their owners, neither while they wait to be moved nor as they are
// moved nor afterwards; and no statement looks for an account without its slot.

import { createHash } from 'node:crypto'
import { getTableColumns, is, sql } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Db } from '../../../src/lib/db.ts'
import { slotOf } from '../../../src/lib/slot.ts'
import { isAnySlotless, moveSlotlessAccounts } from '../../../src/ops/slot-walk.ts'
import * as schema from '../../../src/schema.ts'
import { readSources } from '../architecture/source-files.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { ACTS } from './acts.ts'
import { FORMER_ACCOUNTS, FORMER_ROWS, THEN } from './former-rows.ts'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

/** Not an account's own: keyed by something else. */
const NAMES_ACCOUNTS = ['dead_letters', 'retention_cursor', 'slotless_accounts']

const tables = Object.values(schema).filter((value) => is(value, SQLiteTable))
const nameOf = (table: SQLiteTable) => getTableConfig(table).name
const hasSlot = (table: SQLiteTable) =>
  'slot' in getTableColumns(table) && 'accountId' in getTableColumns(table)
const OWNED = tables.filter((table) => hasSlot(table)).map(nameOf)

const openFormer = (onStatement?: (text: string) => void) => openMemoryDb(onStatement, FORMER_ROWS)

async function walk(db: Db): Promise<void> {
  while (await isAnySlotless(db)) await moveSlotlessAccounts(db)
}

async function dump(db: Db) {
  const rows = await Promise.all(
    OWNED.map((table) => db.all(sql.raw(`SELECT * FROM ${table} ORDER BY 2, 3`))),
  )
  return Object.fromEntries(OWNED.map((table, at) => [table, rows[at]]))
}

const withoutSlots = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value ?? null, (key, part: unknown) => (key === 'slot' ? undefined : part)),
  )

/** The answers of all acts, and what is left when all is moved. */
async function live(db: Db, between: (nth: number) => Promise<unknown>) {
  const answers: [string, unknown][] = []
  for (const [nth, [name, act]] of Object.entries(ACTS).entries()) {
    await between(nth)
    answers.push([name, withoutSlots(await act(db))])
  }
  await walk(db)
  return { answers, rows: await dump(db) }
}

describe('slotOf', () => {
  it('is the first byte of SHA-256', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 64 }), (id) => {
        expect(slotOf(id)).toBe(createHash('sha256').update(id, 'utf8').digest()[0])
      }),
    )
  })
})

describe('rows from before slots', () => {
  it('are there in every table, and keep what is in them', async () => {
    const db = openFormer()
    const rows = await dump(db)
    // Younger than slots; acts make them beside the old rows.
    expect(OWNED.filter((table) => rows[table]?.length === 0).toSorted()).toEqual([
      'changed_accounts',
      'counted_activities',
      'hold_lifts',
      'holds',
      'lock_cards',
      'lock_contacts',
    ])
    await walk(db)
    expect(withoutSlots(await dump(db))).toEqual(withoutSlots(rows))
    for (const table of OWNED) {
      const astray = sql.raw(`SELECT * FROM ${table} WHERE slot <> slot_of(account_id)`)
      expect([table, await db.all(astray)]).toEqual([table, []])
    }
  })

  it('act the same before the walk and after it, and leave the same', async () => {
    const moved = openFormer()
    await walk(moved)
    const after = await live(moved, async () => {})
    const before = await live(openFormer(), async () => {})
    expect(before.answers).toEqual(after.answers)
    expect(before.rows).toEqual(after.rows)
  })

  it('act the same if they are moved at any moment between', async () => {
    const moved = openFormer()
    await walk(moved)
    const after = await live(moved, async () => {})
    for (let moment = 1; moment < Object.keys(ACTS).length; moment += 4) {
      const db = openFormer()
      const meanwhile = await live(db, async (nth) => (nth === moment ? walk(db) : undefined))
      expect([moment, meanwhile]).toEqual([moment, after])
    }
  })

  it('say what they said: numbers without a gap, a lock once, a link once', async () => {
    const { answers } = await live(openFormer(), async () => {})
    const told = Object.fromEntries(answers)
    expect(told['a webhook that comes again']).toBeNull()
    expect(told['the next login']).toMatchObject({
      login: { seq: 3, alertNumber: 3, isFamiliar: true },
      hasPush: true,
    })
    expect(told['and the one after it']).toMatchObject({ login: { seq: 4, alertNumber: 4 } })
    expect(told['the first login of a session that has ended']).toMatchObject({
      login: { seq: 1, sessionEnd: 'ended' },
    })
    expect(told['a login after a lock']).toMatchObject({ login: { seq: 2, sessionEnd: 'revoked' } })
    expect(told['a second tap on a lock']).toMatchObject({ lockedAt: THEN })
    expect(told['a hold that is asked']).toMatchObject({
      hold: { lockId: 'lck_2' },
    })
    expect(told['a callback that is taken']).toMatchObject({ state: 'open', attempts: 0 })
    expect(told['an answer that is given again']).toBe(false)
    expect(told['an entry link that was used']).toBe(false)
    expect(told['a visit']).toMatchObject({ value: { visit: { visitId: 'vis_1' } } })
    expect(told['a code that is typed']).toMatchObject({ bindingId: 'bnd_1', tries: 1 })
    expect(told['a number that is bound']).toMatchObject({ phoneSealed: 'new_sealed' })
    expect(told.passkeys).toMatchObject([{ publicKey: 'key', signCount: 9 }])
    expect(told.devices).toHaveLength(2)
    expect(told['the account after it']).toMatchObject({ login: { seq: 1, state: 'suppressed' } })
  })

  it('are where the new ones go: an account is never in two places', async () => {
    const db = openFormer()
    for (const act of Object.values(ACTS)) {
      await act(db)
      for (const accountId of FORMER_ACCOUNTS) {
        const slots = sql.raw(
          OWNED.map(
            (table) => `SELECT DISTINCT slot FROM ${table} WHERE account_id = '${accountId}'`,
          ).join(' UNION '),
        )
        expect((await db.all(slots)).length).toBeLessThan(2)
      }
    }
  })
})

describe('the walk', () => {
  it('moves a bounded number of accounts at a time, and comes to its end', async () => {
    let statements = 0
    const db = openMemoryDb(
      () => {
        statements += 1
      },
      {
        ...FORMER_ROWS,
        sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
          INSERT INTO accounts (account_id, created_at, updated_at) SELECT 'a' || i, 1, 1 FROM n`,
      },
    )
    const pages = []
    for (let moved = -1; moved !== 0; ) {
      statements = 0
      moved = await moveSlotlessAccounts(db)
      expect(statements).toBeLessThan(900)
      pages.push(moved)
    }
    expect(pages).toEqual([50, 50, 20, 0])
    expect(await isAnySlotless(db)).toBe(false)
  })

  it('ends a page early after an account with many rows', async () => {
    const db = openMemoryDb(undefined, {
      ...FORMER_ROWS,
      sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
        INSERT INTO locks (account_id, lock_id, via, locked_at, hold_until) SELECT iif(i < 4000, 'a', 'b' || i), i, 'api', 1, 1 FROM n`,
    })
    expect(await moveSlotlessAccounts(db)).toBe(1)
    expect(await moveSlotlessAccounts(db)).toBe(50)
  })
})

const HOME = String.raw`coalesce\(\(SELECT -1 FROM slotless_accounts WHERE account_id = \?\d*\), \?\d*\)`
/** How an account may be named; lib/slot.ts writes each of these. */
const NAMED_WITH_SLOT = [
  new RegExp(String.raw`slot"? = ${HOME} AND (?:"?\w+"?\.)?"?account_id"? = \?\d*`, 'g'),
  /login\.slot = account\.slot AND login\.account_id = account\.account_id/g,
  /other\.slot = logins\.slot AND other\.account_id = logins\.account_id/g,
  new RegExp(HOME, 'g'),
  // Of many accounts at once.
  /"slot" = coalesce\(\(SELECT -1 FROM slotless_accounts AS waiting WHERE waiting\.account_id = each\.value ->> 'accountId'\), each\.value ->> 'slot'\) AND "\w+"\."account_id" = each\.value ->> 'accountId'/g,
  /waiting\.account_id = value ->> 'accountId'/g,
  // The walk itself.
  /"slot" = \? and "\w+"\."account_id" = \?/g,
  /"slotless_accounts"\."account_id" = \?/g,
  // Tables that are not an account's own.
  /"dead_letters"\."account_id" = \?/g,
  /"account_id" = excluded\.account_id/g,
]
const NAMED = /account_id["`]?\s*(?:[=<>]|IS\b|IN\b|BETWEEN\b)/i

describe('every statement', () => {
  async function statementsOfAll(): Promise<readonly string[]> {
    const texts = new Set<string>()
    await live(
      openFormer((text) => texts.add(text)),
      async () => {},
    )
    return [...texts].filter((text) => !/^\s*SELECT \* FROM \w+ ORDER BY 2/.test(text))
  }

  it('names an account with its slot', async () => {
    const texts = await statementsOfAll()
    expect(texts.length).toBeGreaterThan(100)
    const bare = texts.filter((text) =>
      NAMED.test(NAMED_WITH_SLOT.reduce((left, form) => left.replaceAll(form, ''), text)),
    )
    expect(bare).toEqual([])
  })

  it('finds it by key, and reads no table from end to end', async () => {
    const db = openMemoryDb()
    const scans: string[] = []
    for (const text of await statementsOfAll()) {
      const plan = await db.$client.prepare(`EXPLAIN QUERY PLAN ${text}`).all<{ detail: string }>()
      const found = plan.results.map(({ detail }) => detail)
      const isScan = found.some((detail) => {
        const [, table = ''] = /^SCAN (\w+)/.exec(detail) ?? []
        // A walk may go on to the next slot; within one it needs the account.
        return OWNED.includes(table) || /^SEARCH (?!slots ).*PRIMARY KEY \(slot=\?\)/.test(detail)
      })
      if (isScan) scans.push(`${text} → ${found.join(' · ')}`)
    }
    expect(scans).toEqual([])
  })

  it('is written by lib/slot.ts, where it names one', () => {
    const bare = readSources().flatMap(({ path, text }) => {
      // Rows of whatever table, as a mover reads them.
      if (path === 'lib/slot.ts' || path === 'ops/slots/slot-rows.ts') return []
      const inSql =
        text.match(
          /(?<!slot = (?:\w+\.slot|\$\{[\w.]+\}) AND \w+\.)\baccount_id\s*(?:=[^>]|[<>]|IN\b)|\.accountId\}\s*(?:=|[<>]|IN\b)/g,
        ) ?? []
      const inDrizzle = [
        ...text.matchAll(/\b(?:eq|ne|gt|gte|lt|lte|inArray)\(\s*(\w+)\.accountId\b/g),
      ]
        .map(([, table = '']) => table)
        .filter((table) => table !== 'deadLetters' && table !== 'slotlessAccounts')
      return [...inSql, ...inDrizzle].map((found) => `${path}: ${found}`)
    })
    expect(bare).toEqual([])
  })
})

describe('every table of accounts', () => {
  it('has slot and account for the beginning of its key', () => {
    const owned = tables.filter((table) => 'accountId' in getTableColumns(table))
    const others = owned.filter((table) => {
      const [key] = getTableConfig(table).primaryKeys
      return key?.columns[0]?.name !== 'slot' || key.columns[1]?.name !== 'account_id'
    })
    expect(others.map(nameOf).sort()).toEqual(NAMES_ACCOUNTS)
  })
})
