// Fields that are only shown, most of them chosen by whoever logs in: none refuses an event, none makes it look usual.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../../src/ingest/event.ts'
import { loginFacts } from '../../../src/ingest/login-facts.ts'
import { MARK_PARAMETERS } from '../../../src/login/known-marks.ts'
import { openPlaceTable } from '../../../src/place/place-table.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { anyText } from '../../support/any-text.ts'

const RECEIVED_AT = Date.UTC(2026, 10, 23, 14, 3, 27)
const placeTable = openPlaceTable(
  new Uint8Array(readFileSync(new URL('../../../src/place/place-table.bin', import.meta.url)))
    .buffer,
)
const sources = { placeTable, dataKeys: [new Uint8Array(32).fill(1)] } as const
const FIELDS = [
  'ip',
  'user_agent',
  'device_name',
  'locale',
  'country',
  'city',
  'session_expires_at',
] as const
const OWNERS = {
  ip: '81.2.69.142',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
}

function read(fields: Readonly<Record<string, unknown>>) {
  const parsed = parseEvent(
    {
      type: 'login.succeeded',
      timestamp: new Date(RECEIVED_AT).toISOString(),
      data: { account_id: '1001', session_id: 's_1', ...fields },
    },
    RECEIVED_AT,
  )
  if (!parsed.ok) throw new Error(`refused: ${JSON.stringify(parsed.error)}`)
  return parsed.value
}

function shown(fields: Readonly<Record<string, unknown>>) {
  const event = read(fields)
  if (event.type !== 'login.succeeded') throw new Error('no login')
  return event.data
}

function factsOf(fields: Readonly<Record<string, unknown>>, alertId = 'alr_1') {
  const event = read(fields)
  if (event.type !== 'login.succeeded') throw new Error('no login')
  return loginFacts(sources, event, alertId, RECEIVED_AT)
}

const nasty = fc.oneof(
  fc.jsonValue(),
  anyText({ maxLength: 400 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\u202e',
    '*',
    'x'.repeat(60_000),
    '😀'.repeat(15_000),
  ),
  fc.nat(60_000).map((length) => '\u0007\ud83d'.repeat(length / 2)),
)

describe('a field that is only shown', () => {
  it('A1 refuses no event and throws nothing, whatever stands in it', async () => {
    const fields = fc.record(Object.fromEntries(FIELDS.map((name) => [name, nasty])), {
      requiredKeys: [],
    })
    await fc.assert(
      fc.asyncProperty(fields, async (given) => {
        const facts = await factsOf(given)
        expect([...(facts.deviceName ?? '')].length).toBeLessThanOrEqual(256)
        expect([...(facts.city ?? '')].length).toBeLessThanOrEqual(128)
        for (const text of [facts.deviceName, facts.city, facts.locale, facts.country]) {
          expect(text ?? 'x').not.toMatch(/^$|[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u)
        }
      }),
    )
  })

  it.each(FIELDS)('A1 %s: "", null, nothing and another type are alike not given', (name) => {
    for (const value of ['', null, undefined, 7, true, [], ['a'], {}, { a: 'b' }]) {
      expect(shown({ [name]: value })[name]).toBe(null)
    }
  })

  it.each([
    ['device_name', 256],
    ['city', 128],
    ['user_agent', 512],
  ] as const)('A1 %s is cut after %i code points', (name, limit) => {
    expect(shown({ [name]: '😀'.repeat(limit + 1) })[name]).toBe('😀'.repeat(limit))
    expect(shown({ [name]: `${'a'.repeat(limit - 1)}😀b` })[name]).toBe(
      `${'a'.repeat(limit - 1)}😀`,
    )
  })

  it('A1 keeps a name to one line, and the text around it in its direction', () => {
    expect(shown({ device_name: ' Ann\u2019s\u202e \u0000i\nPhone\u2069 ' }).device_name).toBe(
      'Ann\u2019s  i Phone',
    )
    expect(shown({ device_name: 'a\ud800b' }).device_name).toBe('a\ufffdb')
  })

  it.each([
    ['zh-TW', 'zh-TW'],
    ['sv', 'sv'],
    ['de_DE.UTF-8', 'de_DE'],
    ['de-CH,de;q=0.9,en;q=0.8', 'de'],
    ['is,fr;q=0.8,de;q=0.9', 'de'],
    ['en-US,en;q=0.5', 'en'],
    ['*', null],
    ['is-IS,is;q=0.9,*;q=0.1', null],
    ['../etc/passwd', null],
  ])('A1 the locale %j is read as %j', (locale, expected) => {
    expect(shown({ locale }).locale).toBe(expected)
  })

  it('A1 a list names the best language that there is', () => {
    for (const { tag } of LANGUAGES) {
      expect(shown({ locale: `is;q=0.95,${tag};q=0.9,en;q=0.1` }).locale).toBe(tag)
    }
  })

  it.each([
    ['DE', 'DE'],
    ['de', 'DE'],
    [' XK', 'XK'],
    ['XX', null],
    ['T1', null],
    ['DEU', null],
    ['ДЕ', null],
  ])('A1 the country %j is read as %j', (country, expected) => {
    expect(shown({ country }).country).toBe(expected)
  })

  it.each(['2026-11-24', 'tomorrow', '2026-02-31T00:00:00Z'])(
    'A1 an end of the session that is none, %j, is not given',
    (text) => {
      expect(shown({ session_expires_at: text }).session_expires_at).toBe(null)
      const at = '2026-11-24T14:03:27Z'
      expect(shown({ session_expires_at: at }).session_expires_at).toBe(Date.parse(at))
    },
  )
})

describe('what an intruder chooses', () => {
  const paths = async (fields: Readonly<Record<string, unknown>>, alertId: string) => {
    const login = { ...(await factsOf(fields, alertId)), claim: 'c' }
    return (['devicePath', 'countryPath', 'networkPath'] as const).map((name) =>
      MARK_PARAMETERS[name]?.(login),
    )
  }

  it('A1 makes no second login of nothing a known one: each is new in device, country and network', async () => {
    const hidden = { user_agent: '\u0000', ip: 'unknown' }
    const [first, second] = [await paths(hidden, 'alr_1'), await paths(hidden, 'alr_2')]
    for (const [at, path] of first.entries()) expect(second[at]).not.toBe(path)
  })

  it('A1 in front of his address takes him neither to the owner\u2019s network nor to his country', async () => {
    const known = await paths(OWNERS, 'alr_1')
    const forged = fc.constantFrom(', ', ',', ' , 10.0.0.1, ', ',,', ', garbage, ', ', "x", ')
    await fc.assert(
      fc.asyncProperty(forged, fc.constantFrom('8.8.8.8', '2a00:1450::1'), async (joint, own) => {
        const [, country, network] = await paths(
          { ...OWNERS, ip: OWNERS.ip + joint + own },
          'alr_2',
        )
        expect(network).not.toBe(known[2])
        expect(country).not.toBe(known[1])
      }),
    )
  })

  it('A1 never makes an address of his the owner\u2019s, however it is written', async () => {
    const known = await paths(OWNERS, 'alr_1')
    await fc.assert(
      fc.asyncProperty(nasty, async (ip) => {
        expect((await paths({ ...OWNERS, ip }, 'alr_2'))[2]).not.toBe(known[2])
      }),
    )
  })
})
