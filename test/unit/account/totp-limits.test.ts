// Guessing codes of the authenticator app: how much of it passes, and that the owner's own visit is not what pays for it.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findAccount, saveAccountStatement, sealField } from '../../../src/account/accounts.ts'
import { checkTotp } from '../../../src/account/totp-check.ts'
import type { Db } from '../../../src/lib/db.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { randomBytes } from '../../support/ports.ts'
import { TOTP_SECRET, totpAt, wrongCode } from '../../support/totp.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const NOW = Date.UTC(2026, 10, 23, 12)
const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const OWNER = 'visit of the owner'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

async function ownersDb(): Promise<Db> {
  const db = openMemoryDb()
  const totpSealed = await sealField(randomBytes, KEYS, '1001', 'totp', TOTP_SECRET)
  await saveAccountStatement(db, '1001', { totpSealed }, NOW)
  return db
}

async function type(db: Db, visitId: string, typed: string, now: number): Promise<string> {
  const account = await findAccount(db, '1001')
  if (!account) throw new Error('no account')
  return (await checkTotp(db, { account, visitId, typed, dataKeys: KEYS }, now)).kind
}

const guess = (db: Db, visitId: string, now = NOW) => type(db, visitId, wrongCode(), now)

describe('C9 a hijacker who guesses', () => {
  it('C9 is stopped in one visit after five codes, and leaves the owner’s alone', async () => {
    const db = await ownersDb()
    const kinds: string[] = []
    for (let nth = 0; nth < 20; nth += 1) kinds.push(await guess(db, 'stranger'))
    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(5)
    expect(await type(db, OWNER, totpAt(NOW), NOW)).toBe('ok')
  })

  it.each([4, 20])(
    'C9 of twenty wrong codes in %i visits does not shut the owner out',
    async (visits) => {
      const db = await ownersDb()
      for (let nth = 0; nth < 20; nth += 1) await guess(db, `stranger ${nth % visits}`)
      expect(await type(db, OWNER, totpAt(NOW), NOW)).toBe('ok')
    },
  )

  it('C9 who makes visit upon visit shuts the owner out for minutes, no day', async () => {
    const db = await ownersDb()
    for (let nth = 0; nth < 60; nth += 1) await guess(db, `stranger ${nth}`)
    expect(await type(db, OWNER, totpAt(NOW), NOW)).toBe('limited')
    const later = NOW + 10 * MINUTE_MS
    expect(await type(db, 'next visit of the owner', totpAt(later), later)).toBe('ok')
  })

  it('C9 has 174 codes looked at in a day, however many visits: one account in 1,900', async () => {
    const db = await ownersDb()
    let lookedAt = 0
    for (let at = NOW; at < NOW + DAY_MS; at += 2 * MINUTE_MS) {
      if ((await guess(db, `stranger ${at}`, at)) === 'refused') lookedAt += 1
    }
    expect(lookedAt).toBeLessThanOrEqual(174)
  })

  it('C9 costs a right code nothing: the owner may act as often as there are codes', async () => {
    const db = await ownersDb()
    for (let nth = 0; nth < 40; nth += 1) {
      const at = NOW + nth * MINUTE_MS
      expect(await type(db, OWNER, totpAt(at), at)).toBe('ok')
    }
  })
})
