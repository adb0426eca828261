// The holds that run, of all databases together: none that is over, and none of a slot twice.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { Db } from '../../../src/lib/db.ts'
import { createShards } from '../../../src/lib/shards.ts'
import { slotOf } from '../../../src/lib/slot.ts'
import { HOME } from '../../../src/lib/slot-guard.ts'
import { HOLDS_COUNTED_MAX } from '../../../src/lock/running-holds.ts'
import { holds } from '../../../src/lock/tables.ts'
import { addUp, readRunningHolds } from '../../../src/ops/running-holds.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { NOW } from './facts-world.ts'

const HOUR_MS = 3_600_000

type Hold = Partial<typeof holds.$inferInsert> & { readonly accountId: string }

async function put(db: Db, ...some: readonly Hold[]): Promise<void> {
  for (const [index, hold] of some.entries()) {
    const usual = { reason: 'cooling_off', startedAt: NOW, until: NOW + HOUR_MS, cause: 'device' }
    const slot = slotOf(hold.accountId)
    await db.insert(holds).values({ slot, holdId: `h${index}`, ...usual, ...hold } as never)
  }
}

describe('readRunningHolds', () => {
  it('counts by reason what runs now, in each database what is there', async () => {
    const [home, other] = [openMemoryDb(), openMemoryDb()]
    const shards = createShards(
      [
        { name: HOME, database: home.$client, db: home },
        { name: 'DB_1', database: other.$client, db: other },
      ],
      [],
    )
    const context = { shards, after: () => () => {} }
    expect(await readRunningHolds(context, NOW)).toEqual({
      byReason: { cooling_off: 0, activity: 0, planned: 0 },
      isCutShort: false,
    })
    await put(
      home,
      { accountId: '1' },
      { accountId: '1', reason: 'planned' },
      { accountId: '1', until: NOW },
      { accountId: '1', liftedAt: NOW - 1 },
      { accountId: '2', reason: 'activity' },
    )
    await put(other, { accountId: '3' }, { accountId: '4' })
    // What is being copied there is counted where it is.
    for (const [id, state] of [
      ['3', 'here'],
      ['4', 'frozen'],
    ] as const) {
      await other.run(sql`INSERT INTO slots VALUES (${slotOf(id)}, ${state}, NULL, 0)`)
    }
    expect(await readRunningHolds(context, NOW)).toEqual({
      byReason: { cooling_off: 2, activity: 1, planned: 1 },
      isCutShort: false,
    })
    const broken = { ...context, shards: { ...shards, all: [null] } } as never
    expect(await readRunningHolds(broken, NOW)).toBeNull()
  })

  it('says that there may be more where it stopped counting', () => {
    const many = [
      { reason: 'cooling_off', count: HOLDS_COUNTED_MAX - 1 },
      { reason: 'planned', count: 1 },
    ] as const
    expect(addUp([many, []])).toMatchObject({ isCutShort: true })
    expect(addUp([many.slice(0, 1), many.slice(0, 1)])).toMatchObject({ isCutShort: false })
  })
})
