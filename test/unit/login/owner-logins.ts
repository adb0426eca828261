// Logins of one account with a number, stored one after another by the statement itself.

import { eq } from 'drizzle-orm'
import { ensureAccountStatement } from '../../../src/account/accounts.ts'
import { accounts } from '../../../src/account/tables.ts'
import { storeLogin } from '../../../src/deliver/store-login.ts'
import type { Db } from '../../../src/lib/db.ts'
import { SECOND_MS } from '../../../src/lib/time.ts'
import type { LoginToInsert } from '../../../src/login/insert-login.ts'
import type { Login } from '../../../src/login/login.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

export const NOON = Date.UTC(2026, 10, 23, 12)
export const ACCOUNT = '1001'

export async function ownersDb(): Promise<Db> {
  const db = openMemoryDb()
  await ensureAccountStatement(db, ACCOUNT, NOON)
  await db.update(accounts).set({ phoneSealed: 'sealed' }).where(eq(accounts.accountId, ACCOUNT))
  return db
}

let stored = 0

/** Of a device never seen, unless `change` says which. */
export async function storeOne(
  db: Db,
  at: number,
  change: Partial<LoginToInsert> = {},
): Promise<Login> {
  stored += 1
  const claim = await storeLogin(db, {
    alertId: `alr_${stored}`,
    accountId: ACCOUNT,
    sessionId: `s_${stored}`,
    occurredAt: at,
    receivedAt: at,
    country: 'DE',
    city: null,
    hosting: null,
    reserved: null,
    ipTail: '13.77',
    browser: 'Chrome',
    os: 'Windows',
    deviceName: null,
    locale: null,
    sessionExpiresAt: null,
    trace: null,
    deviceMark: `device_${stored}`,
    networkMark: 'network',
    olderDeviceMarks: [],
    olderNetworkMarks: [],
    formerNetworkMarks: [],
    claim: `claim_${stored}`,
    sendUntil: at + 30 * SECOND_MS,
    alertsPerWindow: 1_000,
    alertsPerDay: 20,
    alertsLeast: 'off',
    coolingOffMs: 0,
    keyNames: [],
    erasedScopes: [],
    ...change,
  })
  if (!claim) throw new Error('the login was stored before')
  return claim.login
}

export const statesOf = (all: readonly Login[]) =>
  Object.fromEntries(
    [...Map.groupBy(all, ({ state }) => state)].map(([state, some]) => [state, some.length]),
  )
