// What a text says of waiting withdrawals: the end of all that holds, by whatever began the alert, and nothing where nothing does.

import { expect, it } from 'vitest'
import { findAccount, saveAccountStatement } from '../../../src/account/accounts.ts'
import { fillTime } from '../../../src/alert/fill.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import { alertTextFor } from '../../../src/deliver/alert-text.ts'
import { type Claim, claimAlerts } from '../../../src/deliver/claim.ts'
import type { DeliverContext } from '../../../src/deliver/deliver-context.ts'
import { storeActivity } from '../../../src/deliver/store-activity.ts'
import { storeLogin } from '../../../src/deliver/store-login.ts'
import type { Db } from '../../../src/lib/db.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { HOUR_MS } from '../../../src/lib/time.ts'
import { accounts, holds } from '../../../src/schema.ts'
import type { ActivityKind } from '../../../src/words/activity-words.ts'
import { en } from '../../../src/words/languages/en.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'
import { aLoginToInsert } from '../login/login-to-insert.ts'
import { NOW, ROUTE } from './fixtures.ts'

const ACCOUNT = '1001'
const COOLING_OFF = 12 * HOUR_MS
const TERMS = { sendUntil: null, alertsLeast: 'off' } as const
const PHONE = { e164: '+442079460000', country: 'GB' } as const

async function grownAccount(): Promise<Db> {
  const db = openMemoryDb()
  await saveAccountStatement(
    db,
    ACCOUNT,
    { phoneSealed: 'sealed', locale: 'en' },
    NOW - 72 * HOUR_MS,
  )
  return db
}

async function login(db: Db, receivedAt = NOW): Promise<Claim> {
  const facts = { occurredAt: receivedAt, receivedAt, coolingOffMs: COOLING_OFF }
  const claim = await storeLogin(db, aLoginToInsert(facts))
  if (!claim) throw new Error('it was stored')
  return claim
}

async function activity(db: Db, kind: ActivityKind, receivedAt = NOW): Promise<Claim> {
  const alertId = `alr_${kind}_${receivedAt}`
  const {
    alertsPerWindow: _,
    alertsPerDay: __,
    coolingOffMs: ___,
    keyNames: ____,
    ...facts
  } = aLoginToInsert({ alertId, occurredAt: receivedAt, receivedAt })
  const row = { ...facts, ...TERMS, activity: kind, activityAsSent: kind, detail: null }
  const stored = await storeActivity(db, row, { coolingOffMs: COOLING_OFF, erasedScopes: [] })
  if (stored.kind !== 'new') throw new Error('it was stored')
  return stored.claim
}

async function textOf(db: Db, { login, latestEnd }: Claim, now = NOW): Promise<string> {
  const account = await findAccount(db, ACCOUNT)
  const [step] = ROUTE
  if (!account || !step) throw new Error('both are there')
  const config = {
    ...{ linkKeys: [new Uint8Array(32)], dataKeys: [new Uint8Array(32)], profile: NO_PROFILE },
    ...{ exchangeName: 'X', publicOrigin: 'https://a.example', warningSegmentsMax: 4 },
  }
  const parts = { ...storesOf(db), config, now: () => now }
  const context: DeliverContext = Object.assign(Object.create(null), parts)
  return (await alertTextFor(context, login, account, latestEnd))(step, PHONE).text
}

const waits = (until: number) => `Withdrawals wait until ${fillTime(until, en)}.`

it('of a login is until its own hold ends', async () => {
  const db = await grownAccount()
  expect(await textOf(db, await login(db))).toContain(waits(NOW + COOLING_OFF))
})

it('of a login while a lock holds is until the lock ends, where that is later', async () => {
  const db = await grownAccount()
  const lockedUntil = NOW + 23 * HOUR_MS
  await db.update(accounts).set({ holdUntil: lockedUntil })
  expect(await textOf(db, await login(db))).toContain(waits(lockedUntil))
})

it('of a login while a planned hold runs is until that ends', async () => {
  const db = await grownAccount()
  const until = NOW + 70 * HOUR_MS
  const hold = { holdId: 'hld_1', reason: 'planned', cause: 'owner', alertId: null } as const
  await db.insert(holds).values({ ...inSlot(ACCOUNT), ...hold, startedAt: NOW - 1, until })
  expect(await textOf(db, await login(db))).toContain(waits(until))
})

it('of a change that comes into a hold is until that ends, and of what strangers can cause goes unsaid', async () => {
  const db = await grownAccount()
  const first = NOW - HOUR_MS
  await activity(db, 'password_changed', first)
  const until = first + COOLING_OFF
  expect(await textOf(db, await activity(db, 'address_added'))).toContain(waits(until))
  expect(await textOf(db, await activity(db, 'withdrawal_requested'))).not.toContain('wait')
})

it('is the same where the queue brings the alert, and goes unsaid once it was ended', async () => {
  const db = await grownAccount()
  const { login: stored } = await login(db)
  const key = { accountId: ACCOUNT, alertId: stored.alertId }
  const later = NOW + HOUR_MS
  const claimed = async (token: string, now: number) => {
    const terms = { claim: token, leaseUntil: now + 1 }
    const claim = (await claimAlerts(db, [key], terms, now)).get(stored.alertId)
    if (!claim) throw new Error('it was claimed')
    return claim
  }
  expect(await textOf(db, await claimed('a', later), later)).toContain(waits(NOW + COOLING_OFF))
  await db.update(holds).set({ liftedAt: later })
  expect(await textOf(db, await claimed('b', later + 2), later + 2)).not.toContain('wait')
})
