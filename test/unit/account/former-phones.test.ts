// A2 Every number that was the account's is told for its 72 hours, three at most: nobody who changes numbers quickly pushes
// out the owner's. The statement agrees with a model, and the promises of docs/owners-pages.md hold of it.

import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findAccount, saveAccountStatement } from '../../../src/account/accounts.ts'
import {
  endFormerPhoneStatement,
  findAccountsByFormerPhone,
  forgetFormerPhonesStatement,
  isFormerToldSql,
} from '../../../src/account/former-phone.ts'
import { formerPhonesAt } from '../../../src/account/former-phone-list.ts'
import type { Db } from '../../../src/lib/db.ts'
import { whoseAccount } from '../../../src/lib/slot.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { migratedDatabase } from '../../support/migrated-database.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const ACCOUNT = '1001'
const TOLD_MS = 3 * DAY_MS

type Change = { readonly number: string | null; readonly at: number }

async function change(db: Db, { number, at }: Change) {
  const before = await findAccount(db, ACCOUNT)
  const phone = before?.phoneTag === number ? 'same' : 'other_told'
  const sealed = { phoneSealed: number && `sealed ${number}`, phoneTag: number }
  await saveAccountStatement(db, ACCOUNT, sealed, at, { phone })
}

async function madeOf(changes: readonly Change[]): Promise<Db> {
  const db = openMemoryDb()
  for (const one of changes) await change(db, one)
  return db
}

async function toldAt(db: Db, now: number): Promise<readonly (string | null)[]> {
  const account = await findAccount(db, ACCOUNT)
  return account ? formerPhonesAt(account, now).map(({ tag }) => tag) : []
}

/** `X 0, A 30d, B 30d+1m`: numbers in a row, the first with the account, the others a minute apart after a month. */
const quickly = (...numbers: readonly (string | null)[]): readonly Change[] =>
  numbers.map((number, index) => ({
    number,
    at: index === 0 ? 0 : 30 * DAY_MS + index * MINUTE_MS,
  }))

const SOON = 30 * DAY_MS + HOUR_MS

