// Which providers may carry a message: the longest prefix decides, and a bad setting is named.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseRoute, parseRoutes } from '../../../src/routing/route.ts'
import { PROVIDERS } from '../deliver/fixtures.ts'

const NOW = Date.UTC(2026, 10, 28)
const CONFIGURED = ['twilio', 'infobip', 'vonage', 'telnyx'] as const

function routed(setting: unknown, to: string) {
  const routes = parseRoutes(setting, CONFIGURED)
  if (!routes.ok) throw new Error(routes.error)
  // A country that no dated rule speaks of: the route alone.
  const phone = { e164: to, country: 'AX' } as const
  const settings = { providers: PROVIDERS, routes: routes.value, senders: new Map() }
  return chooseRoute(settings, phone, NOW).map(({ provider }) => provider.name)
}

describe('chooseRoute', () => {
  const setting = '{"+1":["vonage"],"+1202":["infobip","twilio"],"+12025550123":["telnyx"]}'
  it.each([
    ['+12025550123', ['telnyx']],
    ['+12025550124', ['infobip', 'twilio']],
    ['+13105550123', ['vonage']],
    ['+4915112345678', [...CONFIGURED]],
  ])('%s goes to %j', (to, names) => {
    expect(routed(setting, to)).toEqual(names)
  })

  it('is the order of preference without any route', () => {
    for (const none of [undefined, '', '{}', {}]) {
      expect(routed(none, '+12025550123')).toEqual([...CONFIGURED])
    }
  })

  it('is never empty, whatever the number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (to) => {
        expect(routed(setting, to).length).toBeGreaterThan(0)
      }),
    )
  })

  it('asks nobody twice', () => {
    expect(routed('{"+1":["twilio","twilio"]}', '+12025550123')).toEqual(['twilio'])
  })
})

describe('parseRoutes', () => {
  it.each([
    'null',
    '7',
    '{',
    '{"1":["twilio"]}',
    '{"+0":["twilio"]}',
    '{"+":["twilio"]}',
    '{"+1":[]}',
    '{"+1":"twilio"}',
    '{"+1":[7]}',
    '{"+1234567890123456":["twilio"]}',
  ])('refuses %s', (setting) => {
    expect(parseRoutes(setting, CONFIGURED)).toEqual({
      ok: false,
      error: 'must be JSON like {"+1":["twilio","infobip"]}',
    })
  })

  it('refuses a provider that is not configured, without quoting the setting', () => {
    expect(parseRoutes('{"+1":["twilio"],"+66":["sinch"]}', CONFIGURED)).toEqual({
      ok: false,
      error: 'names a provider that is not in SMS_PROVIDERS',
    })
  })

  it('is total', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json(), fc.string()), (setting) => {
        expect(typeof parseRoutes(setting, CONFIGURED).ok).toBe('boolean')
      }),
    )
  })
})
