// The walks of retention: a page a minute, everything in the end, and never more statements than an invocation may make.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { Db } from '../../../src/lib/db.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { DAY_MS } from '../../../src/lib/time.ts'
import { KEPT_BY_DEFAULT, type KeptDays } from '../../../src/ops/kept-settings.ts'
import { deleteExpired } from '../../../src/ops/retention.ts'
import { callbacks, deadLetters, logins, notices, opsActs } from '../../../src/schema.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
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
