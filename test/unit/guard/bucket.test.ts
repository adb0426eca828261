// A bucket of tries: what passes, when one comes back, and that a refused try costs nothing.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { returnTry, takeTry } from '../../../src/guard/bucket.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const NOW = Date.UTC(2026, 10, 23, 12)
const BUCKET = { scope: 'totp:x', max: 3, refillMs: 1_000 }

describe('a bucket of tries', () => {
  it('passes as many as it holds, and says when the next comes back', async () => {
    const db = openMemoryDb()
    for (const missing of [1, 2, 3]) {
      expect(await takeTry(db, BUCKET, NOW)).toEqual({ isAllowed: true, missing })
    }
    expect(await takeTry(db, BUCKET, NOW + 400)).toEqual({ isAllowed: false, retryAfterMs: 600 })
    expect(await takeTry(db, BUCKET, NOW + 1_000)).toEqual({ isAllowed: true, missing: 3 })
    expect(await takeTry(db, BUCKET, NOW + 1_001)).toEqual({ isAllowed: false, retryAfterMs: 999 })
  })

  it('keeps some for others: a smaller limit refuses first', async () => {
    const db = openMemoryDb()
    for (let nth = 0; nth < 2; nth += 1) await takeTry(db, BUCKET, NOW)
    const refused = { isAllowed: false, retryAfterMs: 1_000 }
    expect(await takeTry(db, { ...BUCKET, max: 2 }, NOW)).toEqual(refused)
    expect(await takeTry(db, BUCKET, NOW)).toEqual({ isAllowed: true, missing: 3 })
  })

  it('has a right try back', async () => {
    const db = openMemoryDb()
    for (let nth = 0; nth < 3; nth += 1) await takeTry(db, BUCKET, NOW)
    await returnTry(db, BUCKET)
    expect(await takeTry(db, BUCKET, NOW)).toMatchObject({ isAllowed: true })
  })

  it('lets no more pass in any time than it holds and gets back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 2_500 }), { maxLength: 60 }), async (waits) => {
        const db = openMemoryDb()
        let at = NOW
        let allowed = 0
        for (const wait of waits) {
          at += wait
          if ((await takeTry(db, BUCKET, at)).isAllowed) allowed += 1
        }
        expect(allowed).toBeLessThanOrEqual(3 + Math.floor((at - NOW) / 1_000))
      }),
      { numRuns: 60 },
    )
  })
})
