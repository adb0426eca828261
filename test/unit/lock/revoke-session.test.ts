// Whoever logs in often hides no session: each is listed, counted and named in alerts, and all of them end at once, however
// many logins came after them.

import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storeLogin } from '../../../src/deliver/store-login.ts'
import type { CallbackJob } from '../../../src/jobs.ts'
import type { Db } from '../../../src/lib/db.ts'
import { revokeAllSessions, revokeSession } from '../../../src/lock/revoke-session.ts'
import { findLogin } from '../../../src/login/logins.ts'
import {
  countLiveSessions,
  endSession,
  findRevokedSessions,
  findSessionRows,
  listLiveSessions,
} from '../../../src/login/sessions.ts'
import { callbacks, logins } from '../../../src/schema.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'
import { aLoginToInsert } from '../login/login-to-insert.ts'

const ACCOUNT = '1001'

async function logIn(db: Db, sessionId: string, seq: number) {
  const at = NOW - 1_000_000 + seq * 1_000
  const instants = { occurredAt: at, receivedAt: at }
  await storeLogin(db, aLoginToInsert({ alertId: `alr_${seq}`, sessionId, ...instants }))
}

function contextOf(db: Db, told: CallbackJob[] = []) {
  const sendBatch = async (messages: readonly MessageSendRequest<CallbackJob>[]) => {
    told.push(...messages.map(({ body }) => body))
  }
  return {
    ...storesOf(db),
    now: () => NOW,
    callbacks: Object.assign(Object.create(null), { sendBatch }),
  }
}

async function dbWith(sessionIds: readonly string[]): Promise<Db> {
  const db = openMemoryDb()
  for (const [index, sessionId] of sessionIds.entries()) await logIn(db, sessionId, index + 1)
  return db
}

const others = Array.from({ length: 30 }, (_, index) => `s_${index}`)

const countAll = async (db: Db) =>
  countLiveSessions(db, ACCOUNT, NOW, await findSessionRows(db, ACCOUNT))

/** All pages of the list, one after the other. */
async function listAll(db: Db, limit: number): Promise<readonly string[]> {
  const all: string[] = []
  let before: number | null = null
  for (;;) {
    const page: Awaited<ReturnType<typeof listLiveSessions>> = await listLiveSessions(
      db,
      ACCOUNT,
      NOW,
      { before, limit, among: await findSessionRows(db, ACCOUNT) },
    )
    all.push(...page.map(({ sessionId }) => sessionId))
    before = page.at(-1)?.seq ?? null
    if (page.length < limit) return all
  }
}

describe('a session before thirty others', () => {
  it('ends with all of them, and the exchange is told of each', async () => {
    const db = await dbWith(['thief', ...others])
    const told: CallbackJob[] = []
    expect(await revokeAllSessions(contextOf(db, told), ACCOUNT)).toBe(31)
    expect(await countAll(db)).toBe(0)
    expect(told).toHaveLength(31)
    const bodies = await db.select({ body: callbacks.body, state: callbacks.state }).from(callbacks)
    const ids = bodies.map(({ body }) => JSON.parse(body).data.session_id)
    expect(new Set(ids)).toEqual(new Set(['thief', ...others]))
    expect(bodies.every(({ state }) => state === 'open')).toBe(true)
  })

  it('is on a page of the list, and counted', async () => {
    const db = await dbWith(['thief', ...others])
    expect(await countAll(db)).toBe(31)
    expect(await listAll(db, 20)).toEqual([...others.toReversed(), 'thief'])
  })

  it('shows that its end was asked for', async () => {
    const db = await dbWith(['thief', ...others])
    const rows = await findSessionRows(db, ACCOUNT)
    expect(rows).toBe('all')
    await revokeSession(contextOf(db), ACCOUNT, 'thief')
    const revoked = await findRevokedSessions(db, ACCOUNT, NOW, {
      limit: 20,
      among: await findSessionRows(db, ACCOUNT),
    })
    expect(revoked.map(({ sessionId }) => sessionId)).toEqual(['thief'])
  })

  it('is named by the alert of the next login after the others have ended', async () => {
    const db = await dbWith(['owner', ...others])
    for (const sessionId of others)
      await endSession(db, { accountId: ACCOUNT, sessionId, endedAt: NOW })
    await logIn(db, 'thief', 32)
    expect(await findLogin(db, { accountId: ACCOUNT, seq: 32 })).toMatchObject({ isParallel: true })
    await endSession(db, { accountId: ACCOUNT, sessionId: 'owner', endedAt: NOW })
    await endSession(db, { accountId: ACCOUNT, sessionId: 'thief', endedAt: NOW })
    await logIn(db, 'last', 33)
    const last = await findLogin(db, { accountId: ACCOUNT, seq: 33 })
    expect(last).toMatchObject({ isParallel: false, liveSeqs: [33] })
  })
})

describe('revoking one session', () => {
  it('finds its live login behind twenty of the same id that ended', async () => {
    const db = await dbWith(Array.from({ length: 22 }, () => 's'))
    await db.update(logins).set({ sessionEndedAt: NOW, sessionEnd: 'ended' }).where(sql`seq > 1`)
    expect(await revokeSession(contextOf(db), ACCOUNT, 's')).toBe('revoked')
    expect(await countAll(db)).toBe(0)
    expect(await revokeSession(contextOf(db), ACCOUNT, 's')).toBe('over')
    expect(await revokeSession(contextOf(db), ACCOUNT, 'none')).toBe('unknown')
  })
})

type Step = readonly ['login' | 'end', number]

describe('whatever logs in and ends', () => {
  it('a login knows whether another session is live, and the list has each once', async () => {
    const step = fc.tuple(
      fc.constantFrom('login' as const, 'login' as const, 'end' as const),
      fc.nat(26),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 70 }), async (steps: Step[]) => {
        const db = openMemoryDb()
        const live = new Set<string>()
        let seq = 0
        for (const [kind, number] of steps) {
          const sessionId = `s_${number}`
          if (kind === 'end') {
            // An end that finds its login; one that comes first is another test's.
            if (live.delete(sessionId))
              await endSession(db, {
                accountId: ACCOUNT,
                sessionId,
                endedAt: NOW - 1_000_000 + seq * 1_000,
              })
            continue
          }
          seq += 1
          await logIn(db, sessionId, seq)
          const isParallel = [...live].some((other) => other !== sessionId)
          expect(await findLogin(db, { accountId: ACCOUNT, seq })).toMatchObject({ isParallel })
          live.add(sessionId)
        }
        expect(new Set(await listAll(db, 7))).toEqual(live)
        expect(await countAll(db)).toBe(live.size)
        expect(await listAll(db, 7)).toHaveLength(live.size)
      }),
      { numRuns: 15 },
    )
  })
})
