// Several databases: an account is asked for in its own, what is on its way is nobody's, and what is found without an account
// counts where its slot is.

import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findAccount, saveAccountStatement } from '../../../src/account/accounts.ts'
import type { Db } from '../../../src/lib/db.ts'
import { onShards } from '../../../src/lib/on-shards.ts'
import { parseShardMap, parseSlots, rangesText } from '../../../src/lib/shard-map.ts'
import { askAll, createShards } from '../../../src/lib/shards.ts'
import { slotOf } from '../../../src/lib/slot.ts'
import { ALL_SLOTS, HOME, isSlotAway } from '../../../src/lib/slot-guard.ts'
import { accounts } from '../../../src/schema.ts'
import { openMemoryDb } from './memory-d1.ts'

const NOW = Date.UTC(2026, 10, 28)

/** An account of a slot that is in the home, and one of a slot that is not. */
const [OURS, THEIRS] = [accountIn((slot) => slot < 128), accountIn((slot) => slot > 127)]

function accountIn(isMeant: (slot: number) => boolean): string {
  for (let id = 1; ; id += 1) if (isMeant(slotOf(String(id)))) return String(id)
}

const shardOf = (name: string, db: Db) => ({ name, database: db.$client, db })

function twoShards() {
  const home = openMemoryDb()
  const away = openMemoryDb()
  const map = parseShardMap(['0-127:DB', '128-255:DB_1'])
  if (!map.ok) throw new Error(map.error)
  const isolate = () => createShards([shardOf(HOME, home), shardOf('DB_1', away)], map.value)
  return { home, away, isolate, shards: isolate() }
}

const say = (db: Db, slots: readonly number[], state: string, movedTo: string | null = null) =>
  db.run(sql`INSERT OR REPLACE INTO slots SELECT value, ${state}, ${movedTo}, ${NOW}
    FROM json_each(${JSON.stringify(slots)})`)

/** As a deployment of two begins. */
async function divide({ home, away }: { readonly home: Db; readonly away: Db }): Promise<void> {
  await say(home, ALL_SLOTS.slice(128), 'moved', 'DB_1')
  await say(away, ALL_SLOTS.slice(128), 'here')
}

const add = (db: Db, accountId: string) =>
  saveAccountStatement(db, accountId, { locale: 'de' }, NOW)

const failure = (promise: PromiseLike<unknown>) =>
  Promise.resolve(promise).then(
    () => null,
    (error: unknown) => error,
  )

