// What a look at a lock page costs: one check of a signature, by a key that the isolate has, and nothing else that waits.

import { afterEach, expect, it, vi } from 'vitest'
import { mintLockToken } from '../../../src/lock/link.ts'
import { lockRoutes } from '../../../src/lock/routes.ts'
import { randomBytes } from '../../support/ports.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

it('one HMAC, no key imported, no call of storage', async () => {
  const now = Date.UTC(2026, 10, 23)
  const linkKeys = [randomBytes(32)] as const
  const expiresAtSeconds = now / 1_000 + 3_600
  const claims = { accountId: '10482113', alertNumber: 7, expiresAtSeconds }
  const url = `https://lock.example.com/l/${await mintLockToken(linkKeys, claims)}`
  // Without any binding: whoever asks one throws.
  const config = { linkKeys, exchangeName: 'BitEx', lockActions: ['sessions.revoke'] }
  const look = () => lockRoutes.request(url, {}, { context: { config, now: () => now } })
  expect((await look()).status).toBe(200)

  const calls: string[] = []
  for (const name of ['importKey', 'deriveBits', 'digest', 'sign', 'verify'] as const) {
    const real = crypto.subtle[name].bind(crypto.subtle) as (...given: unknown[]) => unknown
    vi.spyOn(crypto.subtle, name).mockImplementation(((...given: unknown[]) => {
      calls.push(name)
      return real(...given)
    }) as never)
  }
  expect((await look()).status).toBe(200)
  expect(calls).toEqual(['verify'])
})
