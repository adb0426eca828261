// Outcomes left with an isolate: written together by whoever finds nobody at it, waited for by nobody, and in the queue
// when D1 takes none.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Context } from '../../../src/context.ts'
import { createDeliveryMemory } from '../../../src/deliver/delivery-memory.ts'
import { type OutcomeToWrite, openOutcome } from '../../../src/deliver/outcome.ts'
import { leaveOutcome } from '../../../src/deliver/outcome-writer.ts'
import type { AlertJob } from '../../../src/jobs.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { logins } from '../../../src/schema.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { after, randomBytes } from '../../support/ports.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'
import { aLogin, anAttempt, NOW } from './fixtures.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const dataKeys: SealKeys = [randomBytes(32)]

async function stage(count: number) {
  const db = openMemoryDb()
  const batch = vi.spyOn(db.$client, 'batch')
  const queued: AlertJob[] = []
  const alerts = Object.assign(Object.create(null), {
    send: async (job: AlertJob) => void queued.push(job),
  })
  const clock = { now: NOW }
  const parts: Partial<Context> = {
    watch: createWatchMemory(),
    ...storesOf(db),
    now: () => clock.now,
    after,
    randomBytes,
    alerts,
    delivery: createDeliveryMemory(),
  }
  const context: Context = Object.assign(Object.create(null), { ...parts, config: { dataKeys } })
  const left: OutcomeToWrite[] = []
  for (let seq = 1; seq <= count; seq += 1) {
    const login = aLogin({ seq, alertId: `alr_${seq}`, claim: `claim_${seq}` })
    await db.insert(logins).values(login)
    const { accountId, alertId, claim } = login
    const outcome = {
      ...{ accountId, seq, alertId, claim, copiesToSealed: [] },
      conclusion: 'accepted',
      attempts: [anAttempt({ country: 'TH', providerMessageId: `m_${seq}` })],
      awaitsReceipt: true,
    } as const
    left.push({ outcome, login, notes: [] })
  }
  const states = async () => (await db.select().from(logins)).map(({ state }) => state)
  return { context, batch, queued, left, clock, states }
}

describe('outcomes left with an isolate', () => {
  it('are written in one batch by the first, and the others go', async () => {
    const { context, batch, left, states } = await stage(3)
    const [writer, ...others] = left.map((one) => leaveOutcome(context, one))
    await Promise.all(others)
    expect(batch).not.toHaveBeenCalled()
    await writer
    expect(batch).toHaveBeenCalledTimes(1)
    expect(await states()).toEqual(['accepted', 'accepted', 'accepted'])
    expect(context.delivery).toMatchObject({ outcomes: [], attendedUntil: 0 })
  })

  it('that come while a batch is under way are written by the next one', async () => {
    const { context, batch, left, states } = await stage(2)
    const [first, second] = left
    if (!first || !second) throw new Error('two were made')
    const write = batch.getMockImplementation() ?? context.db.$client.batch
    batch.mockImplementationOnce(async (statements) => {
      await leaveOutcome(context, second)
      return Reflect.apply(write, context.db.$client, [statements])
    })
    await leaveOutcome(context, first)
    expect(await states()).toEqual(['accepted', 'accepted'])
  })

  it('are taken up by the next when whoever attended died', async () => {
    const { context, left, clock, states } = await stage(2)
    const [first, second] = left
    if (!first || !second) throw new Error('two were made')
    context.delivery.outcomes.push(first)
    context.delivery.attendedUntil = NOW + 8_000
    clock.now = NOW + 8_000
    await leaveOutcome(context, second)
    expect(await states()).toEqual(['accepted', 'accepted'])
  })

  it('are taken up although the clock was set back since somebody attended', async () => {
    const { context, left, clock, states } = await stage(1)
    context.delivery.attendedUntil = NOW + 8_000
    clock.now = NOW - 3_600_000
    for (const one of left) await leaveOutcome(context, one)
    expect(await states()).toEqual(['accepted'])
  })

  it('go into the queue sealed, when D1 refuses three times', async () => {
    const { context, batch, queued, left } = await stage(1)
    batch.mockRejectedValue(new Error('D1_ERROR'))
    for (const one of left) await leaveOutcome(context, one)
    expect(batch).toHaveBeenCalledTimes(3)
    const [job] = queued
    expect(job).toMatchObject({ kind: 'outcome', accountId: '1001', alertId: 'alr_1' })
    if (job?.kind !== 'outcome') throw new Error('no outcome was queued')
    expect(job.sealed).not.toContain('m_1')
    expect(await openOutcome(dataKeys, 'alr_1', job.sealed)).toEqual(left[0]?.outcome)
    expect(await openOutcome(dataKeys, 'alr_2', job.sealed)).toBe(null)
  })
})
