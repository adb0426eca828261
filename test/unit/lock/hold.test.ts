// How long withdrawals are held: long enough to help, never so long that a link becomes a weapon.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideHoldUntil } from '../../../src/lock/hold.ts'

/** The promise itself, not what the code takes for it. */
const HOLD_MS = 24 * 3_600_000
const NOW = Date.UTC(2026, 10, 23)
const instant = fc.integer({ min: NOW - 3 * HOLD_MS, max: NOW + 3 * HOLD_MS })
const maybe = fc.option(instant, { nil: null })

it('is of a day, as every text and page says', () => {
  expect(HOLD_MS).toBe(24 * 60 * 60 * 1_000)
})

describe('decideHoldUntil', () => {
  it('holds a free account for 24 hours from now, whatever its logins', () => {
    fc.assert(
      fc.property(maybe, instant, (latestLoginAt, now) => {
        for (const heldUntil of [null, now, now - 1]) {
          expect(decideHoldUntil({ heldUntil, latestLoginAt }, now)).toBe(now + HOLD_MS)
        }
      }),
    )
  })

  it('never shortens a hold', () => {
    fc.assert(
      fc.property(instant, maybe, instant, (heldUntil, latestLoginAt, now) => {
        expect(decideHoldUntil({ heldUntil, latestLoginAt }, now)).toBeGreaterThanOrEqual(heldUntil)
      }),
    )
  })

  it('never moves the end of a running hold past 24 hours from the newest login', () => {
    fc.assert(
      fc.property(instant, maybe, instant, (heldUntil, latestLoginAt, now) => {
        fc.pre(heldUntil > now)
        const until = decideHoldUntil({ heldUntil, latestLoginAt }, now)
        expect(until).toBeLessThanOrEqual(Math.max(heldUntil, (latestLoginAt ?? 0) + HOLD_MS))
        expect(until).toBeLessThanOrEqual(Math.max(heldUntil, now + HOLD_MS))
      }),
    )
  })

  it('gives up on moving a hold however often the same link is used', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(HOLD_MS - 1), { minLength: 1 }), (offsets) => {
        let heldUntil: number | null = null
        for (const offset of offsets.sort((a, b) => a - b)) {
          heldUntil = decideHoldUntil({ heldUntil, latestLoginAt: NOW }, NOW + offset)
        }
        expect(heldUntil).toBe(NOW + (offsets[0] ?? 0) + HOLD_MS)
      }),
    )
  })

  it('follows a newer login: that one deserves its 24 hours too', () => {
    const heldUntil = NOW + HOLD_MS
    const latestLoginAt = NOW + HOLD_MS / 2
    expect(decideHoldUntil({ heldUntil, latestLoginAt }, latestLoginAt + 5_000)).toBe(
      latestLoginAt + HOLD_MS,
    )
  })

  it('does not believe a login of the future', () => {
    const facts = { heldUntil: NOW + 1, latestLoginAt: NOW + HOLD_MS }
    expect(decideHoldUntil(facts, NOW)).toBe(NOW + HOLD_MS)
  })
})
