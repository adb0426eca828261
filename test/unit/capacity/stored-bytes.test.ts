// What a login and an account take in SQLite, indexes and half-full pages included: what `npm run capacity` computes
// storage from. Accounts log in in no order, as in life, so that pages are as full as they would be.

import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { accounts, knownMarks, logins } from '../../../src/schema.ts'
import { STORED } from '../../../tools/capacity/counts.ts'
import { aLogin, anAttempt, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const ACCOUNTS = 400
const LOGINS_EACH = 20

const DELIVERED = anAttempt({
  state: 'delivered',
  country: 'DE',
  providerMessageId: 'SM3f2b8c1e5d4a4f6b9e7c1a2b3c4d5e6f',
  sentAt: NOW + 1_234,
  deliveredAt: NOW + 4_321,
})

const USUAL = aLogin({
  ...{ accountId: '10482113', sessionId: '6f1c2f0e-0c5d-4f53-8f2e-3b1b7c1e9a55' },
  ...{ country: 'DE', city: 'Frankfurt', ipTail: '13.77', browser: 'Chrome', os: 'Windows' },
  ...{ deviceName: 'iPhone 15', locale: 'de-DE', sessionExpiresAt: NOW + 86_400_000 },
  ...{ liveSeqs: [6], alertNumber: 7, alertCount: 7, state: 'delivered', wave: 1, version: 4 },
  attempts: [DELIVERED],
})

const PRINTED = sql.raw("printf('%08d', 10000000 + n.i)")

async function bytesOf(db: ReturnType<typeof openMemoryDb>): Promise<number> {
  const [row] = await db.all<{ bytes: number }>(
    sql`SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size`,
  )
  return row?.bytes ?? 0
}

/** Within what is computed with, and not far below it: the figure is to be true, not only safe. */
function expectAbout(bytes: number, counted: number): void {
  expect(bytes).toBeLessThanOrEqual(counted)
  expect(bytes).toBeGreaterThan(counted * 0.7)
}

it('a delivered login is as large as is computed with', async () => {
  const db = openMemoryDb()
  await db.insert(logins).values(USUAL)
  // The alert's id is random, as those derived from webhook ids are; 0 among its columns is the slot.
  const others = await db.all<{ name: string }>(sql`SELECT name FROM pragma_table_info('logins')
    WHERE name NOT IN ('slot', 'account_id', 'seq', 'alert_id', 'session_id')`)
  const columns = sql.raw(others.map(({ name }) => name).join(', '))
  const before = await bytesOf(db)
  for (let seq = 1; seq <= LOGINS_EACH; seq += 1) {
    await db.run(sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS})
      INSERT INTO logins (slot, account_id, seq, alert_id, session_id, ${columns})
      SELECT slot_of(${PRINTED}), ${PRINTED}, ${seq}, 'alr_' || substr(hex(randomblob(11)), 1, 22),
        lower(hex(randomblob(18))), ${columns}
      FROM (SELECT * FROM n ORDER BY random()) AS n, (SELECT * FROM logins LIMIT 1)`)
  }
  const bytes = ((await bytesOf(db)) - before) / (ACCOUNTS * LOGINS_EACH)
  expectAbout(bytes, STORED.bytesPerLogin)
})

it('an account with its marks is as large as is computed with', async () => {
  const db = openMemoryDb()
  const marks = Array.from({ length: 9 }, (_, nth) => [
    `${'dcn'[nth % 3]}:${'mark-'.repeat(4)}${nth}`,
    20_785,
  ])
  const account = {
    ...{ slot: 0, accountId: 'first', locale: 'de-DE', phoneTag: 'T'.repeat(22) },
    ...{ phoneSealed: 'x'.repeat(60), phraseSealed: 'x'.repeat(56) },
    ...{ createdAt: NOW, updatedAt: NOW, phoneSince: NOW },
  }
  await db.insert(accounts).values(account)
  await db
    .insert(knownMarks)
    .values({ slot: 0, accountId: 'first', marks: Object.fromEntries(marks) })
  const before = await bytesOf(db)
  const count = ACCOUNTS * 10
  for (const table of ['accounts', 'known_marks']) {
    const others = await db.all<{ name: string }>(sql`SELECT name FROM pragma_table_info(${table})
      WHERE name NOT IN ('slot', 'account_id', 'phone_tag')`)
    const tag = table === 'accounts'
    const columns = sql.raw(others.map(({ name }) => name).join(', '))
    await db.run(sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO ${sql.raw(table)} (slot, account_id, ${sql.raw(tag ? 'phone_tag, ' : '')}${columns})
      SELECT slot_of(${PRINTED}), ${PRINTED}, ${sql.raw(tag ? 'hex(randomblob(11)), ' : '')}${columns}
      FROM (SELECT * FROM n ORDER BY random()) AS n, (SELECT * FROM ${sql.raw(table)} LIMIT 1)`)
  }
  expectAbout(((await bytesOf(db)) - before) / count, STORED.bytesPerAccount)
})
