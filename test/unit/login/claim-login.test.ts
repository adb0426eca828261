// Who may take an alert, and when.

import { describe, expect, it } from 'vitest'
import { claimLoginStatement } from '../../../src/login/claim-login.ts'
import type { Login } from '../../../src/login/login.ts'
import { logins } from '../../../src/schema.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const TERMS = { claim: 'mine', leaseUntil: NOW + 10_000 }

async function claim(login: Partial<Login>, formerClaim?: string) {
  const db = openMemoryDb()
  await db.insert(logins).values(aLogin(login))
  const key = { accountId: '1001', alertId: 'alr_1', formerClaim }
  return claimLoginStatement(db, key, TERMS, NOW)
}

describe('an alert', () => {
  it.each([
    ['that waits for anybody', { state: 'queued', leaseUntil: null }],
    ['whose retry is due', { state: 'queued', leaseUntil: NOW }],
    ['whose retry is nearly due', { state: 'queued', leaseUntil: NOW + 2_000 }],
    ['that has gathered others', { state: 'queued', leaseUntil: NOW, mergedInto: 7 }],
    ['whose holder is gone', { state: 'sending', leaseUntil: NOW }],
  ] as const)('%s is taken', async (_what, login) => {
    expect(await claim(login)).toMatchObject([{ ...TERMS, state: 'sending', version: 2 }])
  })

  it.each([
    ['whose retry is for later', { state: 'queued', leaseUntil: NOW + 2_001 }],
    ['that gathers others', { state: 'queued', leaseUntil: NOW + 2_001, mergedInto: 7 }],
    ['whose holder is at it', { state: 'sending', leaseUntil: NOW + 1 }],
    ['that is with a provider', { state: 'accepted', leaseUntil: null }],
  ] as const)('%s is not', async (_what, login) => {
    expect(await claim(login)).toEqual([])
  })

  it('is taken over at once from who has let go of it, and from nobody else', async () => {
    const held = { state: 'sending', leaseUntil: NOW + 1, claim: 'his' } as const
    expect(await claim(held, 'his')).toMatchObject([TERMS])
    expect(await claim(held, 'hers')).toEqual([])
    expect(await claim({ ...held, state: 'delivered' }, 'his')).toEqual([])
  })
})
