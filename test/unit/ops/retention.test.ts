// The walks of retention: a page a minute, everything in the end, and never more statements than an invocation may make.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../src/lib/time.ts'
import { deleteExpired } from '../../../src/ops/retention.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

describe('a table without an index by time', () => {
  it('is walked a page a minute, to its end and from its beginning again', async () => {
    const db = openMemoryDb()
    const old = NOW - 2 * DAY_MS
    await db.run(sql`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2499)
      INSERT INTO attempt_limits SELECT 'scope' || (10000 + i), iif(i % 2, ${old}, ${NOW}), 1 FROM n`)
    const rounds = []
    for (let minute = 0; minute < 4; minute += 1) rounds.push(await deleteExpired(db, NOW))
    // The walk begins anew after its end; by then nothing is left to delete.
    expect(rounds).toEqual([500, 500, 250, 0])
  })
})
