// The confirmation of a lock reaches the number that was told "not confirmed yet", once, and nobody else.

import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { saveAccountStatement } from '../../../src/account/accounts.ts'
import { tellConfirmedLock } from '../../../src/deliver/tell-confirmed.ts'
import { insertCallbackStatement } from '../../../src/exchange/outbox.ts'
import type { AlertJob } from '../../../src/jobs.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import type { ActionAnswers } from '../../../src/lock/lock-actions.ts'
import { askedSubject } from '../../../src/notice/notice.ts'
import type { NoticeContext } from '../../../src/notice/notice-context.ts'
import { insertNotice } from '../../../src/notice/notices.ts'
import { accounts, callbacks, locks, notices } from '../../../src/schema.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const ID = '1001'
const CALLBACK = 'cbk_1'
const UNTIL = NOW + 86_400_000
const FORMER = { sealed: 'former', tag: 'tag', since: 0, until: UNTIL, stood: 1 } as const

type World = {
  readonly via: 'reply' | 'code'
  /** Of the answer that was given, if one was. */
  readonly subject: string | null
  readonly isConfirmed: boolean
  readonly holdUntil: number | null
}

const ASKED: World = {
  via: 'reply',
  subject: askedSubject(CALLBACK),
  isConfirmed: true,
  holdUntil: UNTIL,
}

async function world({ via, subject, isConfirmed, holdUntil }: World) {
  const db = openMemoryDb()
  await saveAccountStatement(db, ID, {}, NOW)
  await db.update(accounts).set({ holdUntil, formerPhones: [FORMER] })
  const callback = { accountId: ID, callbackId: CALLBACK, type: 'account.locked' } as const
  await insertCallbackStatement(db, { ...callback, data: { via } }, NOW)
  if (isConfirmed) await db.update(callbacks).set({ state: 'confirmed', confirmedAt: NOW })
  if (subject !== null) {
    const answer = { accountId: ID, noticeId: 'ntc_1', kind: 'locked', untilAt: UNTIL } as const
    await insertNotice(db, { ...answer, subject, phoneSealed: 'asker', provider: 'sinch' }, NOW)
  }
  const nudges: AlertJob[] = []
  const alerts = Object.assign(Object.create(null), {
    send: async (job: AlertJob) => {
      nudges.push(job)
    },
  })
  const context: NoticeContext = { ...storesOf(db), alerts, now: () => NOW }
  const told = () => db.select().from(notices).where(eq(notices.subject, CALLBACK))
  return { db, told, nudges, tell: () => tellConfirmedLock(context, ID, CALLBACK) }
}

describe('B4 a lock that was answered with "not confirmed yet"', () => {
  it('is told to the number that asked once the exchange has confirmed, however often it is looked at', async () => {
    const { told, nudges, tell } = await world(ASKED)
    await Promise.all([tell(), tell()])
    await tell()
    expect(await told()).toMatchObject([
      { kind: 'locked', phoneSealed: 'asker', provider: 'sinch', untilAt: UNTIL },
    ])
    expect(new Set(nudges.map((job) => ('noticeId' in job ? job.noticeId : null))).size).toBe(1)
  })

  it.each([
    ['the exchange has not confirmed', { isConfirmed: false }],
    ['it was lifted since', { holdUntil: null }],
    ['its hold is over', { holdUntil: NOW }],
    ['nobody was answered yet', { subject: null }],
  ])('is not told where %s', async (_why, change) => {
    const { told, tell } = await world({ ...ASKED, ...change })
    await tell()
    expect(await told()).toEqual([])
  })

  it('is not told twice where the answer itself said that it is confirmed', async () => {
    const { told, nudges, tell } = await world({ ...ASKED, subject: CALLBACK })
    await tell()
    expect(await told()).toHaveLength(1)
    expect(nudges).toEqual([])
  })

  const ACTIONS = ['sessions.revoke', 'withdrawals.hold', 'orders.cancel'] as const
  const partWorld = async (answers: ActionAnswers) => {
    const made = await world({ ...ASKED, isConfirmed: false })
    const body = { type: 'account.locked', data: { lock_id: 'lck_1', actions: ACTIONS } }
    await made.db
      .update(callbacks)
      .set({ state: 'confirmed', confirmedAt: NOW, body: JSON.stringify(body) })
    const lock = { lockId: 'lck_1', via: 'reply', lockedAt: NOW, holdUntil: UNTIL } as const
    await made.db.insert(locks).values({ ...inSlot(ID), ...lock, actions: ACTIONS, answers })
    return made
  }

  it('is not told while an action is merely not confirmed', async () => {
    const { told, tell } = await partWorld({ done: { 'sessions.revoke': NOW }, failed: {} })
    await tell()
    expect(await told()).toEqual([])
  })

  it('is told once that something failed, and once that all is done', async () => {
    const done = { 'sessions.revoke': NOW, 'withdrawals.hold': NOW }
    const failed = { 'orders.cancel': NOW }
    const { db, told, tell } = await partWorld({ done, failed })
    await tell()
    await tell()
    expect(await told()).toHaveLength(1)
    await db.update(locks).set({ answers: { done: { ...done, ...failed }, failed } })
    await tell()
    await tell()
    expect(await told()).toHaveLength(2)
  })

  it('is told to the account’s numbers where a code was typed', async () => {
    const { told, tell } = await world({ ...ASKED, via: 'code', subject: null })
    await tell()
    await tell()
    expect((await told()).map(({ phoneSealed }) => phoneSealed).sort()).toEqual(['former', null])
  })
})