describe('the database of an account', () => {
  it('is that of its slot', async () => {
    const { shards, home, away } = twoShards()
    await divide({ home, away })
    await add(shards.dbOf(OURS), OURS)
    await add(shards.dbOf(THEIRS), THEIRS)
    expect((await home.select().from(accounts)).map(({ accountId }) => accountId)).toEqual([OURS])
    expect((await away.select().from(accounts)).map(({ accountId }) => accountId)).toEqual([THEIRS])
    expect(await findAccount(shards.dbOf(THEIRS), THEIRS)).toMatchObject({ locale: 'de' })
  })

  it('has nothing to say of a slot that was never moved into it: that is no unknown account', async () => {
    const { shards } = twoShards()
    const error = await failure(findAccount(shards.dbOf(THEIRS), THEIRS))
    expect(isSlotAway(error)).toBe(true)
  })

  it('neither reads nor writes while the slot is on its way', async () => {
    const { shards, home } = twoShards()
    await add(shards.dbOf(OURS), OURS)
    await say(home, [slotOf(OURS)], 'frozen')
    const db = shards.dbOf(OURS)
    expect(isSlotAway(await failure(findAccount(db, OURS)))).toBe(true)
    const batch = db.batch([db.run(sql`DELETE FROM accounts`), db.run(sql`DELETE FROM logins`)])
    expect(isSlotAway(await failure(batch))).toBe(true)
    expect(await home.select().from(accounts)).toHaveLength(1)
    await say(home, [slotOf(OURS)], 'here')
    expect(await findAccount(db, OURS)).not.toBe(null)
  })

  it('is followed to where the slot has moved, by isolates that have not heard of it', async () => {
    const { isolate, home, away } = twoShards()
    const [late, later] = [isolate(), isolate()]
    await say(home, [slotOf(OURS)], 'moved', 'DB_1')
    await say(away, [slotOf(OURS)], 'here')
    await add(late.dbOf(OURS), OURS)
    expect(await away.select().from(accounts)).toHaveLength(1)
    expect(await home.select().from(accounts)).toEqual([])
    // And back again.
    await say(away, [slotOf(OURS)], 'moved', 'DB')
    await say(home, [slotOf(OURS)], 'here')
    for (const shards of [late, later]) {
      expect(await findAccount(shards.dbOf(OURS), OURS)).toBe(null)
    }
  })

  it('is followed by two who ask at once', async () => {
    const { shards, home, away } = twoShards()
    await say(home, [slotOf(OURS)], 'moved', 'DB_1')
    await say(away, [slotOf(OURS)], 'here')
    const db = shards.dbOf(OURS)
    const found = await Promise.all([1, 2, 3].map(() => findAccount(db, OURS)))
    expect(found).toEqual([null, null, null])
  })

  it('is found where it stayed, by those to whom SHARDS names the database it was to go to', async () => {
    const { isolate, home, away } = twoShards()
    await say(away, [slotOf(OURS)], 'here')
    await say(home, [slotOf(OURS)], 'frozen')
    await add(isolate().dbOf(OURS), OURS)
    expect(await away.select().from(accounts)).toHaveLength(1)
    expect(await home.select().from(accounts)).toEqual([])
  })

  it('is not looked for in a circle', async () => {
    const { shards, home, away } = twoShards()
    await say(home, [slotOf(OURS)], 'moved', 'DB_1')
    await say(away, [slotOf(OURS)], 'moved', 'DB')
    expect(isSlotAway(await failure(findAccount(shards.dbOf(OURS), OURS)))).toBe(true)
  })

  it('takes no statement of control data into the batch of an account', async () => {
    const { shards, home } = twoShards()
    const batch = shards.dbOf(OURS).batch([home.delete(accounts).where(eq(accounts.slot, 1))])
    expect(await failure(batch)).toMatchObject({ message: expect.stringContaining('another') })
  })
})

describe('work on many accounts', () => {
  it('is one call of each database, and one that is away holds up no other', async () => {
    const { shards, away, home } = twoShards()
    await divide({ home, away })
    const ids = Array.from({ length: 40 }, (_, index) => String(index))
    const calls: number[] = []
    const work = async (db: Db, some: readonly string[]) => {
      calls.push(some.length)
      const [first, ...rest] = some.map((id) => add(db, id))
      if (first) await db.batch([first, ...rest])
    }
    const idOf = (id: string) => id
    expect((await onShards(shards, ids, idOf, work)).map(({ outcome }) => outcome.ok)).toEqual([
      true,
      true,
    ])
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(ids.length)
    await say(home, [slotOf(OURS)], 'frozen')
    const parts = await onShards(shards, ids, idOf, work)
    const failed = parts.filter(({ outcome }) => !outcome.ok).flatMap(({ items }) => items)
    expect(failed).toEqual(ids.filter((id) => slotOf(id) === slotOf(OURS)))
  })

  it('takes no call for each account after slots were moved of which the isolate has not heard', async () => {
    const { isolate, home, away } = twoShards()
    // Each to where SHARDS has the other.
    await say(home, ALL_SLOTS.slice(0, 64), 'moved', 'DB_1')
    await say(away, ALL_SLOTS.slice(0, 64), 'here')
    await say(away, ALL_SLOTS.slice(192), 'moved', 'DB')
    await say(home, ALL_SLOTS.slice(128, 192), 'moved', 'DB_1')
    await say(away, ALL_SLOTS.slice(128, 192), 'here')
    // Of these neither says where they are.
    await say(home, ALL_SLOTS.slice(112, 128), 'frozen')
    const shards = isolate()
    const ids = Array.from({ length: 200 }, (_, index) => String(index))
    const isLost = (id: string) => slotOf(id) > 111 && slotOf(id) < 128
    const work = async (some: readonly string[]) => {
      const done: string[][] = []
      const parts = await onShards(
        shards,
        some,
        (id) => id,
        async (db, own) => {
          await db.all(sql`SELECT 1`)
          done.push([...own])
        },
      )
      const failed = parts.filter(({ outcome }) => !outcome.ok).flatMap(({ items }) => items)
      expect(failed.toSorted()).toEqual(some.filter(isLost).toSorted())
      expect(done.flat().toSorted()).toEqual(some.filter((id) => !isLost(id)).toSorted())
      return done.length
    }
    // What either had before it was asked is now in both.
    expect(await work(ids)).toBe(4)
    expect(await work(ids.filter((id) => !isLost(id)))).toBe(2)
  })
})

