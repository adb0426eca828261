// What the doctor says of senders: the Worker's own rules, over every country.

import { expect, it } from 'vitest'
import { parseSenders } from '../../../src/country/senders.ts'
import { configureProviders } from '../../../src/sms/registry.ts'
import { senderLines } from '../../../tools/doctor/senders.ts'
import { ports } from '../../support/ports.ts'

const NOW = Date.parse('2026-11-28T00:00:00Z')

function linesOf(names: string, senders = '') {
  const settings = {
    SMS_PROVIDERS: names,
    ...{ TELNYX_API_KEY: 'k', TELNYX_PUBLIC_KEY: 'A'.repeat(43) + '=', TELNYX_FROM: 'Lockline' },
    TELNYX_MESSAGING_PROFILE_ID: 'p',
  }
  const { providers } = configureProviders(settings, [], ports)
  const parsed = parseSenders(
    senders,
    providers.map(({ name }) => name),
  )
  if (!parsed.ok) throw new Error(parsed.error)
  const config = { providers, routes: new Map(), senders: parsed.value }
  return senderLines(config, NOW).map(({ text }) => text)
}

const unserved = (lines: readonly string[]) =>
  lines.find((line) => line.includes('have none:')) ?? ''

it('names the countries where no sender may be used, until one is registered there', () => {
  const before = linesOf('telnyx')
  expect(unserved(before)).toMatch(/\bSG\b/)
  const after = linesOf('telnyx', '{"+65":{"telnyx":"Lockline"}}')
  expect(unserved(after)).not.toMatch(/\bSG\b/)
})

it('warns where nobody takes over', () => {
  expect(linesOf('telnyx')).toContain('one provider is configured: nobody takes over')
  expect(linesOf('telnyx sandbox')).not.toContain('one provider is configured: nobody takes over')
})
