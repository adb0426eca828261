// How often an isolate reads what others know of providers: once a second, whatever the clock does meanwhile.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createBreakerBoard } from '../../../src/routing/breaker-board.ts'
import { readBoard } from '../../../src/routing/read-board.ts'
import type { RoutingContext } from '../../../src/routing/routing-context.ts'
import { NOW } from '../deliver/fixtures.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Whether it is read again at that instant, after it was at `NOW`. */
async function isReadAgain(now: number) {
  const breakers = createBreakerBoard()
  const at = (instant: number) => {
    // Without a database: the reading fails, which is told and thrown at nobody.
    const parts: Partial<RoutingContext> = { breakers, now: () => instant }
    const context: RoutingContext = Object.assign(Object.create(null), parts)
    return readBoard(context)
  }
  await at(NOW)
  const again = at(now)
  await again
  return again !== null
}

it('the board is read once a second', async () => {
  expect([await isReadAgain(NOW + 999), await isReadAgain(NOW + 1_000)]).toEqual([false, true])
})

it('the board is read where the clock was set back meanwhile', async () => {
  expect(await isReadAgain(NOW - 3_600_000)).toBe(true)
})
