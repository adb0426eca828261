// Code SMS counted in SQLite: what is written for each verdict, what is credited, what is forgotten.

import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type CodeRequest,
  checkCode,
  codeScopes,
  verifiedStatements,
} from '../../../src/guard/code-counts.ts'
import type { CodePolicy } from '../../../src/guard/code-policy.ts'
import {
  CODE_CAPS_KEPT_MS,
  CODE_COUNTS_KEPT_MS,
  codeCountsWalk,
  forgetCodeCapsStatement,
} from '../../../src/guard/forget.ts'
import { codeHourAt } from '../../../src/guard/pumping.ts'
import type { Db } from '../../../src/lib/db.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts'
import { codeCaps, codeCounts } from '../../../src/schema.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const NOW = Date.UTC(2026, 10, 24, 14, 3)
const TODAY = Date.UTC(2026, 10, 24)
const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const POLICY: CodePolicy = { countries: '*', isEnforced: true, spendCapSegments: 1_000 }
const SCOPES = { country: 'LK', prefix: 'code-prefix:a' }

function request(change: Partial<CodeRequest> = {}): CodeRequest {
  return {
    scopes: SCOPES,
    isVerified: false,
    isKnown: false,
    segments: 1,
    policy: POLICY,
    ...change,
  }
}

/** `ask` so often, each in a block of its own unless told. */
async function askOften(db: Db, times: number, change: Partial<CodeRequest> = {}, now = NOW) {
  const verdicts = []
  for (let asked = 0; asked < times; asked += 1) {
    const scopes = { country: 'LK', prefix: `code-prefix:${now}-${asked}` }
    verdicts.push(await checkCode(db, request({ scopes, ...change }), now))
  }
  return verdicts
}

async function rowsOf(db: Db, scope: string) {
  const rows = await db.select().from(codeCounts)
  return rows
    .filter((row) => row.scope === scope)
    .map(({ sent, segments, verified, excused, refused }) => ({
      sent,
      segments,
      verified,
      excused,
      refused,
    }))
}

function logged(): readonly Record<string, unknown>[] {
  const { mock: info } = vi.mocked(console.log)
  const { mock: error } = vi.mocked(console.error)
  return [...info.calls, ...error.calls].map(([line]) => JSON.parse(String(line)))
}

function listen(): void {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a code that is sent', () => {
  it('is counted in its block, its country and in all', async () => {
    const db = openMemoryDb()
    expect(await checkCode(db, request({ segments: 2 }), NOW)).toEqual({ kind: 'send' })
    const row = { sent: 1, segments: 2, verified: 0, excused: 0, refused: 0 }
    expect(await rowsOf(db, 'code-prefix:a')).toEqual([row])
    expect(await rowsOf(db, 'LK')).toEqual([row])
    expect(await rowsOf(db, '*')).toEqual([row])
  })

  it('to a verified number counts towards the cap only', async () => {
    const db = openMemoryDb()
    await checkCode(db, request({ isVerified: true, segments: 2 }), NOW)
    const rows = await db.select().from(codeCounts)
    expect(rows.map(({ scope, segments }) => `${scope} ${segments}`)).toEqual(['* 2'])
  })

  it('of a bad block is not held against its country after the fifth', async () => {
    const db = openMemoryDb()
    for (const hours of [0, 1, 2, 3, 4, 5, 6]) {
      await checkCode(db, request(), NOW + hours * HOUR_MS)
    }
    const excused = (await rowsOf(db, 'LK')).map((row) => row.excused)
    expect(excused).toEqual([0, 0, 0, 0, 0, 1, 1])
    expect((await rowsOf(db, 'code-prefix:a')).map((row) => row.excused)).toEqual([
      0, 0, 0, 0, 0, 0, 0,
    ])
  })
})

describe('a code that is refused', () => {
  it('is counted in its country and in all, and makes no row of its block', async () => {
    listen()
    const db = openMemoryDb()
    const policy = { ...POLICY, countries: new Set(['DE']) }
    const verdict = await checkCode(db, request({ policy }), NOW)
    expect(verdict).toEqual({ kind: 'refuse', reason: 'country_not_allowed' })
    const row = { sent: 0, segments: 0, verified: 0, excused: 0, refused: 1 }
    expect(await rowsOf(db, 'LK')).toEqual([row])
    expect(await rowsOf(db, '*')).toEqual([row])
    expect(await rowsOf(db, 'code-prefix:a')).toEqual([])
    expect(logged()).toEqual([
      { event: 'code.refused', country: 'LK', reason: 'country_not_allowed', is_sent: false },
    ])
  })

  it('when only recorded is counted as sent too, everywhere', async () => {
    listen()
    const db = openMemoryDb()
    const policy = { ...POLICY, countries: new Set(['DE']), isEnforced: false }
    const verdict = await checkCode(db, request({ policy }), NOW)
    expect(verdict).toEqual({ kind: 'would_refuse', reason: 'country_not_allowed' })
    const row = { sent: 1, segments: 1, verified: 0, excused: 0, refused: 1 }
    expect(await rowsOf(db, 'LK')).toEqual([row])
    expect(await rowsOf(db, '*')).toEqual([row])
    expect(await rowsOf(db, 'code-prefix:a')).toEqual([row])
  })
})

