// Whoever has a whole network of addresses has one budget.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressLimits } from '../../../src/guard/address-limits.ts'
import { countTry } from '../../../src/guard/limits.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { HOUR_MS } from '../../../src/lib/time.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const NOW = Date.UTC(2026, 10, 24, 14, 3)
const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const LIMIT = { max: 5, windowMs: HOUR_MS }

async function passed(addresses: readonly string[]): Promise<number> {
  const db = openMemoryDb()
  let count = 0
  for (const ip of addresses) {
    const verdict = await countTry(db, await addressLimits(KEYS, 'try', ip, LIMIT), NOW)
    if (verdict.isAllowed) count += 1
  }
  return count
}

const scopes = async (ip: string) =>
  (await addressLimits(KEYS, 'try', ip, LIMIT)).map(({ scope, max }) => `${scope} ${max}`)

const hex = fc.integer({ min: 0, max: 0xffff }).map((group) => group.toString(16))

describe('C3 tries from one place', () => {
  it('are those of a whole /64, in any spelling', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hex, { minLength: 26, maxLength: 26 }), async (groups) => {
        expect(await passed(groups.map((group) => `2001:db8:1:2:${group}::${group}`))).toBe(5)
      }),
      { numRuns: 20 },
    )
  })

  it('are those of a whole /48, four times as many', async () => {
    const addresses = Array.from(
      { length: 40 },
      (_, index) => `2001:db8:1:${index.toString(16)}::1`,
    )
    expect(await passed(addresses)).toBe(20)
  })

  it('are those of one address of version 4, also where a dual stack maps it', async () => {
    expect(await passed(Array.from({ length: 9 }, () => '203.0.113.77'))).toBe(5)
    expect(await scopes('::ffff:203.0.113.77')).toEqual(await scopes('203.0.113.77'))
    expect(await scopes('203.0.113.77')).not.toEqual(await scopes('203.0.113.78'))
  })

  it.each(['unknown', '', 'x', '1.2.3', '2001:db8::1%eth0'])(
    '%j counts with all that is unreadable',
    async (ip) => {
      expect(await scopes(ip)).toEqual(await scopes('unknown'))
    },
  )
})
