// Settings: one look at the result names everything that is missing or malformed, and shows no secret.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/config.ts'
import type { Setting, Settings } from '../../../src/lib/settings.ts'
import { PROVIDERS } from '../../../src/sms/registry.ts'
import { ports } from '../../support/ports.ts'
import { ANY_CARRIER_NAMES, CARRIER_KITS, createCarrierSecrets } from '../../world/carrier-kits.ts'
import type { AnyCarrierName } from '../../world/carrier-protocol.ts'

const key = (fill: number, bytes = 32) => Buffer.alloc(bytes, fill).toString('base64')

const good: Readonly<Record<string, string>> = {
  EXCHANGE_NAME: 'Example Exchange',
  PUBLIC_ORIGIN: 'https://lock.example.com',
  WEBHOOK_SECRETS: `whsec_${key(1)}`,
  API_KEYS: 'an-api-key-of-an-exchange',
  CALLBACK_URL: 'https://exchange.example.com/hooks',
  CALLBACK_SECRETS: `whsec_${key(2)}`,
  LINK_SECRETS: key(3),
  DATA_SECRETS: key(4),
  SMS_PROVIDERS: 'sandbox',
}
const REQUIRED = Object.keys(good)

/** What each provider may be given, as its simulated carrier has it. */
const providers = Object.fromEntries(
  ANY_CARRIER_NAMES.map((name) => [
    name,
    CARRIER_KITS[name].settings(createCarrierSecrets(), 'http://127.0.0.1:4010'),
  ]),
)

function requiredOf(name: AnyCarrierName): readonly string[] {
  return Object.values<Setting<unknown, never>>(PROVIDERS[name].settings)
    .filter(({ isRequired }) => isRequired)
    .map((setting) => setting.name)
}

function withSettings(changes: Settings): Settings {
  return { ...good, ...changes }
}

function problemsOf(settings: Settings) {
  const config = parseConfig(settings, ports)
  return config.ok ? [] : config.error
}

function namesOf(settings: Settings): readonly string[] {
  return problemsOf(settings).map(({ setting }) => setting)
}

function configOf(settings: Settings) {
  const config = parseConfig(settings, ports)
  if (!config.ok) throw new Error(JSON.stringify(config.error))
  return config.value
}

describe('parseConfig', () => {
  it('reads the least that is needed, with defaults for the rest', () => {
    expect(configOf(good)).toMatchObject({
      exchangeName: 'Example Exchange',
      publicOrigin: 'https://lock.example.com',
      apiKeys: [{ key: 'an-api-key-of-an-exchange' }],
      attemptTimeoutMs: 1_500,
      receiptWaitMs: 60_000,
      routes: new Map(),
      weights: new Map(),
      pins: new Map(),
      codePolicy: { countries: '*', isEnforced: true, spendCapSegments: 10_000 },
    })
    expect(configOf(good).providers.map((provider) => provider.name)).toEqual(['sandbox'])
  })

  it('names everything that is missing in one result', () => {
    expect([...namesOf({})].sort()).toEqual([...REQUIRED].sort())
    expect(new Set(problemsOf({}).map(({ problem }) => problem))).toEqual(new Set(['is missing']))
  })

  it.each(REQUIRED)('names %s alone when it alone is missing, empty or of another kind', (name) => {
    for (const value of [undefined, '', '  ', null, {}, []]) {
      expect(problemsOf(withSettings({ [name]: value }))).toEqual([
        { setting: name, problem: 'is missing' },
      ])
    }
  })

  it('names any set of missing settings, exactly', () => {
    fc.assert(
      fc.property(fc.subarray(REQUIRED), (missing) => {
        const settings = Object.fromEntries(
          Object.entries(good).filter(([name]) => !missing.includes(name)),
        )
        expect([...namesOf(settings)].sort()).toEqual([...missing].sort())
      }),
    )
  })
})

