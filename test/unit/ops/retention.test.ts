// The walks of retention: a page a minute, everything in the end, and never more statements than an invocation may make.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { Db } from '../../../src/lib/db.ts'
import { KEYS_PER_PAGE } from '../../../src/lib/key-walk.ts'
import { inSlot, slotOf } from '../../../src/lib/slot.ts'
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { LOGINS_KEPT_MS } from '../../../src/login/forget.ts'
import { KEPT_BY_DEFAULT, type KeptDays } from '../../../src/ops/kept-settings.ts'
import { deleteExpired, ROWS_PER_PAGE } from '../../../src/ops/retention.ts'
import { callbacks, deadLetters, logins, notices, opsActs } from '../../../src/schema.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const OLD = NOW - LOGINS_KEPT_MS - 1

/** `perAccount` logins of each, all but the newest expired. */
async function fill(db: Db, accounts: number, perAccount: number): Promise<void> {
  await db.insert(logins).values({ ...aLogin(), slot: 0, accountId: 'x', alertId: 'x' })
  const columns = await db.all<{ name: string }>(
    sql`SELECT name FROM pragma_table_info('logins')
      WHERE name NOT IN ('slot', 'account_id', 'alert_id', 'seq', 'received_at', 'is_open')`,
  )
  const others = sql.raw(columns.map(({ name }) => name).join(', '))
  await db.run(sql`WITH RECURSIVE a(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM a WHERE i < ${accounts}),
      n(nth) AS (SELECT 1 UNION ALL SELECT nth + 1 FROM n WHERE nth < ${perAccount})
    INSERT INTO logins (slot, account_id, alert_id, seq, received_at, is_open, ${others})
    SELECT slot_of('a' || i), 'a' || i, 'alr_' || i || '_' || nth, nth, ${OLD}, 0, ${others}
    FROM a, n, (SELECT * FROM logins LIMIT 1)`)
  await db.run(sql`DELETE FROM logins WHERE account_id = 'x'`)
}

const left = async (db: Db) =>
  (await db.all<{ count: number }>(sql`SELECT count(*) AS count FROM logins`))[0]?.count

/** How long a walk through so many rows takes, if half of the minutes are lost. */
const walkMs = (rows: number, perPage: number) => 2 * Math.ceil(rows / perPage) * MINUTE_MS

describe('a table without an index by time', () => {
  it('is walked a page a minute, to its end and from its beginning again', async () => {
    const db = openMemoryDb()
    const old = NOW - 4 * DAY_MS
    await db.run(sql`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 12499)
      INSERT INTO attempt_limits SELECT 'scope' || (100000 + i), iif(i % 2, ${old}, ${NOW}), 1 FROM n`)
    const rounds = []
    for (let minute = 0; minute < 4; minute += 1) rounds.push(await deleteExpired(db, NOW))
    // The walk begins anew after its end; by then nothing is left to delete.
    expect(rounds).toEqual([2_500, 2_500, 1_250, 0])
  })
})

