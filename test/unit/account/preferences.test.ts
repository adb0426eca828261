// Two changes of preferences at once: each was judged by what it saw, so the later one changes nothing, or something else.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  type Account,
  type AccountChange,
  findAccount,
  saveAccountStatement,
} from '../../../src/account/accounts.ts'
import {
  changePreferencesStatement,
  isAsJudgedSql,
  type PreferenceChange,
} from '../../../src/account/preferences.ts'
import type { Db } from '../../../src/lib/db.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

async function stored(change: AccountChange): Promise<{ db: Db; judged: Account }> {
  const db = openMemoryDb()
  await saveAccountStatement(db, '1001', change, 1)
  const judged = await findAccount(db, '1001')
  if (!judged) throw new Error('it was stored')
  return { db, judged }
}

/** As the gate makes it: whether it is news, then the change. */
async function make(db: Db, judged: Account, change: PreferenceChange): Promise<boolean> {
  const judgedChange = { judged, change }
  const asked = await db.get<{ so: number }>(sql`SELECT ${isAsJudgedSql(judgedChange)} AS so`)
  const { meta } = await changePreferencesStatement(db, judgedChange, 2)
  expect(meta.changes).toBe(asked?.so)
  return meta.changes > 0
}

describe('a change of preferences', () => {
  it('that raises alerts is not undone by one that was judged by what was before', async () => {
    const { db, judged } = await stored({ alerts: 'off' })
    expect(await make(db, judged, { alerts: 'all' })).toBe(true)
    expect(await make(db, judged, { alerts: 'unusual' })).toBe(false)
    expect(await findAccount(db, '1001')).toMatchObject({ alerts: 'all' })
  })

  it('leaves alone what it does not change, whoever changed that meanwhile', async () => {
    const { db, judged } = await stored({ alerts: 'off', locale: 'de' })
    await saveAccountStatement(db, '1001', { alerts: 'all' }, 2)
    expect(await make(db, judged, { phraseSealed: 'sealed' })).toBe(true)
    const now = { alerts: 'all', locale: 'de', phraseSealed: 'sealed' }
    expect(await findAccount(db, '1001')).toMatchObject(now)
  })

  it.each([
    [{ phraseSealed: 'theirs' }, { phraseSealed: 'mine' }],
    [{ locale: 'th' }, { locale: 'de' }],
    // What decides of the proof.
    [{ phoneSealed: 'bound', phoneTag: 'tag' }, { alerts: 'off' as const }],
    [{ totpSealed: 'set up' }, { alerts: 'off' as const }],
  ])('is not made where %j came between', async (between, change) => {
    const { db, judged } = await stored({})
    await saveAccountStatement(db, '1001', between, 2)
    const before = await findAccount(db, '1001')
    expect(await make(db, judged, change)).toBe(false)
    expect(await findAccount(db, '1001')).toEqual(before)
  })
})
