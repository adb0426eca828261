// What the exchange told of a login stands in its row as it was told, each fact in its own column; every other column is
// decided by the statement or begins with its default.

import { getTableColumns } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storeLogin } from '../../../src/deliver/store-login.ts'
import type { Db } from '../../../src/lib/db.ts'
import { type LoginFacts, LoginFactsSchema } from '../../../src/login/login-facts.ts'
import { LOGIN_COLUMNS } from '../../../src/login/login-fields.ts'
import { findLoginByAlert } from '../../../src/login/logins.ts'
import { knownMarks, logins } from '../../../src/schema.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

/** Marks of a login, which are kept with those before it. */
const MARKS = [
  ...['deviceMark', 'networkMark', 'olderDeviceMarks', 'olderNetworkMarks'],
  'formerNetworkMarks',
]

/** No two facts alike, so that none can stand in another's place. */
const FACTS: LoginFacts = {
  alertId: 'alr_1',
  accountId: '1001',
  sessionId: 's_1',
  occurredAt: 1_000,
  receivedAt: 2_000,
  country: 'DE',
  city: 'Frankfurt',
  hosting: 'Hetzner',
  reserved: 'carrier_nat',
  ipTail: '….77',
  browser: 'Safari 19',
  os: 'iOS 19',
  deviceName: 'iPhone 15',
  locale: 'zh-TW',
  sessionExpiresAt: 3_000,
  deviceMark: 'deviceMk',
  networkMark: 'networkM',
  olderDeviceMarks: [],
  olderNetworkMarks: [],
  formerNetworkMarks: [],
  trace: 'S_kvNXezTaajzpKd8Q5HNg1',
}

function insertLogin(db: Db, facts: LoginFacts) {
  const claim = `claim_${facts.alertId}`
  return storeLogin(db, {
    ...facts,
    claim,
    sendUntil: null,
    alertsPerWindow: 3,
    alertsPerDay: 20,
    alertsLeast: 'off',
    coolingOffMs: 0,
    keyNames: [],
    erasedScopes: [],
  })
}

describe('a stored login', () => {
  it('stores every fact under its own name', async () => {
    const db = openMemoryDb()
    await insertLogin(db, FACTS)
    const { deviceMark, networkMark, olderDeviceMarks, olderNetworkMarks, ...others } = FACTS
    const { formerNetworkMarks, ...told } = others
    expect(await findLoginByAlert(db, FACTS.alertId)).toMatchObject({ ...told, seq: 1 })
    const marks = { [`d:${deviceMark}`]: 0, [`n:${networkMark}`]: 0, 'c:DE': 0 }
    expect(await db.select().from(knownMarks)).toMatchObject([{ accountId: '1001', marks }])
  })

  it('stores them whatever they are', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 })
    const maybe = fc.option(text)
    await fc.assert(
      fc.asyncProperty(
        fc.record({ country: maybe, city: maybe, hosting: maybe, browser: maybe, os: maybe }),
        fc.record({ deviceName: maybe, locale: maybe, ipTail: text }),
        async (place, device) => {
          const db = openMemoryDb()
          const facts = { ...FACTS, ...place, ...device }
          await insertLogin(db, facts)
          expect(await findLoginByAlert(db, FACTS.alertId)).toMatchObject({ ...place, ...device })
        },
      ),
      { numRuns: 20 },
    )
  })

  it('knows every fact there is as a column, but for the marks', () => {
    const columns = Object.keys(getTableColumns(logins))
    const facts = Object.keys(LoginFactsSchema.entries)
    expect(facts.filter((fact) => !columns.includes(fact))).toEqual(MARKS)
  })

  it('names every column once, but for those that begin with their default', () => {
    const named = LOGIN_COLUMNS.split(', ')
    expect(new Set(named).size).toBe(named.length)
    const left = Object.values(getTableColumns(logins)).filter(({ name }) => !named.includes(name))
    expect(left.map(({ name }) => name)).toEqual([
      'wave',
      'version',
      'known_marks',
      'confirmed_at',
      'pushes',
    ])
    expect(left.filter(({ notNull, hasDefault }) => notNull && !hasDefault)).toEqual([])
  })
})