describe('what is found by no account', () => {
  const all = async (db: Db) => db.select().from(accounts)

  it('comes from every database, and of a slot that moves from where it is', async () => {
    const { shards, home, away } = twoShards()
    await divide({ home, away })
    await add(shards.dbOf(OURS), OURS)
    await add(shards.dbOf(THEIRS), THEIRS)
    // Copied, and not deleted yet.
    await add(away, OURS)
    const idsOf = async () => {
      const { rows, missing } = await askAll(shards, all)
      return [rows.map(({ accountId }) => accountId).sort(), missing === null]
    }
    const both = [OURS, THEIRS].sort()
    expect(await idsOf()).toEqual([both, true])
    await say(home, [slotOf(OURS)], 'frozen')
    expect(await idsOf()).toEqual([[THEIRS], false])
    await say(home, [slotOf(OURS)], 'moved', 'DB_1')
    await say(away, [slotOf(OURS)], 'here')
    expect(await idsOf()).toEqual([both, true])
  })
})

describe('SHARDS', () => {
  it.each([
    ['0-255:DB', null],
    ['0-127:DB 128-255:DB_1', null],
    ['0:DB 1-255:DB_2', null],
    ['0-127:DB', 'leaves out slots: 128-255'],
    ['0-127:DB 129-255:DB_1', 'leaves out slots: 128'],
    ['0-128:DB 128-255:DB_1', 'has slots in two places: 128'],
    ['0-256:DB', 'has 0-256, which is no range of slots from 0 to 255'],
    ['0-127:DB 128-255:OTHER', 'must be a list like `0-127:DB 128-255:DB_1`'],
  ])('%s: %s', (text, problem) => {
    const parsed = parseShardMap(text.split(' '))
    expect(parsed.ok ? null : parsed.error).toBe(problem)
  })

  it('is read as it was written, whatever the ranges', () => {
    const names = ['DB', 'DB_1', 'DB_2']
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...names), { minLength: 256, maxLength: 256 }),
        (map) => {
          const text = names.flatMap((name) => {
            const slots = ALL_SLOTS.filter((slot) => map[slot] === name)
            return slots.length === 0
              ? []
              : rangesText(slots)
                  .split(' ')
                  .map((range) => `${range}:${name}`)
          })
          expect(parseShardMap(text)).toEqual({ ok: true, value: map })
        },
      ),
    )
  })

  it('takes any text, and a list of slots too', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseShardMap(text.split(/\s+/))
        const slots = parseSlots(text)
        expect(slots === null || slots.every((slot) => ALL_SLOTS.includes(slot))).toBe(true)
      }),
    )
    expect(parseSlots('128-130, 7')).toEqual([128, 129, 130, 7])
    expect(parseSlots('130-128')).toBe(null)
  })
})
