// Who sends where: the published facts, the operator's own senders, and what follows for a route.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentRulesFor, hasAvoidedWord } from '../../../src/country/content-rules.ts'
import { makeSender, senderKind } from '../../../src/country/sender.ts'
import { ORDER, receiptQuality, senderStanding } from '../../../src/country/sender-rules.ts'
import { chooseSender, parseSenders } from '../../../src/country/senders.ts'
import type { ProviderName } from '../../../src/sms/registry.ts'

const CONFIGURED: readonly ProviderName[] = ['twilio', 'infobip']

function senders(setting: unknown) {
  const parsed = parseSenders(setting, CONFIGURED)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

describe('senderKind', () => {
  it.each([
    ['+12025550100', 'number'],
    ['12025550100', 'number'],
    ['72345', 'short_code'],
    ['Lockline', 'name'],
    ['My Exchange', 'name'],
    [`MG${'0'.repeat(32)}`, 'pool'],
    ['arn:aws:sms-voice:eu-west-1:1:pool/x', 'pool'],
  ])('%s is a %s', (from, kind) => {
    expect(senderKind(from)).toBe(kind)
    expect(makeSender(from).canReceive).toBe(kind !== 'name')
  })
})

describe('senderStanding', () => {
  it.each([
    ['name', '+491512345678', 'allowed'],
    ['name', '+12025550123', 'converted'],
    ['number', '+12025550123', 'limited'],
    ['name', '+12641234567', 'allowed'],
    ['name', '+905012345678', 'registration'],
    ['name', '+5351234567', 'refused'],
    ['pool', '+5351234567', 'allowed'],
    ['name', '+999123456789', 'unknown'],
  ] as const)('of a %s at %s is %s', (kind, e164, standing) => {
    expect(senderStanding(kind, e164)).toBe(standing)
  })

  it('has one answer for any digits', () => {
    const kind = fc.constantFrom('name', 'number', 'short_code', 'pool')
    fc.assert(
      fc.property(kind, fc.stringMatching(/^\+\d{0,15}$/), (one, e164) => {
        expect(ORDER).toContain(senderStanding(one, e164))
      }),
    )
  })

  it('knows what receipts are worth', () => {
    expect(receiptQuality('+491512345678')).toBe('handset')
    expect(receiptQuality('+12025550123')).toBe('carrier')
    expect(receiptQuality('+5491123456789')).toBe('none')
    expect(receiptQuality('+999')).toBe('unknown')
  })
})

describe('chooseSender', () => {
  const setting =
    '{"+1":{"twilio":"+12025550100"},"+90":{"twilio":{"from":"BitEx","template_id":"t1","entity_id":"e1"}}}'
  const twilio = { name: 'twilio', defaultSender: 'Lockline' } as const
  const infobip = { name: 'infobip', defaultSender: 'Lockline' } as const

  it('takes the one set for the country, registered and with its template', () => {
    expect(chooseSender(senders(setting), twilio, '+905012345678')).toEqual({
      sender: {
        from: 'BitEx',
        kind: 'name',
        canReceive: false,
        template: { templateId: 't1', entityId: 'e1' },
      },
      standing: 'allowed',
    })
  })

  it('takes the provider’s own elsewhere, and for other providers', () => {
    expect(chooseSender(senders(setting), twilio, '+491512345678').sender.from).toBe('Lockline')
    const { sender, standing } = chooseSender(senders(setting), infobip, '+905012345678')
    expect([sender.from, standing]).toEqual(['Lockline', 'registration'])
  })

  it('expects no answer where the sender is converted', () => {
    const number = { name: 'twilio', defaultSender: '+491512345678' } as const
    expect(chooseSender(new Map(), number, '+33612345678')).toMatchObject({
      sender: { canReceive: false },
      standing: 'converted',
    })
  })
})

describe('parseSenders', () => {
  it.each([
    'null',
    '7',
    '{',
    '{"1":{"twilio":"x"}}',
    '{"+1":"x"}',
    '{"+1":{"twilio":""}}',
    '{"+1":{"twilio":{"template_id":"x"}}}',
    '{"+1":{"twilio":{"from":"x","other":"y"}}}',
    '{"+1":{"vonage":"x"}}',
  ])('refuses %s', (setting) => {
    expect(parseSenders(setting, CONFIGURED).ok).toBe(false)
  })

  it('is total', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (setting) => {
        expect(typeof parseSenders(setting, CONFIGURED).ok).toBe('boolean')
      }),
    )
  })
})

describe('content rules', () => {
  it.each(['TW', 'CN', 'TH', 'VN', 'PH', 'MY', 'SG', 'IN'])('ban links to %s', (country) => {
    expect(contentRulesFor(country).link).toBe('banned')
  })

  it('allow them where nothing is known against it', () => {
    for (const country of ['DE', 'US', 'XX', '']) {
      expect(contentRulesFor(country).link).toBe('allowed')
    }
  })

  it('bar a name that speaks of the trade, where carriers filter that', () => {
    expect(hasAvoidedWord('BitcoinHaus', 'VN')).toBe(true)
    expect(hasAvoidedWord('BitcoinHaus', 'DE')).toBe(false)
    expect(hasAvoidedWord('Haus', 'VN')).toBe(false)
  })
})

describe('a template without the id of its principal', () => {
  const setting = '{"+91":{"infobip":{"from":"LOCKLN","template_id":"1"}}}'

  it('is refused for Infobip, which would refuse each SMS', () => {
    expect(parseSenders(setting, ['infobip'])).toEqual({
      ok: false,
      error: '+91 infobip has a template_id and no entity_id',
    })
  })

  it('is taken for a provider that asks for none', () => {
    expect(parseSenders(setting.replace('infobip', 'aws'), ['aws']).ok).toBe(true)
  })
})
