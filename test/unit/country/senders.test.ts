// Who sends where: the published facts, the operator's own senders, and what follows for a route.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentRulesFor, hasAvoidedWord } from '../../../src/country/content-rules.ts'
import { makeSender, type SenderKind, senderKind } from '../../../src/country/sender.ts'
import { receiptQuality, senderStanding } from '../../../src/country/sender-rules.ts'
import { chooseSender, parseSenders } from '../../../src/country/senders.ts'
import { ORDER } from '../../../src/country/standing.ts'
import type { ProviderName } from '../../../src/sms/registry.ts'
import { readSenderLaw, renderLawTable, staleRows } from '../../../tools/country-rules/law.ts'

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

/** Before any dated rule. */
const EARLY = Date.UTC(2000, 0, 1)
const TODAY = Date.UTC(2026, 10, 28)
const unregistered = { provider: 'twilio', isRegistered: false, now: EARLY } as const

const FROM: Readonly<Record<SenderKind, string>> = {
  name: 'Lockline',
  number: '+12025550100',
  short_code: '72345',
  pool: `MG${'0'.repeat(32)}`,
}

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
    expect(senderStanding({ from: FROM[kind], kind }, { e164, country: '' }, unregistered)).toBe(
      standing,
    )
  })

  it('has one answer for any digits, country and instant', () => {
    const kind = fc.constantFrom('name', 'number', 'short_code', 'pool')
    const country = fc.oneof(fc.string(), fc.constantFrom('AU', 'GB', 'IT', 'SG'))
    const e164 = fc.stringMatching(/^\+\d{0,15}$/)
    fc.assert(
      fc.property(kind, fc.string(), e164, country, fc.integer(), (one, from, to, of, now) => {
        const standing = senderStanding(
          { from, kind: one },
          { e164: to, country: of },
          {
            ...unregistered,
            now,
          },
        )
        expect(ORDER).toContain(standing)
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
  const TURKEY = { e164: '+905012345678', country: 'TR' }
  const GERMANY = { e164: '+491512345678', country: 'DE' }
  const FRANCE = { e164: '+33612345678', country: 'FR' }

  it('takes the one set for the country, registered and with its template', () => {
    expect(chooseSender(senders(setting), twilio, TURKEY, EARLY)).toEqual({
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
    expect(chooseSender(senders(setting), twilio, GERMANY, EARLY).sender.from).toBe('Lockline')
    const { sender, standing } = chooseSender(senders(setting), infobip, TURKEY, EARLY)
    expect([sender.from, standing]).toEqual(['Lockline', 'registration'])
  })

  it('expects no answer where the sender is converted', () => {
    const number = { name: 'twilio', defaultSender: '+491512345678' } as const
    expect(chooseSender(new Map(), number, FRANCE, EARLY)).toMatchObject({
      sender: { canReceive: false },
      standing: 'converted',
    })
  })
})

describe('dated rules', () => {
  const standing = (
    from: string,
    country: string,
    e164: string,
    isRegistered = false,
    now = TODAY,
  ) =>
    senderStanding(makeSender(from), { e164, country }, { provider: 'twilio', isRegistered, now })

  it.each([
    ['Lockline', 'ES', '+34612345678', 'blocked'],
    ['Lockline', 'FI', '+358412345678', 'branded'],
    ['Lockline', 'IE', '+353850123456', 'branded'],
    ['Lockline', 'SG', '+6581234567', 'branded'],
    ['+12025550100', 'SG', '+6581234567', 'branded'],
    ['Lockline', 'TH', '+66812345678', 'blocked'],
    ['Lockline', 'AU', '+61412345678', 'blocked'],
    ['Lockline', 'IN', '+919812345678', 'converted'],
    ['Lockline', 'CZ', '+420601123456', 'registration'],
    ['Lockline', 'US', '+12025550123', 'blocked'],
    ['+12025550100', 'US', '+12025550123', 'registration'],
    ['+12025550100', 'NG', '+2348031234567', 'refused'],
    ['Lockline', 'SA', '+966512345678', 'blocked'],
    ['+12025550100', 'GB', '+447400123456', 'blocked'],
    ['+447400123457', 'GB', '+447400123456', 'allowed'],
    ['447400123457', 'GB', '+447400123456', 'allowed'],
    ['Lockline', 'GB', '+447400123456', 'allowed'],
    ['+12025550100', 'IT', '+393123456789', 'blocked'],
  ] as const)('%s to %s stands as it should', (from, country, e164, expected) => {
    expect(standing(from, country, e164)).toBe(expected)
  })

  it('are met by a registration that the operator names', () => {
    expect(standing('Lockline', 'IE', '+353850123456', true)).toBe('allowed')
    expect(standing('Lockline', 'IN', '+919812345678', true)).toBe('allowed')
    expect(standing('+12025550100', 'US', '+12025550123', true)).toBe('allowed')
    // What is blocked whoever has registered it stays so.
    expect(standing('+12025550100', 'GB', '+447400123456', true)).toBe('blocked')
  })

  it('are in force from their day on', () => {
    const dayAt = Date.UTC(2025, 6, 3)
    expect(standing('Lockline', 'IE', '+353850123456', false, dayAt - 1)).toBe('allowed')
    expect(standing('Lockline', 'IE', '+353850123456', false, dayAt)).toBe('branded')
  })

  it('of one provider go before those of all', () => {
    const at = (provider: ProviderName, country: string, e164: string) =>
      senderStanding(
        makeSender('Lockline'),
        { e164, country },
        { provider, isRegistered: false, now: TODAY },
      )
    expect(at('vonage', 'AU', '+61412345678')).toBe('branded')
    expect(at('vonage', 'IT', '+393123456789')).toBe('blocked')
    expect(at('twilio', 'IT', '+393123456789')).toBe('registration')
    expect(at('infobip', 'GB', '+447400123456')).toBe('registration')
  })

  it('are named when nobody has looked at them for 180 days', () => {
    const rows = readSenderLaw(
      readFileSync(
        new URL('../../../tools/country-rules/sender-law.json', import.meta.url),
        'utf8',
      ),
    )
    expect(staleRows(rows, Date.UTC(2026, 10, 28))).toEqual([])
    expect(staleRows(rows, Date.UTC(2028, 0, 1))).toEqual(rows)
  })

  it('are said once for a case, in words that are known', () => {
    const row = {
      country: 'XX',
      senders: ['name'],
      standing: 'blocked',
      since: '2026',
      readOn: '2026-01-01',
      evidence: 'primary',
      sources: ['law'],
      note: '',
    }
    const sources = { law: { name: 'A law', address: 'https://law.example/{country}' } }
    const read = (...rows: readonly object[]) =>
      readSenderLaw(JSON.stringify({ about: '', sources, rows }))
    expect(renderLawTable(read(row))).toContain('[A law](https://law.example/xx)')
    expect(() => read(row, { ...row, senders: ['short_code', 'name'] })).toThrow('XX name')
    expect(() => read({ ...row, standing: 'perhaps' })).toThrow()
    expect(() => read({ ...row, since: '2026-01' })).toThrow()
    expect(() => read({ ...row, sources: ['hearsay'] })).toThrow('hearsay')
    expect(() => read({ ...row, unregistered: 'branded' })).toThrow('registration')
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
  it.each(['TW', 'CN', 'TH', 'VN', 'PH', 'MY', 'SG', 'IN', 'TR', 'SA', 'RO', 'AE', 'DK'])(
    'ban links to %s',
    (country) => {
      expect(contentRulesFor(country).link).toBe('banned')
    },
  )

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

describe('templates by the name of the text', () => {
  const ids = (template_ids: Readonly<Record<string, string>>, prefix = '+91', more = {}) =>
    parseSenders(JSON.stringify({ [prefix]: { aws: { from: 'LOCKLN', template_ids, ...more } } }), [
      'aws',
      'infobip',
    ])
  const LAST = { 'en login, bare': '7', 'en several logins, bare': '8' }

  it('are chosen by what is sent', () => {
    const parsed = ids({ ...LAST, 'hi login': '9' }, '+91', { entity_id: 'e1' })
    const sender = parsed.ok ? parsed.value.get('+91')?.get('aws') : undefined
    expect(sender?.template).toBeUndefined()
    expect(sender?.templates?.get('hi login')).toEqual({ templateId: '9', entityId: 'e1' })
  })

  it.each([
    [
      'of no text of ours',
      ids({ ...LAST, 'en logins': '9' }),
      'names “en logins”, which is no text',
    ],
    ['without the barest', ids({ 'en login': '9' }), 'lacks “en login, bare”, without which'],
    ['beside one id for all', ids(LAST, '+91', { template_id: '1' }), 'has a template_id and'],
    ['of another country', ids(LAST, '+90'), 'has template_ids, which are of +91 alone'],
  ])('%s are a fault at the start', (_what, parsed, said) => {
    expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining(said) })
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
