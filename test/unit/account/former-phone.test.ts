// A3: what a provider says of a former number, which alone was called, is not said of the present one.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { markPhoneStatement } from '../../../src/account/account-phone.ts'
import { findAccount, saveAccountStatement } from '../../../src/account/accounts.ts'
import { NO_PROFILE, profileOf } from '../../../src/country/profile-setting.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const VERDICT = { accountId: '1001', state: 'invalid', code: '30005', calledAt: 20 } as const

async function stateAfter(
  alerts: 'all' | 'unusual' | 'off',
  isFamiliar: boolean,
  profile = NO_PROFILE,
) {
  const db = openMemoryDb()
  await saveAccountStatement(db, '1001', { phoneSealed: 'x', phoneTag: 'x', alerts }, 10)
  await markPhoneStatement(db, { ...VERDICT, isFamiliar, profile }, sql`true`, 30)
  return (await findAccount(db, '1001'))?.phoneState
}

describe('A3 a number that cannot be reached', () => {
  it.each([
    ['all', true, 'invalid'],
    ['all', false, 'invalid'],
    ['unusual', false, 'invalid'],
    ['unusual', true, 'ok'],
    ['off', true, 'ok'],
    ['off', false, 'ok'],
  ] as const)(
    'with alerts %s, of a login that is familiar: %s, leaves the account %s',
    async (alerts, isFamiliar, state) => {
      expect(await stateAfter(alerts, isFamiliar)).toBe(state)
    },
  )

  it.each([
    ['off', true, 'hk', 'invalid'],
    ['unusual', true, 'hk', 'invalid'],
    ['off', false, 'sg', 'invalid'],
    ['off', true, 'sg', 'ok'],
  ] as const)(
    'with alerts %s, of a login that is familiar: %s, under %s, which tells more, leaves it %s',
    async (alerts, isFamiliar, profile, state) => {
      expect(await stateAfter(alerts, isFamiliar, profileOf([profile]))).toBe(state)
    },
  )
})
