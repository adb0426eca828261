// Which release answers: told where it has a name, and only then.

import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { tellRelease } from '../../../src/api/release.ts'
import type { RouteEnv } from '../../../src/lib/route-env.ts'

const app = new Hono<RouteEnv<{ readonly release: string | null }>>()
app.use('/healthz', tellRelease)
app.get('/healthz', (c) => c.json({ status: 'ok' }))

it.each([
  ['0.1.0-3fa9c1d2b4e5', '0.1.0-3fa9c1d2b4e5'],
  [null, null],
])('%s is told as %s', async (release, told) => {
  const answer = await app.request('/healthz', {}, { context: { release } })
  expect(answer.headers.get('lockline-release')).toBe(told)
  expect(await answer.json()).toEqual({ status: 'ok' })
})
