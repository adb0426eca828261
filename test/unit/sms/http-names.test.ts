// Several providers of the kind `http`, each under a name of the operator's: settings of their own, and a name that
// everything which holds names of providers takes.

import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseSenders } from '../../../src/country/senders.ts'
import { openOutcome, sealOutcome } from '../../../src/deliver/outcome.ts'
import { parseCallbackJob } from '../../../src/jobs.ts'
import type { SettingProblem, Settings } from '../../../src/lib/settings.ts'
import { decodeAttempts, encodeAttempts } from '../../../src/login/attempt-codec.ts'
import { providerPart, receiptPath } from '../../../src/paths.ts'
import { parseRoutes } from '../../../src/routing/route.ts'
import { parsePins, parseWeights } from '../../../src/routing/route-settings.ts'
import { makeReceiptRef, readReceiptRef } from '../../../src/sms/receipt-ref.ts'
import { configureProviders, isProviderName } from '../../../src/sms/registry.ts'
import { messageFor } from '../../contract/provider-contract.ts'
import { ports, randomBytes } from '../../support/ports.ts'
import { HTTP_TEMPLATES } from '../../world/http-templates.ts'
import { anAttempt } from '../deliver/fixtures.ts'

const KEYS = [new Uint8Array(32).fill(1)] as const
const LONGEST = `http:${'z'.repeat(20)}` as const

const GOOD = {
  SMS_PROVIDERS: 'http:zenvia http http:8x8',
  HTTP_TEMPLATE: HTTP_TEMPLATES.form,
  HTTP_FROM: 'Plain',
  HTTP_SECRET: 'a password',
  HTTP_RECEIPT_SECRET: 'sixteen letters!',
  HTTP_ZENVIA_TEMPLATE: HTTP_TEMPLATES.json,
  HTTP_ZENVIA_FROM: 'Zenvia',
  HTTP_ZENVIA_SECRET: 'a-token',
  HTTP_ZENVIA_RECEIPT_SECRET: 'theirs',
  HTTP_ZENVIA_BASE_URL: 'http://127.0.0.1:8701',
  HTTP_8X8_TEMPLATE: HTTP_TEMPLATES.form,
  HTTP_8X8_FROM: 'Eight',
  HTTP_8X8_SECRET: 'another password',
  HTTP_8X8_RECEIPT_SECRET: 'sixteen letters?',
}

function configure(changes: Settings) {
  const problems: SettingProblem[] = []
  return { ...configureProviders({ ...GOOD, ...changes }, problems, ports), problems }
}

describe('several http providers', () => {
  it('each have settings of their own', async () => {
    const { providers, problems } = configure({})
    expect(problems).toEqual([])
    expect(providers.map(({ name, defaultSender }) => [name, defaultSender])).toEqual([
      ['http:zenvia', 'Zenvia'],
      ['http', 'Plain'],
      ['http:8x8', 'Eight'],
    ])
    const requests = await Promise.all(
      providers.map((provider) => provider.buildRequest(messageFor('http'))),
    )
    expect(requests.map(({ url }) => url)).toEqual([
      'http://127.0.0.1:8701/v2/messages',
      'https://sms.operator.example/http/send',
      'https://sms.operator.example/http/send',
    ])
    expect(requests[0]?.headers.authorization).toBe('Bearer a-token')
    expect(new URLSearchParams(requests[2]?.body).get('password')).toBe('another password')
  })

  test.each(['TEMPLATE', 'FROM', 'SECRET', 'RECEIPT_SECRET'])('each need %s', (setting) => {
    for (const name of ['ZENVIA', '8X8']) {
      const { problems } = configure({ [`HTTP_${name}_${setting}`]: '' })
      expect(problems).toEqual([{ setting: `HTTP_${name}_${setting}`, problem: 'is missing' }])
    }
  })

  test.each([
    'http:',
    'http:Zenvia',
    'http:a-b',
    'http:a_b',
    `${LONGEST}z`,
    'http:http:a',
    'https:a',
    'twilio:b',
    // Its secret would be the setting HTTP_RECEIPT_SECRET, which is that of plain http.
    'http:receipt',
  ])('cannot be called %s', (name) => {
    const { names, problems } = configure({ SMS_PROVIDERS: `http ${name}` })
    expect(names).toEqual(['http'])
    expect(problems).toMatchObject([{ setting: 'SMS_PROVIDERS' }])
    expect(isProviderName(name)).toBe(false)
  })

  it('are named in every setting of routing', () => {
    const names = ['http:zenvia', 'http:8x8'] as const
    expect(parseRoutes('{"+55":["http:zenvia"]}', names)).toMatchObject({ ok: true })
    expect(parseSenders('{"+55":{"http:zenvia":"28908"}}', names)).toMatchObject({ ok: true })
    expect(parseWeights('{"*":{"http:zenvia":60,"http:8x8":40}}', names)).toMatchObject({
      ok: true,
    })
    expect(parsePins('{"BR":"http:zenvia"}', names)).toMatchObject({ ok: true })
    expect(parsePins('{"BR":"http"}', names)).toMatchObject({ ok: false })
  })

  it('have a part of a path that nothing percent-encodes, each its own', () => {
    expect(receiptPath('http:zenvia', 'r7')).toBe('/v1/receipts/http-zenvia/r7')
    const names = ['http', 'http:a', 'http:aws', 'aws', LONGEST]
    const parts = names.map(providerPart)
    expect(new Set(parts).size).toBe(names.length)
    for (const part of parts) expect(encodeURIComponent(part)).toBe(part)
  })

  it('come back from rows, queue messages and references', async () => {
    const attempts = [anAttempt({ provider: 'http:zenvia' }), anAttempt({ provider: LONGEST })]
    expect(decodeAttempts(encodeAttempts(attempts))).toEqual(attempts)
    const round = { conclusion: 'accepted', attempts, awaitsReceipt: true } as const
    const alert = { accountId: '1001', seq: 1, alertId: 'alr_1' }
    const outcome = { ...alert, ...round, claim: null, copiesToSealed: [] }
    const sealed = await sealOutcome(randomBytes, KEYS, outcome)
    expect(await openOutcome(KEYS, 'alr_1', sealed)).toEqual(outcome)
    const job = {
      ...{ kind: 'lock_by_reply', provider: 'http:zenvia', providerMessageId: 'mo-1' },
      attempt: { tags: [], code: '7K3Q', counted: { via: 'reply', scope: 's' }, triedAt: 1 },
    }
    expect(parseCallbackJob(job)).toEqual(job)
    expect(parseCallbackJob({ ...job, provider: 'http:Zenvia' })).toBeNull()
  })

  it('are carried by a reference, which has at most the length its doc promises', async () => {
    const call = { attempt: 999, country: 'TH', startedAt: Date.UTC(2028, 0), provider: LONGEST }
    const ref = {
      ...{ accountId: 'a'.repeat(64), seq: 0, noticeId: `ntc_${'z'.repeat(26)}` },
      ...call,
    }
    const text = await makeReceiptRef(randomBytes, KEYS, ref)
    expect(await readReceiptRef(KEYS, text)).toEqual(ref)
    expect(text.length).toBeLessThanOrEqual(224)
  })
})

test('anything at all is a name of a provider or is not', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(isProviderName(value)).toBe(false)
    }),
  )
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{1,20}$/), (name) => {
      expect(isProviderName(`http:${name}`)).toBe(name !== 'receipt')
    }),
  )
})
