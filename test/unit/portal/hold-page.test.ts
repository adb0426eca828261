// The countdown of a hold.

import { describe, expect, it } from 'vitest'
import { timeLeft } from '../../../src/portal/hold/page.ts'

const HOUR_MS = 3_600_000

describe('what is left of a hold', () => {
  it.each([
    [24 * HOUR_MS, 24, 0],
    [24 * HOUR_MS - 1, 24, 0],
    [24 * HOUR_MS - 60_000, 23, 59],
    [HOUR_MS, 1, 0],
    [HOUR_MS - 1, 1, 0],
    [1, 0, 1],
    [0, 0, 0],
    [-HOUR_MS, 0, 0],
  ])('of %i ms is %i h %i min', (leftMs, hours, minutes) => {
    expect(timeLeft(1_000_000 + leftMs, 1_000_000)).toEqual({ hours, minutes })
  })
})
