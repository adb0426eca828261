// What an erasure leaves behind, without a word of whose it was: an entry link from before is worth nothing, whatever became of
// the keys since; and an account of the same id has no first day in which nothing holds.

import { describe, expect, it } from 'vitest'
import { saveAccountStatement } from '../../../src/account/accounts.ts'
import { eraseAccount } from '../../../src/api/erase-account.ts'
import { storeActivity } from '../../../src/deliver/store-activity.ts'
import { storeLogin } from '../../../src/deliver/store-login.ts'
import { erasedScopes } from '../../../src/guard/erased-scope.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import type { ActivityToInsert } from '../../../src/login/insert-activity.ts'
import { startVisit } from '../../../src/portal/visit/visits.ts'
import { holds } from '../../../src/schema.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'
import { aLoginToInsert } from '../login/login-to-insert.ts'

const OLD = new Uint8Array(32).fill(1)
const NEW = new Uint8Array(32).fill(2)

describe('an entry link from before an erasure', () => {
  it.each<readonly [string, SealKeys, boolean]>([
    ['as it was', [OLD], false],
    ['behind a new one', [NEW, OLD], false],
    ['gone', [NEW], true],
  ])('with its key %s', async (_, keys, isStarted) => {
    const db = openMemoryDb()
    await eraseAccount({ ...storesOf(db), now: () => NOW, config: { dataKeys: [OLD] } }, '1001')
    const entry = { accountId: '1001', visitId: 'vis_1', hasOtp: false }
    const link = { ...entry, mintedAt: NOW - MINUTE_MS, expiresAt: NOW + MINUTE_MS }
    const tags = { secretTag: 'tag', erasedScopes: await erasedScopes(keys, '1001') }
    expect(await startVisit(db, link, tags, NOW + 1)).toBe(isStarted)
  })
})

describe('an account that is imported', () => {
  const HOURS_MS = 12 * HOUR_MS
  const ACTIVITY: ActivityToInsert = {
    ...{ alertId: 'alr_2', accountId: '1001', activity: 'address_added', activityAsSent: null },
    ...{ sessionId: '', detail: null, occurredAt: NOW, receivedAt: NOW, country: null },
    ...{ hosting: null, reserved: null, ipTail: '', browser: null, os: null, trace: null },
    ...{ claim: 'claim_2', sendUntil: null, alertsLeast: 'off' },
  }

  /** What a login and a change from inside hold, each in the account's first hour. */
  async function heldInFirstHour(isErasedBefore: boolean) {
    const db = openMemoryDb()
    const keys: SealKeys = [OLD]
    const context = { ...storesOf(db), now: () => NOW, config: { dataKeys: keys } }
    if (isErasedBefore) await eraseAccount(context, '1001')
    await saveAccountStatement(db, '1001', {}, NOW)
    const at = NOW + MINUTE_MS
    const scopes = await erasedScopes(keys, '1001')
    const terms = { coolingOffMs: HOURS_MS, erasedScopes: scopes }
    await storeLogin(db, aLoginToInsert({ occurredAt: at, receivedAt: at, ...terms }))
    await storeActivity(db, { ...ACTIVITY, occurredAt: at, receivedAt: at }, terms)
    return (await db.select().from(holds)).map(({ reason }) => reason).sort()
  }

  it('for the first time holds nothing by itself for a day', async () => {
    expect(await heldInFirstHour(false)).toEqual([])
  })

  it('anew after it was erased is held from the first minute', async () => {
    expect(await heldInFirstHour(true)).toEqual(['activity', 'cooling_off'])
  })
})
