// What a profile does to the API: fewer alerts than it lets an owner choose are refused, by name, and an account is shown
// as what it gets.

import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { findAccount, saveAccountStatement } from '../../../src/account/accounts.ts'
import { accountRoutes } from '../../../src/api/account-routes.ts'
import type { ApiContext } from '../../../src/api/api-context.ts'
import { paths } from '../../../src/paths.ts'
import { ID, type OwnerPages, ownerPages } from '../portal/owner-pages.ts'

async function call({ context }: OwnerPages, method: 'GET' | 'PUT', body?: unknown) {
  const app = new Hono().route('/', accountRoutes)
  const response = await app.request(
    paths.account.replace(':accountId', ID),
    {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
    { context: context as unknown as ApiContext },
  )
  return { status: response.status, body: await response.json() }
}

describe('alerts by the API under a profile', () => {
  it.each([
    ['sg', 'off', 'all or unusual'],
    ['hk', 'off', 'all'],
    ['hk', 'unusual', 'all'],
    ['sg hk', 'off', 'all'],
  ] as const)(
    'of %s may not be %s, and nothing of the import is stored',
    async (PROFILE, alerts, choices) => {
      const pages = await ownerPages({ PROFILE })
      const refused = await call(pages, 'PUT', { alerts, locale: 'de' })
      expect(refused.status).toBe(422)
      const names = PROFILE.split(' ').sort().join(' ')
      expect(refused.body).toMatchObject({
        code: 'invalid_request',
        errors: [
          {
            pointer: '/alerts',
            detail: `must be ${choices}: fewer alerts are not allowed under PROFILE ${names}`,
          },
        ],
      })
      expect(await findAccount(pages.db, ID)).toMatchObject({ alerts: 'all', locale: null })
    },
  )

  it.each([
    ['sg', 'unusual', 'unusual'],
    ['sg', null, 'all'],
    ['hk', 'all', 'all'],
    ['jp', 'off', 'off'],
    ['', 'off', 'off'],
  ] as const)('of %j may be %j', async (PROFILE, alerts, shown) => {
    const pages = await ownerPages({ PROFILE })
    const saved = await call(pages, 'PUT', { alerts })
    expect([saved.status, saved.body]).toMatchObject([200, { alerts: shown }])
  })

  it.each([
    ['', 'off', true],
    ['sg', 'unusual', false],
    ['hk', 'all', false],
  ] as const)(
    'of %j are shown, of an owner who had chosen none, as %s',
    async (PROFILE, alerts, link) => {
      const pages = await ownerPages({ PROFILE })
      await saveAccountStatement(pages.db, ID, { alerts: 'off' }, pages.clock.now)
      const { body } = await call(pages, 'GET')
      expect(body).toMatchObject({ alerts, phone: { sms: { link } } })
    },
  )
})
