// What the platform counts in front of D1: whom together, what apart, and what happens where it does not count.

import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Door, type FrontLimitContext, frontLimit } from '../../../src/guard/front-limit.ts'
import type { RouteEnv } from '../../../src/lib/route-env.ts'

const MAX = 3

/** As wrangler.toml's, of one window that never ends. */
function counter(): RateLimit {
  const counts = new Map<string, number>()
  return {
    limit: async ({ key }) => {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return { success: count <= MAX }
    },
  }
}

function start(strangers: RateLimit | null) {
  const app = new Hono<RouteEnv<FrontLimitContext>>()
  const door = (name: Door) =>
    frontLimit<RouteEnv<FrontLimitContext>>(
      name,
      async (c) => c.text('', 429),
      (c) => c.req.header('cookie') !== 'none',
    )
  app.get('/lock', door('lock'), (c) => c.text('in'))
  app.get('/portal', door('portal'), (c) => c.text('in'))
  return async (path: string, headers: Readonly<Record<string, string>> = {}) =>
    (await app.request(path, { headers }, { context: { strangers } })).status
}

async function times(count: number, ask: () => Promise<number>): Promise<readonly number[]> {
  const statuses: number[] = []
  for (let index = 0; index < count; index += 1) statuses.push(await ask())
  return statuses
}

let logged: unknown[] = []
beforeEach(() => {
  logged = []
  const note = (line: unknown) => logged.push(line)
  vi.spyOn(console, 'log').mockImplementation(note)
  vi.spyOn(console, 'error').mockImplementation(note)
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('a limit in front of D1', () => {
  it('counts one address, and says so once refused', async () => {
    const ask = start(counter())
    const from = (ip: string) => () => ask('/lock', { 'cf-connecting-ip': ip })
    expect(await times(MAX + 1, from('203.0.113.7'))).toEqual([200, 200, 200, 429])
    expect(logged).toEqual(['{"event":"limit.reached","limit":"front-lock"}'])
    expect(await times(1, from('203.0.113.8'))).toEqual([200])
  })

  it('C3 counts a whole /64 as one', async () => {
    const ask = start(counter())
    let host = 0
    const anew = (net: string) => () => {
      host += 1
      return ask('/lock', { 'cf-connecting-ip': `2001:db8:1:${net}::${host}` })
    }
    expect(await times(MAX + 1, anew('2'))).toEqual([200, 200, 200, 429])
    expect(await times(1, anew('3'))).toEqual([200])
  })

  it('counts each door by itself', async () => {
    const ask = start(counter())
    expect(await times(MAX + 1, () => ask('/lock'))).toEqual([200, 200, 200, 429])
    expect(await ask('/portal')).toBe(200)
  })

  it('does not count what reaches no storage', async () => {
    const ask = start(counter())
    const statuses = await times(MAX + 2, () => ask('/portal', { cookie: 'none' }))
    expect(statuses).toEqual([200, 200, 200, 200, 200])
  })

  it('is not there where the deployment has none', async () => {
    const ask = start(null)
    expect(await times(MAX + 1, () => ask('/lock'))).toEqual([200, 200, 200, 200])
  })

  it('lets everybody through when the platform does not count, and says so', async () => {
    const ask = start({ limit: () => Promise.reject(new Error('the counter does not answer')) })
    expect(await ask('/lock')).toBe(200)
    expect(logged).toEqual([expect.stringContaining('"event":"request.failed"')])
  })
})
