// Storing what a round came to: what the provider said of the number is what the account shows, and whatever came
// between is not lost.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { healPhoneStatement, optOutStatement } from '../../../src/account/account-phone.ts'
import type { Context } from '../../../src/context.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import type { FinishedRound, Outcome } from '../../../src/deliver/outcome.ts'
import { writeOutcomes } from '../../../src/deliver/write-outcomes.ts'
import type { Db } from '../../../src/lib/db.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { DAY_MS } from '../../../src/lib/time.ts'
import type { Login } from '../../../src/login/login.ts'
import { accounts, callbacks, logins, notices } from '../../../src/schema.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { after } from '../../support/ports.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'
import { aLogin, anAttempt, NOW } from './fixtures.ts'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const sent: unknown[] = []

/** Only what storing uses of it. */
function contextOf(db: Db): Context {
  const queue = Object.assign(Object.create(null), {
    send: async (body: unknown, options?: unknown) => void sent.push([body, options]),
  })
  const context: Partial<Context> = {
    ...storesOf(db),
    now: () => NOW,
    after,
    callbacks: queue,
    alerts: queue,
    watch: createWatchMemory(),
  }
  return Object.assign(Object.create(null), { ...context, config: { profile: NO_PROFILE } })
}

async function stage() {
  const db = openMemoryDb()
  await db.insert(accounts).values({ ...inSlot('1001'), createdAt: 0, updatedAt: 0 })
  const login = aLogin()
  await db.insert(logins).values(login)
  return { db, login }
}

function outcomeOf(login: Login, round: FinishedRound): Outcome {
  const { accountId, seq, alertId, claim } = login
  return { ...round, accountId, seq, alertId, claim, copiesToSealed: [] }
}

async function record(db: Db, login: Login, round: FinishedRound) {
  const entry = { outcome: outcomeOf(login, round), login, notes: [] }
  expect(await writeOutcomes(contextOf(db), [entry])).toEqual([])
}

/** Refused as no number by Twilio, and by Vonage where there is a second code. */
function deniedBy(codes: readonly string[], isReceipt = false): FinishedRound {
  const attempts = codes.map((code, index) =>
    anAttempt({
      number: index + 1,
      provider: index === 0 ? 'twilio' : 'vonage',
      state: 'failed',
      class: 'recipient_permanent',
      code,
      ...(isReceipt ? { failedAt: NOW } : {}),
    }),
  )
  return { conclusion: 'stopped', attempts, awaitsReceipt: true }
}

