// Whose a browser is, and which of an account's devices it is, by the statements that store it.

import { describe, expect, it } from 'vitest'
import { toBase64Url } from '../../../src/lib/base64.ts'
import type { Db } from '../../../src/lib/db.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { takeOverStatement } from '../../../src/push/register-device.ts'
import {
  addSubscriptionStatement,
  deviceIds,
  newSubscription,
  renewSubscription,
} from '../../../src/push/subscriptions.ts'
import { pushSubscriptions } from '../../../src/push/tables.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const keyOf = (byte: number) => new Uint8Array(32).fill(byte)
const KEYS: SealKeys = [keyOf(1)]
const randomBytes = (count: number) => new Uint8Array(count)

async function register(db: Db, accountId: string, name: string, keys = KEYS) {
  const subscription = {
    endpoint: `https://push.example/${name}`,
    keys: { p256dh: toBase64Url(new Uint8Array(65)), auth: toBase64Url(new Uint8Array(16)) },
  }
  const device = await newSubscription({ randomBytes }, keys, { accountId, name, subscription })
  if (await renewSubscription(db, device)) return true
  const [added] = await db.batch([
    addSubscriptionStatement(db, device, 1_000),
    takeOverStatement(db, accountId, await deviceIds(keys, subscription)),
  ])
  return added.meta.changes > 0
}

async function devicesOf(db: Db): Promise<readonly string[]> {
  const all = await db.select().from(pushSubscriptions)
  return all.map(({ accountId, name }) => `${accountId} ${name}`).sort()
}

describe('A14 a device', () => {
  it('A14 is one account’s: the last that registered it', async () => {
    const db = openMemoryDb()
    await register(db, 'a', 'phone')
    await register(db, 'a', 'tablet')
    await register(db, 'b', 'phone')
    expect(await devicesOf(db)).toEqual(['a tablet', 'b phone'])
  })

  it('A14 is the same device after a rotation of keys', async () => {
    const db = openMemoryDb()
    await register(db, 'a', 'phone')
    await register(db, 'b', 'phone', [keyOf(2), keyOf(1)])
    await register(db, 'b', 'phone', [keyOf(3), keyOf(2), keyOf(1)])
    expect(await devicesOf(db)).toEqual(['b phone'])
  })

  it('A14 stays where it is while the other account has no room for it', async () => {
    const db = openMemoryDb()
    await register(db, 'a', 'phone')
    for (let nth = 0; nth < 10; nth += 1) await register(db, 'b', `device ${nth}`)
    expect(await register(db, 'b', 'phone')).toBe(false)
    expect(await devicesOf(db)).toContain('a phone')
    expect(await register(db, 'b', 'device 9')).toBe(true)
  })
})