describe('the accounts', () => {
  it('are walked by a bounded number of rows a minute, whoever they are of, in few statements', async () => {
    const texts: string[] = []
    const db = openMemoryDb((text) => texts.push(text))
    await fill(db, 700, 20)
    const rounds = []
    for (let minute = 0; minute < 4; minute += 1) {
      texts.length = 0
      rounds.push(await deleteExpired(db, NOW))
      expect(texts.length).toBeLessThan(40)
    }
    // Of each account the newest stays: 250 accounts fill a page.
    expect(rounds).toEqual([250 * 19, 250 * 19, 200 * 19, 0])
    expect(await left(db)).toBe(700)
  })

  it('forget all of one whose logins are a page and more, a part at a time', async () => {
    const db = openMemoryDb()
    await fill(db, 2, 7_000)
    for (let minute = 0; minute < 8; minute += 1) await deleteExpired(db, NOW)
    expect(await left(db)).toBe(2)
  })

  it('of a slot that is on its way, or was left behind, are not touched', async () => {
    const db = openMemoryDb()
    await fill(db, 20, 2)
    await db.run(sql`INSERT INTO slots VALUES (${slotOf('a1')}, 'frozen', NULL, 0)`)
    await deleteExpired(db, NOW)
    const rows = await db.select().from(logins)
    expect(rows.filter(({ slot }) => slot === slotOf('a1'))).not.toHaveLength(1)
    expect(rows.filter(({ seq }) => seq === 1).map(({ slot }) => slot)).toEqual(
      rows.filter(({ seq, slot }) => seq === 1 && slot === slotOf('a1')).map(({ slot }) => slot),
    )
    await db.run(sql`UPDATE slots SET state = 'here'`)
    await deleteExpired(db, NOW)
    expect(await left(db)).toBe(20)
  })

  it('of twenty million are walked in less than three days, half of the minutes lost', () => {
    // Ten gigabytes are all a database holds, and a login takes a kilobyte of it, its index entries included.
    const loginsMax = 10e9 / 1_000
    expect(walkMs(loginsMax, ROWS_PER_PAGE)).toBeLessThan(3 * DAY_MS)
    // Twenty million accounts, 17 logins a second, kept 90 days: 132 GB, so at least 14 databases.
    const [accounts, perDay] = [20e6, 17 * 86_400]
    const databases = Math.ceil((perDay * 90 * 1_000) / 10e9)
    expect(databases).toBe(14)
    expect(walkMs(accounts / databases, ROWS_PER_PAGE)).toBeLessThan(3 * DAY_MS)
    // The longest table of control data: every text by a provider that is found by its own id alone, for a week.
    expect(walkMs(perDay * 7, KEYS_PER_PAGE)).toBeLessThan(3 * DAY_MS)
  })
})

describe('what the operator wants to keep for longer or shorter', () => {
  const AGES = [3, 10, 20, 35, 95, 450]
  const idsOf = (days: number) => `d${days}`

  async function filled() {
    const db = openMemoryDb()
    await db.insert(logins).values({ ...aLogin({ alertId: 'alr_now', receivedAt: NOW }), seq: 99 })
    for (const [nth, days] of AGES.entries()) {
      const at = NOW - days * DAY_MS - 1
      const id = idsOf(days)
      await db
        .insert(logins)
        .values({ ...aLogin({ alertId: id, receivedAt: at }), seq: AGES.length - nth })
      const { accountId } = aLogin()
      const own = inSlot(accountId)
      await db.insert(callbacks).values({
        ...{ ...own, callbackId: id, type: 'account.locked', body: '{}', state: 'confirmed' },
        ...{ nextAttemptAt: at, createdAt: at },
      })
      await db.insert(notices).values({
        ...{ ...own, noticeId: id, kind: 'locked', state: 'accepted', attempts: [], createdAt: at },
      })
      await db.insert(deadLetters).values({
        ...{ messageId: id, queue: 'net-dead', kind: 'unknown', reason: 'malformed', diedAt: at },
      })
      await db.insert(opsActs).values({
        ...{ actedAt: at, actId: id, act: 'rest', subject: 's', who: 'w', reason: 'r', count: 0 },
      })
    }
    return db
  }

  async function leftOf(db: Db): Promise<Readonly<Record<keyof KeptDays, readonly string[]>>> {
    const sorted = (ids: readonly string[]) => ids.filter((id) => id.startsWith('d')).sort()
    return {
      logins: sorted((await db.select().from(logins)).map(({ alertId }) => alertId)),
      callbacks: sorted((await db.select().from(callbacks)).map(({ callbackId }) => callbackId)),
      notices: sorted((await db.select().from(notices)).map(({ noticeId }) => noticeId)),
      deadLetters: sorted((await db.select().from(deadLetters)).map(({ messageId }) => messageId)),
      acts: sorted((await db.select().from(opsActs)).map(({ actId }) => actId)),
    }
  }

  const within = (days: number) =>
    AGES.filter((age) => age < days)
      .map(idsOf)
      .sort()

  it.each([
    KEPT_BY_DEFAULT,
    { logins: 30, callbacks: 7, notices: 15, deadLetters: 7, acts: 30 },
    { logins: 400, callbacks: 90, notices: 100, deadLetters: 90, acts: 500 },
  ])('is kept so: %o', async (kept) => {
    const db = await filled()
    await deleteExpired(db, NOW, kept)
    expect(await leftOf(db)).toEqual({
      logins: within(kept.logins),
      callbacks: within(kept.callbacks),
      notices: within(kept.notices),
      deadLetters: within(kept.deadLetters),
      acts: within(kept.acts),
    })
  })
})
