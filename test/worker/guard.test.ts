// The counted limits and the guard of code SMS against the real D1, many at once: what SQLite in memory
// cannot show is whether calls that overtake each other get through.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type CodeRequest, checkCode, verifiedStatements } from '../../src/guard/code-counts.ts'
import { countTry } from '../../src/guard/limits.ts'
import { type Db, openDb } from '../../src/lib/db.ts'
import { HOUR_MS } from '../../src/lib/time.ts'
import { remoteDatabase } from '../support/sql.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

const NOW = Date.UTC(2026, 10, 24, 14, 3)

let stage: Stage
let db: Db

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  stage = await startTestStage()
  db = openDb(remoteDatabase(stage.runtime))
})

afterAll(async () => {
  vi.restoreAllMocks()
  await stage.close()
})

function request(country: string, block: number): CodeRequest {
  const scopes = { country, prefix: `code-prefix:${country}${block}` }
  const policy = { countries: '*' as const, isEnforced: true, spendCapSegments: 100_000 }
  return { scopes, isVerified: false, isKnown: false, segments: 1, policy }
}

describe('forty at once', () => {
  it('pass a limit of seven seven times', async () => {
    const limits = [{ scope: 'seven', max: 7, windowMs: HOUR_MS }] as const
    const verdicts = await Promise.all(Array.from({ length: 40 }, () => countTry(db, limits, NOW)))
    expect(verdicts.filter(({ isAllowed }) => isAllowed)).toHaveLength(7)
  })

  it('get five codes to numbers of one block', async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 40 }, () => checkCode(db, request('LK', 1), NOW)),
    )
    expect(verdicts.filter(({ kind }) => kind === 'send')).toHaveLength(5)
  })

  it('get thirty codes to a new country, and the room of those that are typed', async () => {
    const ask = (block: number) => checkCode(db, request('TH', block), NOW)
    const verdicts = await Promise.all(Array.from({ length: 40 }, (_, block) => ask(block)))
    expect(verdicts.filter(({ kind }) => kind === 'send')).toHaveLength(30)

    const typed = verdicts.findIndex(({ kind }) => kind === 'send')
    const [first, ...rest] = verifiedStatements(db, request('TH', typed).scopes, [NOW])
    if (!first) throw new Error('no hour to credit')
    await db.batch([first, ...rest])
    // One is no longer open, and has earned one more.
    const again = await Promise.all(Array.from({ length: 10 }, (_, block) => ask(100 + block)))
    expect(again.filter(({ kind }) => kind === 'send')).toHaveLength(2)
  })
})