describe('A2 the numbers that are told', () => {
  it('know a number that is back by the tag of an older key', async () => {
    const db = await madeOf(quickly('X', 'A'))
    const back = { phoneSealed: 'sealed anew', phoneTag: 'X under the new key' }
    const phoneTags = [back.phoneTag, 'X']
    await saveAccountStatement(db, ACCOUNT, back, SOON, { phone: 'other_told', phoneTags })
    expect(await toldAt(db, SOON)).toEqual(['A'])
    // As old as it was: it goes before numbers that did not stand for a day.
    expect((await findAccount(db, ACCOUNT))?.phoneSince).toBe(0)
  })

  it.each([
    ['X A B', ['X', 'A']],
    ['X A B C', ['X', 'A', 'B']],
    ['X A B C D E F', ['X', 'A', 'B']],
    ['X A X', ['A']],
    ['X A X B', ['X', 'A']],
    ['X A B A C', ['X', 'B', 'A']],
    ['X - A', ['X']],
    ['X A - B', ['X', 'A']],
    ['X A B C D X E', ['X', 'A', 'B']],
  ])('after %s are %s', async (row, told) => {
    const numbers = row.split(' ').map((number) => (number === '-' ? null : number))
    expect(await toldAt(await madeOf(quickly(...numbers)), SOON)).toEqual(told)
  })

  it('are told no more when their 72 hours are over, each by itself', async () => {
    const db = await madeOf([
      { number: 'X', at: 0 },
      { number: 'A', at: 10 * DAY_MS },
      { number: 'B', at: 11 * DAY_MS },
    ])
    expect(await toldAt(db, 13 * DAY_MS - 1)).toEqual(['X', 'A'])
    expect(await toldAt(db, 13 * DAY_MS)).toEqual(['A'])
    await forgetFormerPhonesStatement(db, whoseAccount(ACCOUNT), 13 * DAY_MS + 1)
    expect((await findAccount(db, ACCOUNT))?.formerPhones).toHaveLength(1)
    await forgetFormerPhonesStatement(db, whoseAccount(ACCOUNT), 14 * DAY_MS + 1)
    expect((await findAccount(db, ACCOUNT))?.formerPhones).toBeNull()
  })

  it('find the account, each in its place of the list, and end one by one', async () => {
    const db = await madeOf(quickly('X', 'A', 'B', 'C'))
    for (const tag of ['X', 'A', 'B']) {
      expect(await findAccountsByFormerPhone(db, [tag, 'older key'], SOON)).toHaveLength(1)
    }
    expect(await findAccountsByFormerPhone(db, ['C'], SOON)).toEqual([])
    await endFormerPhoneStatement(db, ACCOUNT, ['A'], SOON)
    expect(await toldAt(db, SOON)).toEqual(['X', 'B'])
    expect(await findAccountsByFormerPhone(db, ['A'], SOON)).toEqual([])
    const isTold = (tag: string) =>
      db.get(sql`SELECT ${isFormerToldSql(ACCOUNT, [tag], SOON)} AS told`)
    expect(await isTold('A')).toEqual({ told: 0 })
    expect(await isTold('B')).toEqual({ told: 1 })
  })

  it('are found by index', async () => {
    const database = migratedDatabase()
    const place = (nth: number) => `json_extract(former_phones, '$[${nth}].tag') IN (?, ?)`
    const plan = database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT * FROM accounts WHERE ${[0, 1, 2].map(place).join(' OR ')}`,
      )
      .all('a', 'b', 'a', 'b', 'a', 'b')
      .map(({ detail }) => String(detail))
    expect(plan.filter((line) => line.includes('SCAN'))).toEqual([])
    expect(plan.filter((line) => line.includes('accounts_by_former_phone_'))).toHaveLength(3)
  })
})

const OWN = ['X', 'Y', 'Z'] as const
const THEIRS = ['A', 'B', 'C', 'D', 'E'] as const
const gapMs = fc.oneof(
  fc.integer({ min: 1, max: HOUR_MS }),
  fc.integer({ min: 1, max: 2 * DAY_MS }),
)

describe('A2 whoever may change numbers as quickly as he likes', () => {
  it('cannot push out the number that stood for a day before', async () => {
    const changes = fc.array(fc.tuple(fc.constantFrom(...THEIRS, null), gapMs), {
      minLength: 1,
      maxLength: 14,
    })
    await fc.assert(
      fc.asyncProperty(changes, async (theirs) => {
        let at = DAY_MS
        const db = await madeOf([{ number: 'X', at: 0 }])
        for (const [number, waitMs] of theirs) {
          await change(db, { number, at })
          if (at < DAY_MS + TOLD_MS) expect(await toldAt(db, at)).toContain('X')
          at += waitMs
        }
      }),
      { numRuns: 25 },
    )
  })

  it('cannot push out for two days one that stood for less', async () => {
    const changes = fc.array(fc.tuple(fc.constantFrom(...THEIRS, 'X', null), gapMs), {
      minLength: 1,
      maxLength: 14,
    })
    await fc.assert(
      fc.asyncProperty(changes, fc.constantFrom(...OWN.slice(1)), async (theirs, number) => {
        const leftAt = 10 * DAY_MS + 5 * MINUTE_MS
        const db = await madeOf([
          { number: 'X', at: 0 },
          { number, at: 10 * DAY_MS },
        ])
        let at = leftAt
        for (const [next, waitMs] of theirs) {
          await change(db, { number: next, at })
          if (at < leftAt + 2 * DAY_MS) expect(await toldAt(db, at)).toContain(number)
          at += waitMs
        }
      }),
      { numRuns: 25 },
    )
  })

  it('never makes more than three be told, nor one twice, nor the present one', async () => {
    const changes = fc.array(fc.tuple(fc.constantFrom(...OWN, ...THEIRS, null), gapMs), {
      minLength: 1,
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(changes, async (all) => {
        const db = openMemoryDb()
        let at = 0
        let present: string | null = null
        for (const [number, waitMs] of all) {
          at += waitMs
          const left = present === number ? null : present
          await change(db, { number, at })
          const told = await toldAt(db, at)
          expect(told.length).toBeLessThanOrEqual(3)
          expect(new Set(told).size).toBe(told.length)
          expect(told).not.toContain(number)
          // With room for it, what was there is told.
          if (left !== null && told.length < 3) expect(told).toContain(left)
          present = number
        }
      }),
      { numRuns: 25 },
    )
  })
})

it('A2 the number before of a former deployment is told on', async () => {
  const lastMigration = '0016_unseen_accounts.sql'
  const row = `INSERT INTO accounts (slot, account_id, alerts, created_at, updated_at, phone_sealed, phone_tag,
    former_phone_sealed, former_phone_until, former_phone_tag) VALUES (-1, '1001', 'all', 0, 0, 'b', 'B', 'a', 99, 'A')`
  const database = migratedDatabase({ lastMigration, sql: row })
  const [stored] = database.prepare('SELECT former_phones, former_phone_sealed FROM accounts').all()
  expect(JSON.parse(String(stored?.former_phones))).toEqual([
    { sealed: 'a', tag: 'A', since: 0, until: 99, stood: 1 },
  ])
  expect(stored?.former_phone_sealed).toBeNull()
})
