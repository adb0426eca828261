// An account that is erased and comes back counts its logins from 1 again: what is still on its way for the alert of before
// must not say of the new one that its SMS arrived.

import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eraseAccount } from '../../../src/api/erase-account.ts'
import type { Db } from '../../../src/lib/db.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { makeAlertTag } from '../../../src/login/alert-tag.ts'
import { confirmLoginStatement } from '../../../src/login/confirm-login.ts'
import { changeLoginStatement, findLogin, notePushesStatement } from '../../../src/login/logins.ts'
import { advanceAll } from '../../../src/receipt/advance.ts'
import type { ReceiptContext } from '../../../src/receipt/receipt-context.ts'
import { createReceiptMemory } from '../../../src/receipt/receipt-memory.ts'
import { storeReceipt } from '../../../src/receipt/store-receipt.ts'
import { asUsualReceipt } from '../../../src/receipt/usual-receipt.ts'
import { insertReceiptIdStatement } from '../../../src/routing/receipt-ids.ts'
import { logins, notices, receiptIds } from '../../../src/schema.ts'
import type { ReceiptRef } from '../../../src/sms/receipt-ref.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { aLogin, anAttempt, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const LATER = NOW + 60_000
const RECEIPT = {
  providerMessageId: 'm_1',
  event: { state: 'delivered' },
  at: NOW + 61_000,
} as const
const FORMER = aLogin({ seq: 1, alertId: 'alr_former1' })
const attempts = [anAttempt({ providerMessageId: 'm_1' })]
const ANEW = aLogin({
  ...{ seq: 1, alertId: 'alr_anew0001', state: 'accepted', leaseUntil: null, attempts },
  ...{ occurredAt: LATER, receivedAt: LATER },
})
const KEY = { accountId: FORMER.accountId, seq: 1, attempt: 1, provider: 'twilio' }

async function cameBack(login = ANEW): Promise<Db> {
  const db = openMemoryDb()
  await db.insert(logins).values(FORMER)
  await eraseAccount(
    { ...storesOf(db), now: () => LATER, config: { dataKeys: [new Uint8Array(32)] } },
    FORMER.accountId,
  )
  await db.insert(logins).values(login)
  return db
}

function contextOf(db: Db): ReceiptContext {
  const context: Partial<ReceiptContext> = {
    ...storesOf(db),
    now: () => LATER + 2_000,
    after: (_delayMs, run) => {
      queueMicrotask(run)
      return () => {}
    },
    receipts: createReceiptMemory(),
    watch: createWatchMemory(),
  }
  return Object.assign(Object.create(null), context)
}

/** By the short way. */
async function isTaken(db: Db, ref: ReceiptRef): Promise<boolean> {
  const usual = asUsualReceipt('twilio', ref, RECEIPT, LATER)
  if (!usual) return false
  const [advanced] = await advanceAll({ ...storesOf(db), now: () => LATER }, [usual])
  return advanced !== null && advanced !== undefined
}

const ofFormer: readonly (readonly [string, ReceiptRef])[] = [
  ['that names its alert', { ...KEY, alertTag: makeAlertTag(FORMER.alertId) }],
  ['of a former deployment, that tells when it was called', { ...KEY, startedAt: NOW }],
]

describe('a receipt for an account that was erased and came back', () => {
  it.each(ofFormer)('%s, says nothing of the new alert', async (_which, ref) => {
    for (const state of ['accepted', 'sending', 'queued', 'undelivered'] as const) {
      const login = { ...ANEW, state }
      const db = await cameBack(login)
      expect(await isTaken(db, ref)).toBe(false)
      await storeReceipt(contextOf(db), 'twilio', ref, RECEIPT)
      expect(await findLogin(db, login)).toEqual(login)
    }
  })

  it.each([
    ['its alert', { ...KEY, alertTag: makeAlertTag(ANEW.alertId) }],
    ['when it was called, in whole seconds', { ...KEY, startedAt: LATER }],
    ['neither', KEY],
  ] as const)('counts for the new alert where it is of that, and names %s', async (_what, ref) => {
    const received = { ...ANEW, occurredAt: LATER + 900, receivedAt: LATER + 900 }
    const short = await cameBack(received)
    const isUsual = 'alertTag' in ref
    expect(await isTaken(short, ref)).toBe(isUsual)
    const careful = await cameBack(received)
    await storeReceipt(contextOf(careful), 'twilio', ref, RECEIPT)
    for (const db of isUsual ? [short, careful] : [careful]) {
      expect(await findLogin(db, ANEW)).toMatchObject({ state: 'delivered', isOpen: false })
    }
    const slow = await cameBack({ ...ANEW, state: 'sending' })
    await storeReceipt(contextOf(slow), 'twilio', ref, RECEIPT)
    expect(await findLogin(slow, ANEW)).toMatchObject({ state: 'delivered', isOpen: false })
  })
})

describe('what leads from a provider’s ids to an account', () => {
  it('goes with the account, of alerts and notices, and of no other account', async () => {
    const db = openMemoryDb()
    const zenvia = (providerMessageId: string) =>
      anAttempt({ provider: 'http:zenvia', providerMessageId })
    // More than one statement takes, in one login: rounds merge.
    const many = Array.from({ length: 100 }, (_, nth) => ({
      ...zenvia(`m_${nth}`),
      number: nth + 1,
    }))
    await db.insert(logins).values({ ...FORMER, receivedAt: NOW, attempts: many })
    await db.insert(notices).values({
      ...inSlot(FORMER.accountId),
      noticeId: 'ntc_1',
      kind: 'drill',
      state: 'accepted',
      createdAt: NOW,
      attempts: [zenvia('n_1')],
    })
    for (const providerMessageId of [
      ...many.map((one) => one.providerMessageId ?? ''),
      'n_1',
      'x',
    ]) {
      const note = { provider: 'http:zenvia', providerMessageId, ref: 'sealed', notedAt: NOW }
      await insertReceiptIdStatement(db, { kind: 'receipt_id', ...note })
    }
    await eraseAccount(
      { ...storesOf(db), now: () => LATER, config: { dataKeys: [new Uint8Array(32)] } },
      FORMER.accountId,
    )
    const left = await db.select({ id: receiptIds.providerMessage }).from(receiptIds)
    expect(left).toEqual([{ id: 'http:zenvia x' }])
  })
})

describe('what was read of a login before its account was erased and came back', () => {
  it.each([
    [
      'a round that ends',
      (db: Db) => changeLoginStatement(db, FORMER, { state: 'delivered' }).run(),
    ],
    [
      'push notes',
      (db: Db) => notePushesStatement(db, FORMER, [{ at: NOW, result: 'accepted', durationMs: 9 }]),
    ],
    ['it was me', (db: Db) => confirmLoginStatement(db, FORMER, sql`true`, LATER)],
  ])('does not change the new one: %s', async (_what, change) => {
    const db = await cameBack()
    expect((await change(db)).meta.changes).toBe(0)
    expect(await findLogin(db, ANEW)).toEqual(ANEW)
  })
})
