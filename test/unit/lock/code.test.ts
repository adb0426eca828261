// Lock codes: the same for the same alert, another for any other, and never a word.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveReplyCodes, readReplyCode } from '../../../src/lock/code.ts'
import { lockClaims } from '../../../src/lock/link.ts'

const KEY = new Uint8Array(32).fill(1)
const OLD_KEY = new Uint8Array(32).fill(2)

const anyClaims = fc
  .record({
    accountId: fc.stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/),
    alertNumber: fc.integer({ min: 1, max: 9_999_999_999 }),
    occurredAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  })
  .map(({ accountId, alertNumber, occurredAt }) => lockClaims(accountId, alertNumber, occurredAt))

describe('a lock code', () => {
  it('is four letters and digits, one digit at least, and reads back', async () => {
    await fc.assert(
      fc.asyncProperty(anyClaims, async (claims) => {
        const [code] = await deriveReplyCodes([KEY], claims)
        expect(code).toMatch(/^(?=.*[2-9])[2-9A-HJ-NP-Z]{4}$/)
        expect(readReplyCode(code)).toBe(code)
        expect(readReplyCode(` lock ${code.toLowerCase()}`)).toBe(code)
        expect(await deriveReplyCodes([KEY], claims)).toEqual([code])
      }),
    )
  })

  it('tells alerts, accounts, days and keys apart', async () => {
    const at = Date.UTC(2026, 10, 23)
    const claims = [
      lockClaims('a', 1, at),
      lockClaims('a', 2, at),
      lockClaims('b', 1, at),
      lockClaims('a', 1, at + 86_400_000),
    ]
    const codes = await Promise.all(claims.map((one) => deriveReplyCodes([KEY, OLD_KEY], one)))
    expect(new Set(codes.flat()).size).toBe(8)
  })

  it('uses its alphabet evenly', async () => {
    const counts = new Map<string, number>()
    for (let alertNumber = 1; alertNumber <= 2_000; alertNumber += 1) {
      const [code] = await deriveReplyCodes([KEY], lockClaims('a', alertNumber, 0))
      for (const character of code) counts.set(character, (counts.get(character) ?? 0) + 1)
    }
    expect(counts.size).toBe(32)
    // Digits come more often, since one is demanded; no letter is rare.
    expect(Math.min(...counts.values())).toBeGreaterThan(120)
  })

  it.each(['', 'HELP', 'STOP', '7K3', '7K3QQ', '7K3O', '1234', 'LOCK', 'LOCKLOCK', '7K3ж'])(
    '%j is none',
    (text) => {
      expect(readReplyCode(text)).toBeNull()
    },
  )
})