describe('a malformed setting', () => {
  it.each([
    ['PUBLIC_ORIGIN', 'lock.example.com'],
    ['PUBLIC_ORIGIN', 'https://lock.example.com/'],
    ['PUBLIC_ORIGIN', 'https://lock.example.com/path'],
    ['PUBLIC_ORIGIN', 'ftp://lock.example.com'],
    ['CALLBACK_URL', 'exchange.example.com'],
    ['CALLBACK_URL', 'javascript:alert(1)'],
    // C8
    ['CALLBACK_URL', 'https://user:pass@exchange.example.com/hooks'],
    ['CALLBACK_URL', 'https://user@exchange.example.com/hooks'],
    ['PUBLIC_ORIGIN', 'https://user:pass@lock.example.com'],
    ['WEBHOOK_SECRETS', key(1)],
    ['WEBHOOK_SECRETS', `whsec_${key(1)} whsec_short`],
    ['CALLBACK_SECRETS', `whpk_${key(1)}`],
    ['CALLBACK_SECRETS', 'whsec_!'],
    ['API_KEYS', 'short'],
    ['API_KEYS', 'an-api-key-of-an-exchange short'],
    ['API_KEYS', 'an-api-key-of-an-exchange:everything'],
    ['API_KEYS', 'an-api-key-of-an-exchangé'],
    ['LINK_SECRETS', `${key(1)}é`],
    ['DATA_SECRETS', `${key(1)}\u200b`],
    ['WEBHOOK_SECRETS', `whsec_${key(1)}é`],
    ['CALLBACK_SECRETS', `whsec_${key(1)}\u200b`],
    ['LINK_SECRETS', key(1, 31)],
    ['LINK_SECRETS', `${key(1)} nonsense`],
    ['DATA_SECRETS', key(1, 33)],
    ['DATA_SECRETS', key(1).replace('=', '')],
    ['SMS_PROVIDERS', 'sandbox pigeon'],
    ['SMS_PROVIDERS', 'TWILIO'],
    ['SMS_ROUTES', '{'],
    ['SMS_ROUTES', '{"+1":["twilio"]}'],
    ['SMS_ROUTES', '{"1":["sandbox"]}'],
    ['SMS_WEIGHTS', '{"*":{"sandbox":99}}'],
    ['SMS_WEIGHTS', '{"TH":{"twilio":100}}'],
    ['SMS_PINS', '{"TH":"twilio"}'],
    ['SMS_PINS', '["sandbox"]'],
    ['CODE_COUNTRIES', 'UK'],
    ['CODE_GUARD', 'off'],
    ['CODE_SPEND_CAP', '0'],
    ['LOCK_ACTIONS', 'withdrawals.hold account.close'],
    ['LOCK_ACTIONS', 'orders.cancel orders.cancel'],
    ['COOLING_OFF_HOURS', '73'],
    ['COOLING_OFF_HOURS', '-1'],
    ['COOLING_OFF_HOURS', '12 hours'],
    ['LIFT_DELAY_HOURS', '73'],
    ['LOGINS_KEPT_DAYS', '29'],
    ['CALLBACKS_KEPT_DAYS', '6'],
    ['NOTICES_KEPT_DAYS', '0'],
    ['DEAD_LETTERS_KEPT_DAYS', 'long'],
    ['OPS_ACTS_KEPT_DAYS', '3651'],
    ['CODE_SPEND_CAP', '10000001'],
    ['SMS_ATTEMPT_TIMEOUT_MS', '0'],
    ['SMS_ATTEMPT_TIMEOUT_MS', '1.5'],
    ['SMS_ATTEMPT_TIMEOUT_MS', '-1500'],
    ['SMS_ATTEMPT_TIMEOUT_MS', '10001'],
    ['SMS_ATTEMPT_TIMEOUT_MS', 'fast'],
    ['SMS_RECEIPT_WAIT_MS', '600001'],
    ['ALERT_SEGMENTS_MAX', '2'],
    ['ALERT_SEGMENTS_MAX', '5'],
  ])('%s = %j is named once, and nothing else is', (name, value) => {
    expect(namesOf(withSettings({ [name]: value }))).toEqual([name])
  })

  it('is named beside all the others', () => {
    const settings = {
      PUBLIC_ORIGIN: 'nowhere',
      CALLBACK_URL: 'nowhere',
      WEBHOOK_SECRETS: 'x',
      CALLBACK_SECRETS: 'x',
      API_KEYS: 'x',
      LINK_SECRETS: 'x',
      DATA_SECRETS: 'x',
      SMS_PROVIDERS: 'x',
      SMS_ROUTES: 'x',
      SMS_WEIGHTS: 'x',
      SMS_PINS: 'x',
      SMS_ATTEMPT_TIMEOUT_MS: 'x',
      SMS_RECEIPT_WAIT_MS: 'x',
      CODE_COUNTRIES: 'x',
      CODE_GUARD: 'x',
      CODE_SPEND_CAP: 'x',
    }
    expect([...namesOf(settings)].sort()).toEqual(
      [...Object.keys(settings), 'EXCHANGE_NAME'].sort(),
    )
  })

  it('shows no secret in its problem', () => {
    const secret = 'zq81-do-not-print'
    const names = [
      ...REQUIRED.filter((name) => name !== 'SMS_PROVIDERS'),
      ...Object.values(providers).flatMap(Object.keys),
      'TWILIO_BASE_URL',
      'VONAGE_BASE_URL',
      'SMS_ATTEMPT_TIMEOUT_MS',
      'SMS_ROUTES',
      'SMS_WEIGHTS',
      'SMS_PINS',
    ]
    fc.assert(
      fc.property(fc.subarray(names, { minLength: 1 }), (chosen) => {
        const settings = withSettings({
          SMS_PROVIDERS: 'twilio infobip vonage',
          ...Object.fromEntries(chosen.map((name) => [name, secret])),
        })
        expect(JSON.stringify(problemsOf(settings))).not.toContain(secret)
      }),
    )
  })
})