describe('who asks at once', () => {
  it('gets no more of a block than one after the other', async () => {
    listen()
    const db = openMemoryDb()
    const verdicts = await Promise.all(
      Array.from({ length: 25 }, () => checkCode(db, request(), NOW)),
    )
    expect(verdicts.filter(({ kind }) => kind === 'send')).toHaveLength(5)
    expect(await rowsOf(db, 'code-prefix:a')).toMatchObject([{ sent: 5 }])
    expect(await rowsOf(db, '*')).toMatchObject([{ sent: 5, refused: 20 }])
  })

  it('gets no more of a country, and no more than the cap', async () => {
    listen()
    const db = openMemoryDb()
    const all = (spendCapSegments: number, country: string) =>
      Promise.all(
        Array.from({ length: 50 }, (_, index) => {
          const scopes = { country, prefix: `code-prefix:${country}${index}` }
          return checkCode(db, request({ scopes, policy: { ...POLICY, spendCapSegments } }), NOW)
        }),
      )
    const inCountry = await all(1_000, 'LK')
    expect(inCountry.filter(({ kind }) => kind === 'send')).toHaveLength(30)
    const withinCap = await all(42, 'TH')
    expect(withinCap.filter(({ kind }) => kind === 'send')).toHaveLength(12)
  })
})

describe('a number that was verified', () => {
  it('takes all the codes it was sent out of the open ones, each in its hour', async () => {
    listen()
    const db = openMemoryDb()
    const sentAt = [NOW - HOUR_MS, NOW - HOUR_MS + 1, NOW]
    for (const at of sentAt) await checkCode(db, request(), at)
    for (const statement of verifiedStatements(db, SCOPES, sentAt)) await statement
    for (const scope of ['*', 'LK', 'code-prefix:a']) {
      expect(await rowsOf(db, scope)).toMatchObject([
        { sent: 2, verified: 2 },
        { sent: 1, verified: 1 },
      ])
    }
  })

  it('makes room again', async () => {
    listen()
    const db = openMemoryDb()
    for (let asked = 0; asked < 5; asked += 1) await checkCode(db, request(), NOW)
    expect(await checkCode(db, request(), NOW)).toEqual({ kind: 'refuse', reason: 'prefix_budget' })
    for (const statement of verifiedStatements(db, SCOPES, [NOW])) await statement
    expect(await checkCode(db, request(), NOW)).toEqual({ kind: 'send' })
  })

  it('never verifies more than was sent, nor where nothing was', async () => {
    const db = openMemoryDb()
    await checkCode(db, request(), NOW)
    for (const statement of verifiedStatements(db, SCOPES, [NOW, NOW, NOW - DAY_MS]))
      await statement
    expect(await rowsOf(db, 'LK')).toMatchObject([{ sent: 1, verified: 1 }])
  })
})

describe('the cap on a day', () => {
  const policy = { ...POLICY, spendCapSegments: 10 }

  it('is told to the operator once a day, with a row and a line', async () => {
    listen()
    const db = openMemoryDb()
    const verdicts = await askOften(db, 13, { policy })
    expect(verdicts.slice(9)).toEqual([
      { kind: 'send' },
      { kind: 'refuse', reason: 'spend_cap' },
      { kind: 'refuse', reason: 'spend_cap' },
      { kind: 'refuse', reason: 'spend_cap' },
    ])
    const row = { dayAt: TODAY, reachedAt: NOW, segments: 10, capSegments: 10 }
    expect(await db.select().from(codeCaps)).toEqual([row])
    expect(logged().filter(({ event }) => event === 'code.spend_cap')).toEqual([
      { event: 'code.spend_cap', segments: 10, cap_segments: 10, is_enforced: true },
    ])
  })

  it('is a new one at midnight UTC', async () => {
    listen()
    const db = openMemoryDb()
    await askOften(db, 11, { policy }, TODAY + DAY_MS - 1)
    const [verdict] = await askOften(db, 1, { policy }, TODAY + DAY_MS)
    expect(verdict).toEqual({ kind: 'send' })
  })

  it('counts verified numbers, and does not stop them', async () => {
    listen()
    const db = openMemoryDb()
    const known = await askOften(db, 12, { policy, isVerified: true })
    expect(new Set(known.map(({ kind }) => kind))).toEqual(new Set(['send']))
    expect(await askOften(db, 1, { policy })).toEqual([{ kind: 'refuse', reason: 'spend_cap' }])
  })
})

describe('scopes', () => {
  it('are the same for the 10,000 numbers of a block, and hold no digit of it', async () => {
    const of = (e164: string) => codeScopes(KEYS, { e164, country: 'LK' })
    const scopes = await of('+94771234567')
    expect(await of('+94771239999')).toEqual(scopes)
    expect(await of('+94771244567')).not.toEqual(scopes)
    expect(scopes.country).toBe('LK')
    expect(scopes.prefix).toMatch(/^code-prefix:[\w-]{22}$/)
    expect(scopes.prefix).not.toContain('7712')
  })
})

describe('retention', () => {
  it('forgets what is never read again, and nothing else', async () => {
    const db = openMemoryDb()
    const oldAt = codeHourAt(NOW - CODE_COUNTS_KEPT_MS)
    await db.insert(codeCounts).values([
      { scope: 'LK', hourAt: oldAt },
      { scope: 'LK', hourAt: oldAt + HOUR_MS },
    ])
    const cap = { reachedAt: NOW, segments: 1, capSegments: 1 }
    const capAt = TODAY - CODE_CAPS_KEPT_MS
    await db.insert(codeCaps).values([
      { dayAt: capAt, ...cap },
      { dayAt: capAt + DAY_MS, ...cap },
    ])
    await codeCountsWalk.forget(db, { after: '', until: null }, NOW)
    await forgetCodeCapsStatement(db, NOW)
    const counts = await db.select().from(codeCounts)
    expect(counts.map((row) => row.hourAt)).toEqual([oldAt + HOUR_MS])
    const caps = await db.select().from(codeCaps)
    expect(caps.map((row) => row.dayAt)).toEqual([capAt + DAY_MS])
  })
})
