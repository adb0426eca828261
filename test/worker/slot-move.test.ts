// Slots that move from one database to another while logins come, withdrawals are asked for and owners lock: nothing is lost,
// nothing is told twice, and no hold is denied.

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { slotOf } from '../../src/lib/slot.ts'
import { moveSlot, type SlotMover } from '../support/move-slot.ts'
import { accountPath, importOwner, loginAndDeliver, type Owner } from '../support/owner.ts'
import { shardSetting } from '../support/shards.ts'
import { eventually, type Stage, startStage } from '../support/stage.ts'

const OPS_KEY = 'an-operators-key-of-the-tests'
let stage: Stage
let mover: SlotMover

beforeAll(async () => {
  // The settings of a stage are its world's; the operator's key is one more.
  const apiKeys = ['a-key-of-the-exchange']
  stage = await startStage(inject('workerBundle'), {
    runtime: { shards: 2 },
    world: { secrets: { apiKeys } },
    settings: {
      SHARDS: shardSetting(2),
      API_KEYS: `${apiKeys[0]} ${OPS_KEY}:ops.read,ops.act`,
      SMS_ATTEMPT_TIMEOUT_MS: '10000',
    },
  })
  mover = { origin: stage.runtime.origin, key: OPS_KEY }
})
afterAll(() => stage?.close())

const rowsIn = async (database: string, owner: Owner) => {
  const db = await stage.runtime.database(database)
  const found = await db
    .prepare('SELECT count(*) AS count FROM logins WHERE slot = ?1 AND account_id = ?2')
    .bind(slotOf(owner.id), owner.id)
    .first<number>('count')
  return found ?? 0
}

/** By the test before. */
const movedSlots = new Set<number>()

const homeOf = (owner: Owner) => (slotOf(owner.id) < 128 ? 'DB' : 'DB_1')
const awayOf = (owner: Owner) => (slotOf(owner.id) < 128 ? 'DB_1' : 'DB')

const alertNumbers = (owner: Owner) =>
  stage.world.phones
    .messagesTo(owner.phone)
    .flatMap(({ text }) => /#(\d+)/.exec(text)?.[1] ?? [])
    .map(Number)

describe('accounts of two databases', () => {
  it('are each in their own, and answer to whoever asks', async () => {
    // Where an id leads is chance: until both have one.
    const owners = new Map<string, Owner>()
    while (owners.size < 2) {
      const owner = await importOwner(stage)
      owners.set(homeOf(owner), owner)
    }
    for (const owner of owners.values()) {
      const { sessionId } = await loginAndDeliver(stage, owner)
      expect([await rowsIn(homeOf(owner), owner), await rowsIn(awayOf(owner), owner)]).toEqual([
        1, 0,
      ])
      const asked = await fetch(new URL('/v1/introspect', stage.runtime.origin), {
        method: 'POST',
        headers: {
          authorization: 'Bearer a-key-of-the-exchange',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: `token=${sessionId}`,
      })
      expect(await asked.json()).toMatchObject({ active: true, sub: owner.id })
    }
  })
})

describe('slots on the move', () => {
  it('lose no login, give no number twice, and deny no hold', async () => {
    const { exchange } = stage.world
    const owners = await Promise.all(Array.from({ length: 5 }, () => importOwner(stage)))
    const locked = owners.slice(0, 2)
    for (const owner of locked) {
      const { status } = await exchange.api('POST', accountPath(owner, '/lock'))
      expect(status).toBe(201)
    }
    let isMoving = true
    const accepted = new Map(owners.map(({ id }) => [id, 0]))
    const holds = new Map<string, number>()
    const traffic = owners.map(async (owner, nth) => {
      for (let login = 0; isMoving || login < 4; login += 1) {
        // Each of a device of its own: known ones would be gathered into one SMS.
        const answer = await exchange.login({
          account_id: owner.id,
          device_name: `device ${login}`,
        })
        if (answer.status === 202) accepted.set(owner.id, (accepted.get(owner.id) ?? 0) + 1)
        else expect(answer.status).toBe(503)
        const hold = await exchange.api('GET', accountPath(owner, '/hold'))
        const kind = hold.status === 200 ? JSON.stringify(hold.body) : String(hold.status)
        holds.set(kind, (holds.get(kind) ?? 0) + 1)
        if (hold.status === 200) {
          expect(hold.body).toMatchObject({ known: true, held: locked.includes(owner) })
        } else expect(hold.status).toBe(503)
        await pause(40 + 15 * nth)
      }
    })
    for (const owner of owners) {
      movedSlots.add(slotOf(owner.id))
      await moveSlot(mover, slotOf(owner.id), awayOf(owner))
    }
    isMoving = false
    await Promise.all(traffic)
    await eventually('all alerts', () =>
      owners.every((owner) => new Set(alertNumbers(owner)).size >= (accepted.get(owner.id) ?? 0)),
    )
    await stage.settle()
    for (const owner of owners) {
      const count = accepted.get(owner.id) ?? 0
      expect(count).toBeGreaterThan(3)
      expect([await rowsIn(homeOf(owner), owner), await rowsIn(awayOf(owner), owner)]).toEqual([
        0,
        count,
      ])
      // Without a gap. A copy of one alert is no fault: a slow machine overtakes a provider that seems silent.
      const numbers = [...new Set(alertNumbers(owner))].sort((a, b) => a - b)
      expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1))
    }
  })

  it('come back, and a frozen one answers nobody but takes what must not be lost', async () => {
    let owner = await importOwner(stage)
    while (movedSlots.has(slotOf(owner.id))) owner = await importOwner(stage)
    const { exchange } = stage.world
    const db = await stage.runtime.database(homeOf(owner))
    const slot = slotOf(owner.id)
    // Two ids may share a slot.
    let other = await importOwner(stage)
    while (slotOf(other.id) === slot) other = await importOwner(stage)
    await db
      .prepare(`INSERT OR REPLACE INTO slots VALUES (?1, 'frozen', ?2, 0)`)
      .bind(slot, awayOf(owner))
      .run()
    expect((await exchange.api('GET', accountPath(owner, '/hold'))).status).toBe(503)
    expect((await exchange.api('GET', accountPath(owner))).status).toBe(503)
    expect((await exchange.login({ account_id: owner.id })).status).toBe(202)
    expect((await exchange.api('POST', accountPath(owner, '/lock'))).status).toBe(202)
    // Another account's login goes straight in meanwhile.
    await loginAndDeliver(stage, other)
    // To the database that it is leaving: it stays.
    await moveSlot(mover, slot, homeOf(owner))
    await eventually('the hold', async () => {
      const hold = await exchange.api('GET', accountPath(owner, '/hold'))
      return hold.status === 200 && JSON.stringify(hold.body).includes('"held":true')
    })
    await eventually('the alert', () => alertNumbers(owner).length >= 1)
  })
})