describe('lists', () => {
  it('are separated by any white space, the first being current', () => {
    const config = configOf(
      withSettings({
        LINK_SECRETS: `${key(1)} ${key(2)}\n${key(3)}`,
        WEBHOOK_SECRETS: `whsec_${key(1)}  whpk_${key(2)}`,
        API_KEYS: ' first-api-key-0000  second-api-key-000:locks ',
      }),
    )
    expect(config.linkKeys.map((bytes) => bytes[0])).toEqual([1, 2, 3])
    expect(config.webhookSecrets.map((secret) => secret.kind)).toEqual(['hmac', 'ed25519'])
    expect(config.apiKeys.map((one) => one.key)).toEqual([
      'first-api-key-0000',
      'second-api-key-000',
    ])
  })
})

describe('a secret that stands twice in its list', () => {
  const [first, second] = [key(1), key(2)]
  const config = configOf(
    withSettings({
      LINK_SECRETS: `${second} ${first} ${second}`,
      DATA_SECRETS: `${second} ${first}\n${second} ${first}`,
      WEBHOOK_SECRETS: `whsec_${second} whsec_${first} whsec_${second}`,
      CALLBACK_SECRETS: `whsec_${second} whsec_${first} whsec_${second}`,
      API_KEYS: 'second-api-key-000 first-api-key-0000 second-api-key-000',
    }),
  )

  it('counts once, where it stands first', () => {
    expect(config.linkKeys.map((bytes) => bytes[0])).toEqual([2, 1])
    expect(config.dataKeys.map((bytes) => bytes[0])).toEqual([2, 1])
    expect(config.webhookSecrets.map((secret) => secret.key[0])).toEqual([2, 1])
    expect(config.callbackSecrets.map((secret) => secret.key[0])).toEqual([2, 1])
    expect(config.apiKeys.map((one) => one.key)).toEqual([
      'second-api-key-000',
      'first-api-key-0000',
    ])
  })
})

