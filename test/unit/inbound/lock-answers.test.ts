// A reply that locks nothing is answered so: whoever sent it must not believe that it locked.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makePhoneTag } from '../../../src/account/phone-tag.ts'
import type { Context } from '../../../src/context.ts'
import { answerInbound } from '../../../src/inbound/answer.ts'
import type { Db } from '../../../src/lib/db.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { deriveReplyCodes } from '../../../src/lock/code.ts'
import { REPLIES_PER_NUMBER_AND_HOUR } from '../../../src/lock/code-lock.ts'
import { lockClaims } from '../../../src/lock/link.ts'
import { accounts, locks, logins, notices } from '../../../src/schema.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const PHONE = '+12025550123'
const OWNER = 'owner'

let logged: string[] = []

beforeEach(() => {
  logged = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    logged.push(line)
  })
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Only what an answer uses of it. */
function contextOf(db: Db): Context {
  const queue = Object.assign(Object.create(null), { send: async () => {} })
  const config = { dataKeys: KEYS, linkKeys: KEYS }
  const after = () => () => {}
  const parts = { ...storesOf(db), now: () => NOW, after, callbacks: queue, alerts: queue, config }
  return Object.assign(Object.create(null), parts)
}

async function stage() {
  const db = openMemoryDb()
  const phoneTag = await makePhoneTag(KEYS, PHONE)
  await db.insert(accounts).values({ ...inSlot(OWNER), phoneTag, createdAt: 0, updatedAt: 0 })
  await db.insert(logins).values({ ...aLogin({ accountId: OWNER }), ...inSlot(OWNER) })
  const [code] = await deriveReplyCodes(KEYS, lockClaims(OWNER, 42, NOW))
  let texts = 0
  const send = (text: string) => {
    texts += 1
    const providerMessageId = `SM${texts}`
    return answerInbound(contextOf(db), {
      provider: 'twilio',
      message: { providerMessageId, from: PHONE, to: '72345', text, isAnswered: false },
    })
  }
  const answers = async () => (await db.select().from(notices)).map(({ kind }) => kind)
  return { db, code, send, answers }
}

const results = () =>
  logged.flatMap((line) => /"inbound.read".*"result":"([a-z_]+)"/.exec(line)?.[1] ?? [])

describe('a LOCK that locks nothing', () => {
  it('is told so after a lift, and is no lock in the log', async () => {
    const { db, code, send, answers } = await stage()
    await send(`LOCK ${code}`)
    await db.update(locks).set({ liftedAt: NOW })
    await send(`LOCK ${code}`)
    expect((await answers()).sort()).toEqual(['locked', 'not_locked'])
    expect(results()).toEqual(['locked', 'lock_lifted'])
    expect(logged.filter((line) => line.includes('"lock.used"'))).toHaveLength(1)
    expect(logged.filter((line) => line.includes('"lock.void"'))).toHaveLength(1)
  })

  it('is not made of the right code by a few wrong ones', async () => {
    const { code, send, answers } = await stage()
    for (let nth = 1; nth < REPLIES_PER_NUMBER_AND_HOUR; nth += 1) await send('LOCK 2222')
    await send(`LOCK ${code}`)
    expect(await answers()).toEqual(['wrong_code', 'wrong_code', 'wrong_code', 'locked'])
  })

  it('is told so beyond the bound of the hour', async () => {
    const { db, code, send, answers } = await stage()
    // The same code of the same moment would be the same try.
    for (let nth = 0; nth < REPLIES_PER_NUMBER_AND_HOUR; nth += 1) {
      await send(`LOCK 22${2 + Math.floor(nth / 8)}${2 + (nth % 8)}`)
    }
    await send(`LOCK ${code}`)
    expect([(await answers()).at(-1), await db.select().from(locks)]).toEqual(['not_locked', []])
  })

  it('is told so thrice an hour, whatever stands beside its code', async () => {
    const { code, send, answers } = await stage()
    const texts = [`Locked ${code}`, `LOCK it ${code} ok`, `do not lock ${code}`, `lock ${code} zq`]
    for (const text of texts) await send(text)
    expect(await answers()).toEqual(['not_locked', 'not_locked', 'not_locked'])
    await send('L0CK')
    expect(await answers()).toHaveLength(4)
    await send(`LOCK ${code}\nSent from my iPhone`)
    expect((await answers()).at(-1)).toBe('locked')
  })
})

describe('a text that is not understood', () => {
  it('gets help once an hour, and none after STOP', async () => {
    const { send, answers } = await stage()
    await send('who is this?')
    await send('hello?')
    expect(await answers()).toEqual(['help'])
    const muted = await stage()
    await muted.send('стоп')
    await muted.send('ok')
    expect(await muted.answers()).toEqual(['stopped'])
  })
})
