// What a text may hold on its way: the exchange's name is in every one, and some names are links to a phone.

import { expect, it } from 'vitest'
import type { Phone } from '../../../src/account/phone.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import { makeSender } from '../../../src/country/sender.ts'
import { textRules } from '../../../src/deliver/text-rules.ts'
import { aProvider } from './fixtures.ts'

const SG = { e164: '+6591234567', country: 'SG' } as const
const DE = { e164: '+4915123456789', country: 'DE' } as const
const IN = { e164: '+919812345678', country: 'IN' } as const

const barred = (exchangeName: string, to: Phone, registered = {}) => {
  const sender = makeSender('LOCKLN', registered)
  const step = { provider: aProvider('infobip'), sender, standing: 'allowed' } as const
  return textRules(step, to, { exchangeName, profile: NO_PROFILE }).isNameBarred
}

it('a name that phones read as a link goes unsaid where links are banned', () => {
  expect([barred('Example.com', SG), barred('Example.com', DE)]).toEqual([true, false])
  expect([barred('Example', SG), barred('St. Example', SG)]).toEqual([false, false])
})

it('but not in a text that was registered with it', () => {
  const template = { templateId: '1' }
  expect(barred('Example.com', IN)).toBe(true)
  expect(barred('Example.com', IN, { template })).toBe(false)
  expect(barred('Example.com', IN, { templates: new Map([['en login, bare', template]]) })).toBe(
    false,
  )
})
