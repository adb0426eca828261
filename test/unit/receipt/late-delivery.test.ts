// An alert that was given up and arrives after all: the exchange that has not heard of the first is not told of it any more.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { undeliveredCallback } from '../../../src/deliver/give-up.ts'
import { insertCallbackStatement } from '../../../src/exchange/outbox.ts'
import { callbacks as outbox } from '../../../src/exchange/tables.ts'
import { findLogin } from '../../../src/login/logins.ts'
import { logins } from '../../../src/login/tables.ts'
import type { ReceiptContext } from '../../../src/receipt/receipt-context.ts'
import { storeReceipt } from '../../../src/receipt/store-receipt.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { aLogin, anAttempt, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const attempts = [anAttempt({ state: 'unknown', class: 'ambiguous', code: 'timeout' })]
const LOGIN = aLogin({ state: 'undelivered', isOpen: false, leaseUntil: null, attempts })
const REF = {
  accountId: LOGIN.accountId,
  seq: LOGIN.seq,
  attempt: 1,
  provider: 'twilio',
  startedAt: NOW,
}
const RECEIPT = {
  providerMessageId: 'm_1',
  event: { state: 'delivered' },
  at: NOW + 1_000,
} as const

async function deliveredAfter(state: 'open' | 'confirmed') {
  const db = openMemoryDb()
  await db.insert(logins).values(LOGIN)
  const told = await undeliveredCallback({ login: LOGIN, reason: 'ambiguous' }, NOW)
  await insertCallbackStatement(db, told, NOW)
  await db.update(outbox).set({ state })
  const context: Partial<ReceiptContext> = {
    ...storesOf(db),
    now: () => NOW + 2_000,
    watch: createWatchMemory(),
  }
  await storeReceipt(Object.assign(Object.create(null), context), 'twilio', REF, RECEIPT)
  expect(await findLogin(db, LOGIN)).toMatchObject({ state: 'delivered' })
  return db.select().from(outbox)
}

it('withdraws what the exchange has not confirmed', async () => {
  expect(await deliveredAfter('open')).toEqual([])
})

it('leaves what it has', async () => {
  expect(await deliveredAfter('confirmed')).toMatchObject([{ state: 'confirmed' }])
})
