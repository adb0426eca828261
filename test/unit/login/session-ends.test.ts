// Ends of sessions come late, early and twice, and a session id is used again: an end closes what had begun by then, and
// nothing that began later.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storeLogin } from '../../../src/deliver/store-login.ts'
import type { Db } from '../../../src/lib/db.ts'
import { SECOND_MS } from '../../../src/lib/time.ts'
import { endSession, listLiveSessions } from '../../../src/login/sessions.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { aLoginToInsert } from './login-to-insert.ts'

type Told = { readonly kind: 'login' | 'end'; readonly sessionId: string; readonly second: number }

const at = (second: number) => NOW + second * SECOND_MS
const login = (sessionId: string, second: number): Told => ({ kind: 'login', sessionId, second })
const end = (sessionId: string, second: number): Told => ({ kind: 'end', sessionId, second })

function tell(db: Db, { kind, sessionId, second }: Told) {
  if (kind === 'end') return endSession(db, { accountId: '1001', sessionId, endedAt: at(second) })
  const alertId = `alr_${sessionId}_${second}`
  return storeLogin(
    db,
    aLoginToInsert({ alertId, sessionId, occurredAt: at(second), receivedAt: NOW }),
  )
}

/** Which logins are live after all of it, told in this order. */
async function liveAfter(told: readonly Told[]) {
  const db = openMemoryDb()
  for (const one of told) await tell(db, one)
  const live = await listLiveSessions(db, '1001', NOW, { before: null, limit: 50 })
  return live.map(({ sessionId, occurredAt }) => [sessionId, (occurredAt - NOW) / SECOND_MS])
}

describe('an end of a session', () => {
  it('that comes late does not end a younger login of the same id', async () => {
    expect(await liveAfter([login('s', -120), login('s', -10), end('s', -60)])).toEqual([
      ['s', -10],
    ])
  })

  it('that overtook its login is kept, though a former one of the id has ended', async () => {
    const former = [login('z', -120), end('z', -100)]
    expect(await liveAfter([...former, end('z', -20), login('z', -60)])).toEqual([])
    expect(await liveAfter([...former, end('z', -20), login('z', -10)])).toEqual([['z', -10]])
  })

  it('that overtook its login is kept beside an earlier one of the id, in any order', async () => {
    const logins = [login('z', -120), login('z', -60)]
    expect(await liveAfter([end('z', -100), end('z', -20), ...logins])).toEqual([])
    expect(await liveAfter([end('z', -20), end('z', -100), ...logins])).toEqual([])
  })

  it('ends a login of the same instant', async () => {
    expect(await liveAfter([login('s', -60), end('s', -60)])).toEqual([])
    expect(await liveAfter([end('s', -60), login('s', -60)])).toEqual([])
  })

  it('changes nothing the second time', async () => {
    for (const before of [[], [login('s', -60)], [login('s', -60), end('s', -50)]]) {
      const db = openMemoryDb()
      for (const one of before) await tell(db, one)
      expect(await tell(db, end('s', -20))).toBe(true)
      expect(await tell(db, end('s', -20))).toBe(false)
    }
  })

  it('leaves the same sessions live, in whatever order logins and ends come', async () => {
    const anyTold = fc.record({
      kind: fc.constantFrom('login' as const, 'end' as const),
      sessionId: fc.constantFrom('s', 'z'),
      second: fc.integer({ min: -9, max: -1 }),
    })
    const anyOrder = fc
      .uniqueArray(anyTold, { maxLength: 6, selector: (told) => JSON.stringify(told) })
      .chain((told) =>
        fc.shuffledSubarray(told, { minLength: told.length, maxLength: told.length }),
      )
    await fc.assert(
      fc.asyncProperty(anyOrder, async (told) => {
        const live = new Set((await liveAfter(told)).map(([sessionId]) => sessionId))
        for (const sessionId of ['s', 'z']) {
          const of = (kind: Told['kind']) =>
            told.filter((one) => one.kind === kind && one.sessionId === sessionId)
          const ended = Math.max(-99, ...of('end').map(({ second }) => second))
          const isLive = of('login').some(({ second }) => second > ended)
          expect(live.has(sessionId)).toBe(isLive)
        }
      }),
      { numRuns: 150 },
    )
  })
})