describe('writeOutcomes', () => {
  it('A4 marks a number that two providers deny, for a day, with the code it was refused with', async () => {
    const { db, login } = await stage()
    await record(db, login, deniedBy(['21211', '1170']))
    const [account] = await db.select().from(accounts)
    expect(account).toMatchObject({
      phoneState: 'invalid',
      phoneStateCode: '1170',
      phoneStateUntil: NOW + DAY_MS,
    })
    const [callback] = await db.select().from(callbacks)
    expect(JSON.parse(callback?.body ?? '')).toMatchObject({
      type: 'alert.undelivered',
      data: { alert_id: 'alr_1', alert_number: 42, reason: 'recipient_permanent' },
    })
  })

  it('leaves a number alone that was imported after the call', async () => {
    const { db, login } = await stage()
    await db.update(accounts).set({ updatedAt: NOW + 1 })
    await record(db, login, deniedBy(['21211', '1170']))
    const [account] = await db.select().from(accounts)
    expect(account).toMatchObject({ phoneState: 'ok', phoneStateCode: null })
  })

  it.each([
    ['one provider that refuses its form', ['21211'], false, 'ok'],
    ['one that looked it up', ['21614'], false, 'invalid'],
    ['one that looked it up, as a receipt says', ['21614'], true, 'ok'],
  ] as const)('A4 takes %s for what it is worth', async (_what, codes, isReceipt, phoneState) => {
    const { db, login } = await stage()
    await record(db, login, deniedBy(codes, isReceipt))
    const [account] = await db.select().from(accounts)
    expect(account).toMatchObject({ phoneState })
  })

  it('A4 marks an opt-out that a provider answered with, for a day; a STOP of the owner’s stays', async () => {
    const { db, login } = await stage()
    const optedOut = anAttempt({ state: 'failed', class: 'opted_out', code: '21610' })
    const round = { conclusion: 'stopped', attempts: [optedOut], awaitsReceipt: false } as const
    await record(db, login, round)
    const [account] = await db.select().from(accounts)
    expect(account).toMatchObject({
      phoneState: 'opted_out',
      phoneStateCode: '21610',
      phoneStateUntil: NOW + DAY_MS,
    })
    await db.update(accounts).set({ phoneTag: 'tag' })
    await optOutStatement(db, ['tag'], true, NOW)
    await db.update(logins).set({ state: 'sending', version: 1 })
    await record(db, login, deniedBy(['21211', '1170']))
    await healPhoneStatement(db, { accountId: '1001', startedAt: NOW }, NOW).run()
    const [stopped] = await db.select().from(accounts)
    expect(stopped).toMatchObject({ phoneState: 'opted_out', phoneStateUntil: null })
  })

  it('A4 stops at an opt-out that a receipt reported while others were tried, and mutes nothing by it', async () => {
    const { db, login } = await stage()
    const optedOut = { state: 'failed', class: 'opted_out', code: '21610', failedAt: NOW } as const
    await db.update(logins).set({ attempts: [anAttempt(optedOut)], version: login.version + 1 })
    await record(db, login, {
      conclusion: 'exhausted',
      attempts: [
        anAttempt({ number: 1, state: 'unknown', class: 'ambiguous', code: 'timeout' }),
        anAttempt({ number: 2, provider: 'infobip', state: 'failed', class: 'expired', code: '9' }),
      ],
      awaitsReceipt: true,
    })
    const [stored] = await db.select().from(logins)
    expect(stored).toMatchObject({ state: 'undelivered', isOpen: false })
    const [account] = await db.select().from(accounts)
    expect(account).toMatchObject({ phoneState: 'ok', phoneStateCode: null })
    const [callback] = await db.select().from(callbacks)
    expect(JSON.parse(callback?.body ?? '')).toMatchObject({ data: { reason: 'opted_out' } })
  })

  it('decides again over a receipt that was written meanwhile', async () => {
    const { db, login } = await stage()
    const delivered = anAttempt({ state: 'delivered', deliveredAt: NOW + 50 })
    await db.update(logins).set({ attempts: [delivered], version: login.version + 1 })
    await record(db, login, {
      conclusion: 'accepted',
      attempts: [anAttempt({ state: 'accepted', providerMessageId: 'm_1' })],
      awaitsReceipt: true,
    })
    const [stored] = await db.select().from(logins)
    expect(stored).toMatchObject({ state: 'delivered', isOpen: false, leaseUntil: null })
    expect(stored?.attempts).toEqual([{ ...delivered, providerMessageId: 'm_1' }])
  })

  it('leaves an alert to who has taken it over, with what we know', async () => {
    const { db, login } = await stage()
    const taken = { claim: 'claim_2', leaseUntil: NOW + 20_000, version: login.version + 1 }
    await db.update(logins).set(taken)
    const failed = anAttempt({ state: 'failed', class: 'provider_transient', code: '503' })
    const round = { conclusion: 'exhausted', attempts: [failed], awaitsReceipt: false } as const
    sent.length = 0
    await record(db, login, round)
    const [stored] = await db.select().from(logins)
    expect(stored).toMatchObject({ ...taken, version: 3, state: 'sending', attempts: [failed] })
    expect(sent).toEqual([])
  })

  it('stores the same outcome once, should the answer of its batch be lost', async () => {
    const { db, login } = await stage()
    const round = { conclusion: 'exhausted', attempts: [], awaitsReceipt: false } as const
    sent.length = 0
    await record(db, login, round)
    const [first] = await db.select().from(logins)
    await record(db, login, round)
    expect(await db.select().from(logins)).toEqual([first])
    expect(first).toMatchObject({ state: 'queued', leaseUntil: NOW + 1_000 })
    const job = { kind: 'deliver', accountId: '1001', alertId: 'alr_1' }
    expect(sent).toEqual([[job, { delaySeconds: 1 }]])
  })

  it('stores the copy for a former number that could not be posted, once', async () => {
    const { db, login } = await stage()
    const round = { conclusion: 'exhausted', attempts: [], awaitsReceipt: false } as const
    const outcome = { ...outcomeOf(login, round), copiesToSealed: ['sealed'] }
    for (const known of [login, null]) {
      await writeOutcomes(contextOf(db), [{ outcome, login: known, notes: [] }])
    }
    const stored = await db.select().from(notices)
    expect(stored).toMatchObject([{ kind: 'alert_copy', phoneSealed: 'sealed', subject: '7' }])
  })

  it('says what D1 refused, after three tries', async () => {
    const { db, login } = await stage()
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const batch = vi.spyOn(db.$client, 'batch').mockRejectedValue(new Error('D1_ERROR'))
    const round = { conclusion: 'exhausted', attempts: [], awaitsReceipt: false } as const
    const entry = { outcome: outcomeOf(login, round), login, notes: [] }
    expect(await writeOutcomes(contextOf(db), [entry])).toEqual([entry])
    expect(batch).toHaveBeenCalledTimes(3)
  })

  it('has nothing to say of a login that was erased meanwhile', async () => {
    const { db, login } = await stage()
    await db.delete(logins)
    await record(db, login, { conclusion: 'exhausted', attempts: [], awaitsReceipt: false })
    expect(await db.select().from(logins)).toEqual([])
  })
})