describe('providers', () => {
  const all = ANY_CARRIER_NAMES
  const allSettings = Object.assign({}, ...Object.values(providers))

  it('are read in order of preference, each once', () => {
    const config = configOf(
      withSettings({ ...allSettings, SMS_PROVIDERS: 'vonage twilio vonage sandbox infobip' }),
    )
    expect(config.providers.map((provider) => provider.name)).toEqual([
      'vonage',
      'twilio',
      'sandbox',
      'infobip',
    ])
  })

  it.each(all)('%s needs its settings only when it is named', (name) => {
    const names = requiredOf(name)
    expect(names.length).toBeGreaterThan(1)
    expect([...namesOf(withSettings({ SMS_PROVIDERS: name }))].sort()).toEqual([...names].sort())
    expect(namesOf(withSettings({ SMS_PROVIDERS: 'sandbox' }))).toEqual([])
    for (const missing of names) {
      const settings = withSettings({ ...allSettings, SMS_PROVIDERS: name, [missing]: '' })
      expect(problemsOf(settings)).toEqual([{ setting: missing, problem: 'is missing' }])
    }
  })

  it.each(all)('%s takes another host for its API, and names one that is none', (name) => {
    const setting = `${name.toUpperCase()}_BASE_URL`
    const settings = withSettings({ ...allSettings, SMS_PROVIDERS: name })
    expect(namesOf({ ...settings, [setting]: 'http://127.0.0.1:4010' })).toEqual([])
    for (const value of ['nonsense', 'ftp://example.com', 'http://']) {
      expect(namesOf({ ...settings, [setting]: value })).toEqual([setting])
    }
  })

  it.each([
    ['AWS_SNS_TOPIC_ARNS', 'arn:aws:sns:eu-west-1:123456789012:a'],
    [
      'AWS_SNS_TOPIC_ARNS',
      'arn:aws:sns:eu-west-1:123456789012:a arn:aws:sns:us-east-1:123456789012:b',
    ],
    ['AWS_CONFIGURATION_SET', 'login-alerts'],
    [
      'AWS_CONFIGURATION_SET',
      'arn:aws:sms-voice:eu-west-1:123456789012:configuration-set/login-alerts',
    ],
  ])('may be given %s %s', (setting, value) => {
    const settings = withSettings({ ...allSettings, SMS_PROVIDERS: 'aws', [setting]: value })
    expect(namesOf(settings)).toEqual([])
  })

  it.each([
    ['AWS_SNS_TOPIC_ARNS', 'sms-events'],
    ['AWS_SNS_TOPIC_ARNS', 'arn:aws:sns:eu-west-1:123456789012:a b'],
    ['AWS_SNS_TOPIC_ARNS', 'arn:aws:sns:eu-west-1:123456789012:a.fifo'],
    ['AWS_CONFIGURATION_SET', 'login alerts'],
  ])('may not be given %s %s', (setting, value) => {
    const settings = withSettings({ ...allSettings, SMS_PROVIDERS: 'aws', [setting]: value })
    expect(namesOf(settings)).toEqual([setting])
    expect(namesOf({ ...settings, SMS_PROVIDERS: 'sandbox' })).toEqual([])
  })

  it('wait for receipts of AWS where both topic and configuration set are named', () => {
    const AWS_SNS_TOPIC_ARNS = 'arn:aws:sns:eu-west-1:123456789012:a'
    const AWS_CONFIGURATION_SET = 'login-alerts'
    const none = { AWS_SNS_TOPIC_ARNS: '', AWS_CONFIGURATION_SET: '' }
    const settings = withSettings({ ...allSettings, ...none, SMS_PROVIDERS: 'aws' })
    const hasReceipts = (more: Settings) =>
      configOf({ ...settings, ...more }).providers[0]?.hasReceipts
    expect(hasReceipts({ AWS_SNS_TOPIC_ARNS })).toBe(false)
    expect(hasReceipts({ AWS_CONFIGURATION_SET })).toBe(false)
    expect(hasReceipts({ AWS_SNS_TOPIC_ARNS, AWS_CONFIGURATION_SET })).toBe(true)
  })

  it('may be routed to once they are configured', () => {
    const SMS_ROUTES = '{"+1":["vonage","twilio"]}'
    const settings = withSettings({ ...allSettings, SMS_PROVIDERS: 'twilio vonage', SMS_ROUTES })
    expect(configOf(settings).routes).toEqual(new Map([['+1', ['vonage', 'twilio']]]))
    expect(namesOf({ ...settings, SMS_PROVIDERS: 'twilio' })).toEqual(['SMS_ROUTES'])
  })

  it('may be given weights and pins', () => {
    const settings = withSettings({
      ...allSettings,
      SMS_PROVIDERS: 'twilio vonage',
      SMS_WEIGHTS: '{"*":{"twilio":60,"vonage":40}}',
      SMS_PINS: '{"TH":"vonage"}',
    })
    const { weights, pins } = configOf(settings)
    expect(weights.get('*')).toEqual(
      new Map([
        ['twilio', 60],
        ['vonage', 40],
      ]),
    )
    expect(pins).toEqual(new Map([['TH', 'vonage']]))
  })
})

describe('anything at all', () => {
  it('is read or refused, and nothing throws', () => {
    const names = [
      ...REQUIRED,
      ...Object.values(providers).flatMap(Object.keys),
      'TWILIO_BASE_URL',
      'VONAGE_BASE_URL',
      'SMS_ROUTES',
      'SMS_WEIGHTS',
      'SMS_PINS',
      'SMS_ATTEMPT_TIMEOUT_MS',
      'CODE_COUNTRIES',
      'CODE_GUARD',
      'CODE_SPEND_CAP',
      'LOGINS_KEPT_DAYS',
    ]
    const value = fc.oneof(fc.anything(), fc.webUrl(), fc.string())
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), value),
        fc.constantFrom('twilio', 'infobip vonage', 'sandbox'),
        (changes, SMS_PROVIDERS) => {
          const config = parseConfig(withSettings({ SMS_PROVIDERS, ...changes }), ports)
          expect(typeof config.ok).toBe('boolean')
        },
      ),
      { numRuns: 300 },
    )
  })
})
