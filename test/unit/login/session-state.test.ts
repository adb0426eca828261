// One session id in two accounts: neither account's state may stand for the other's.

import { describe, expect, it } from 'vitest'
import { storeLogin } from '../../../src/deliver/store-login.ts'
import { readSessionState } from '../../../src/login/session-state.ts'
import { endSession, findLoginsBySession, SAME_SESSION_MAX } from '../../../src/login/sessions.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { aLoginToInsert } from './login-to-insert.ts'

async function stage(accounts: readonly string[]) {
  const db = openMemoryDb()
  for (const accountId of accounts) {
    await storeLogin(db, aLoginToInsert({ accountId, alertId: `alr_${accountId}`, sessionId: '1' }))
  }
  const end = (accountId: string) => endSession(db, { accountId, sessionId: '1', endedAt: NOW + 1 })
  const ask = async (accountId: string | null = null) => {
    const found = await findLoginsBySession(db, '1', accountId)
    const state = readSessionState(found, found.length < SAME_SESSION_MAX, NOW + 2)
    return state.kind === 'live' ? state.login.accountId : state.kind
  }
  return { end, ask }
}

describe('the state of a session', () => {
  it('is of the account that is asked for, whatever others with its id do', async () => {
    const { end, ask } = await stage(['A', 'B'])
    await end('B')
    expect([await ask('A'), await ask('B'), await ask('C')]).toEqual(['A', 'over', 'over'])
  })

  it('is over, where no account is named, once one of several has ended it', async () => {
    const { end, ask } = await stage(['A', 'B'])
    expect(await ask()).toBe('live_in_each')
    await end('B')
    expect(await ask()).toBe('over')
  })

  it('is over where more accounts have it than are looked at, and still found by its account', async () => {
    const { ask } = await stage(Array.from({ length: SAME_SESSION_MAX + 5 }, (_, n) => `a${n}`))
    expect([await ask(), await ask('a0'), await ask('a24')]).toEqual(['over', 'a0', 'a24'])
  })

  it('is the one account’s where only one has it', async () => {
    const { end, ask } = await stage(['A'])
    expect(await ask()).toBe('A')
    await end('A')
    expect(await ask()).toBe('over')
  })
})
