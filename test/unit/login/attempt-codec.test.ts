// Attempts as they are stored: what is read is what was written, in the form of today and of former deployments.

import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../src/login/attempt.ts'
import {
  ATTEMPT_POSITION,
  decodeAttempts,
  encodeAttempts,
} from '../../../src/login/attempt-codec.ts'
import { changeLoginStatement, findLogin } from '../../../src/login/logins.ts'
import { changeAttemptsStatement, findNotice, insertNotice } from '../../../src/notice/notices.ts'
import { logins, notices } from '../../../src/schema.ts'
import { PROVIDER_NAMES } from '../../../src/sms/registry.ts'
import { anyText } from '../../support/any-text.ts'
import { aLogin, anAttempt, FAILURE_CLASSES, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const instant = fc.integer({ min: 0, max: 4_102_444_800_000 })
const anyAttempts: fc.Arbitrary<readonly Attempt[]> = fc.array(
  fc.record(
    {
      number: fc.integer({ min: 1, max: 99 }),
      provider: fc.constantFrom(...PROVIDER_NAMES),
      country: fc.string({ minLength: 2, maxLength: 2 }),
      state: fc.constantFrom('accepted', 'sent', 'delivered', 'failed', 'unknown'),
      startedAt: instant,
      durationMs: fc.nat(),
      segments: fc.nat({ max: 9 }),
      class: fc.constantFrom(...FAILURE_CLASSES),
      code: fc.string(),
      providerMessageId: anyText(),
      sentAt: instant,
      deliveredAt: instant,
      failedAt: instant,
    },
    { requiredKeys: ['number', 'provider', 'state', 'startedAt', 'durationMs', 'segments'] },
  ),
  { maxLength: 4 },
)

describe('stored attempts', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(anyAttempts, (attempts) => {
        expect(decodeAttempts(encodeAttempts(attempts))).toEqual(attempts)
      }),
    )
  })

  it('of former deployments, with names, are read too', () => {
    fc.assert(
      fc.property(anyAttempts, (attempts) => {
        expect(decodeAttempts(JSON.stringify(attempts))).toEqual(attempts)
      }),
    )
  })

  it('have no two fields in one position, and no position without a field', () => {
    const positions = Object.values(ATTEMPT_POSITION)
    expect(positions).toEqual(positions.map((_, index) => index))
  })
})

const OLD = JSON.stringify([anAttempt({ sentAt: NOW + 5, state: 'sent' })])

describe('a row of a former deployment', () => {
  it('is a login whose attempts become arrays with its next change', async () => {
    const db = openMemoryDb()
    await db.insert(logins).values(aLogin())
    await db.update(logins).set({ attempts: sql`${OLD}` })
    const login = await findLogin(db, aLogin())
    if (!login) throw new Error('no login')
    expect(login.attempts).toEqual(JSON.parse(OLD))
    await changeLoginStatement(db, login, { attempts: login.attempts }).run()
    expect(await rawAttempts(db, 'logins')).toBe(encodeAttempts(login.attempts))
    expect((await findLogin(db, login))?.attempts).toEqual(login.attempts)
  })

  it('is a notice that counts as unchanged, whichever form it has', async () => {
    const db = openMemoryDb()
    const key = { accountId: '1001', noticeId: 'ntc_1' }
    await insertNotice(db, { ...key, kind: 'locked' }, NOW)
    await db
      .update(notices)
      .set({ attempts: sql`${OLD}` })
      .where(eq(notices.accountId, '1001'))
    for (const state of ['delivered', 'failed'] as const) {
      const notice = await findNotice(db, key)
      if (!notice) throw new Error('no notice')
      const change = changeAttemptsStatement(db, notice, [anAttempt({ state })])
      expect((await change).meta.changes).toBe(1)
      // What was read before that is not what stands there now.
      expect((await changeAttemptsStatement(db, notice, [])).meta.changes).toBe(0)
    }
  })
})

describe('the row of a login', () => {
  it('stays under 1,000 bytes with three attempts that arrived and every field filled', async () => {
    const db = openMemoryDb()
    await db.insert(logins).values(FULL)
    const columns = await db.all<{ name: string }>(
      sql`SELECT name FROM pragma_table_info('logins')`,
    )
    const size = columns
      .map(
        ({ name }) => `coalesce(CASE typeof(${name}) WHEN 'integer' THEN ${INTEGER_BYTES(name)}
        ELSE length(CAST(${name} AS BLOB)) END, 0)`,
      )
      .join(' + ')
    const [row] = await db.all<{ bytes: number }>(sql`SELECT ${sql.raw(size)} AS bytes FROM logins`)
    expect(row?.bytes).toBeLessThan(1_000)
  })
})

/** As SQLite stores it: 0 and 1 in no byte, others in 1, 2, 3, 4, 6 or 8. */
const INTEGER_BYTES = (name: string) => `CASE WHEN ${name} IN (0, 1) THEN 0
  WHEN ${name} BETWEEN -128 AND 127 THEN 1 WHEN ${name} BETWEEN -32768 AND 32767 THEN 2
  WHEN ${name} BETWEEN -8388608 AND 8388607 THEN 3 WHEN ${name} BETWEEN -2147483648 AND 2147483647 THEN 4
  WHEN ${name} BETWEEN -140737488355328 AND 140737488355327 THEN 6 ELSE 8 END`

const ARRIVED = [1, 2, 3].map((number) =>
  anAttempt({
    number,
    provider: 'infobip',
    country: 'DE',
    state: 'delivered',
    startedAt: NOW + number * 65_000,
    durationMs: 1_234,
    providerMessageId: `3f2b8c1e-5d4a-4f6b-9e7c-1a2b3c4d5e${String(number).padStart(2, '0')}`,
    sentAt: NOW + number * 65_000 + 2_345,
    deliveredAt: NOW + number * 65_000 + 12_345,
  }),
)

async function rawAttempts(db: ReturnType<typeof openMemoryDb>, table: string) {
  const [row] = await db.all<{ attempts: string }>(sql`SELECT attempts FROM ${sql.raw(table)}`)
  return row?.attempts
}

/** Every field at a usual length; the known marks do not belong to a login any more and stand empty. */
const FULL = aLogin({
  trace: 'S_kvNXezTaajzpKd8Q5HNg1',
  accountId: '1048211310',
  seq: 1_234,
  alertId: `alr_${'x'.repeat(22)}`,
  sessionId: '6f1c2f0e-0c5d-4f53-8f2e-3b1b7c1e9a55',
  country: 'DE',
  city: 'Frankfurt am Main',
  hosting: 'Amazon Web Services',
  reserved: 'private',
  ipTail: '113.177',
  browser: 'Chrome Mobile',
  os: 'Android',
  deviceName: 'Samsung Galaxy S26 Ultra',
  locale: 'de-DE',
  isParallel: true,
  sessionExpiresAt: NOW + 86_400_000,
  sessionEndedAt: NOW + 3_600_000,
  sessionEnd: 'revoked',
  liveSeqs: [1_230, 1_231, 1_232, 1_233, 1_234],
  alertNumber: 1_234,
  alertCount: 1_234,
  state: 'undelivered',
  suppressionReason: 'alerts_off',
  version: 9,
  wave: 2,
  attempts: ARRIVED,
  mergedInto: 1_234,
  confirmedAt: NOW + 60_000,
  pushes: [1, 2].map((nth) => ({ at: NOW + nth, result: 'accepted' as const, durationMs: 234 })),
})
