// Receipts that come together are stored in one call of D1, and each by itself where that call or its maker is lost.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeAlertTag } from '../../../src/login/alert-tag.ts'
import { type AdvanceContext, advanceAttempt as advance } from '../../../src/receipt/advance.ts'
import { createReceiptMemory } from '../../../src/receipt/receipt-memory.ts'
import { asUsualReceipt, type UsualReceipt } from '../../../src/receipt/usual-receipt.ts'
import { logins } from '../../../src/schema.ts'
import { after } from '../../support/ports.ts'
import { aLogin, anAttempt, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

async function stage(count: number) {
  const db = openMemoryDb()
  const usual: UsualReceipt[] = []
  for (let seq = 1; seq <= count; seq += 1) {
    const login = aLogin({ seq, alertId: `alr_${seq}`, state: 'accepted', attempts: [anAttempt()] })
    await db.insert(logins).values(login)
    const ref = {
      accountId: login.accountId,
      seq,
      attempt: 1,
      alertTag: makeAlertTag(`alr_${seq}`),
    }
    const receipt = { providerMessageId: 'm_1', event: { state: 'delivered' } } as const
    const one = asUsualReceipt('twilio', ref, receipt, NOW)
    if (one) usual.push(one)
  }
  const context: AdvanceContext = {
    ...storesOf(db),
    now: () => NOW,
    after,
    receipts: createReceiptMemory(),
  }
  const batch = vi.spyOn(db.$client, 'batch')
  const states = async () => (await db.select().from(logins)).map(({ state }) => state)
  return { context, usual, batch, states }
}

/** Whether it was stored. */
const advanceAttempt = async (...given: Parameters<typeof advance>) =>
  (await advance(...given)) !== null

async function settled<T>(work: Promise<T>[]): Promise<readonly T[]> {
  const all = Promise.all(work)
  all.catch(() => {})
  await vi.advanceTimersByTimeAsync(5_000)
  return all
}

describe('usual receipts of one moment', () => {
  it('take one call of D1, and each learns of its own', async () => {
    const { context, usual, batch, states } = await stage(5)
    const twice = [...usual, ...usual.slice(0, 1)]
    const advanced = await settled(twice.map((one) => advanceAttempt(context, one)))
    expect(advanced).toEqual([true, true, true, true, true, false])
    expect(batch).toHaveBeenCalledTimes(1)
    expect(await states()).toEqual(Array(5).fill('delivered'))
    expect(context.receipts.waiting).toEqual([])
  })

  it('are more than one call takes: then there are more calls', async () => {
    const { context, usual, batch, states } = await stage(90)
    expect(await settled(usual.map((one) => advanceAttempt(context, one)))).toEqual(
      Array(90).fill(true),
    )
    expect(batch).toHaveBeenCalledTimes(3)
    expect(await states()).toEqual(Array(90).fill('delivered'))
  })

  it('go each by itself when their common call fails', async () => {
    const { context, usual, batch, states } = await stage(3)
    batch.mockRejectedValueOnce(new Error('D1_ERROR: one of them'))
    expect(await settled(usual.map((one) => advanceAttempt(context, one)))).toEqual(
      Array(3).fill(true),
    )
    expect(await states()).toEqual(Array(3).fill('delivered'))
  })

  it('are refused when D1 refuses all: the provider posts them again', async () => {
    const { context, usual, batch } = await stage(2)
    batch.mockRejectedValue(new Error('D1_ERROR: away'))
    const outcomes = usual.map((one) => advanceAttempt(context, one).catch(() => 'refused'))
    expect(await settled(outcomes)).toEqual(['refused', 'refused'])
  })

  it('do not wait for ever for a request that has died', async () => {
    const { context, usual, batch, states } = await stage(2)
    const [first, second] = usual
    if (!first || !second) throw new Error('two were made')
    // It took both, and D1 never answered it.
    batch.mockImplementationOnce(() => new Promise(() => {}))
    void advanceAttempt(context, first)
    expect(await settled([advanceAttempt(context, second)])).toEqual([true])
    expect(await states()).toEqual(['accepted', 'delivered'])
  })
})
