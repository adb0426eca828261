// What the doctor asks of each provider, and what an answer means. The requests are those of the vendors' references.

import { describe, expect, it } from 'vitest'
import { judge, providerLines } from '../../../tools/doctor/providers.ts'

const SETTINGS = {
  ...{ TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'secret-t' },
  ...{ INFOBIP_BASE_URL: 'https://x.api.infobip.com', INFOBIP_API_KEY: 'secret-i' },
  ...{ VONAGE_API_KEY: 'abcd', VONAGE_API_SECRET: 'secret-v' },
  ...{ SINCH_SERVICE_PLAN_ID: 'plan', SINCH_API_TOKEN: 'secret-s' },
  ...{ TELNYX_API_KEY: 'secret-x' },
  ...{ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret-a', AWS_REGION: 'eu-west-1' },
}

async function ask(name: string, settings: Readonly<Record<string, string>> = SETTINGS) {
  const asked: Request[] = []
  const send: typeof fetch = async (input, init) => {
    asked.push(new Request(input, init))
    return new Response('{"balance":"12.34"}')
  }
  const [line] = await providerLines([name], settings, send)
  return { line, request: asked[0] }
}

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

describe('the request', () => {
  it.each([
    [
      'twilio',
      'GET https://api.twilio.com/2010-04-01/Accounts/AC1/Balance.json',
      basic('AC1:secret-t'),
    ],
    ['infobip', 'GET https://x.api.infobip.com/account/1/balance', 'App secret-i'],
    ['vonage', 'GET https://rest.nexmo.com/account/get-balance', basic('abcd:secret-v')],
    [
      'sinch',
      'GET https://us.sms.api.sinch.com/xms/v1/plan/batches?page_size=1',
      'Bearer secret-s',
    ],
    ['telnyx', 'GET https://api.telnyx.com/v2/balance', 'Bearer secret-x'],
  ])('of %s reads, with the credentials', async (name, called, authorization) => {
    const { line, request } = await ask(name)
    expect(`${request?.method} ${request?.url}`).toBe(called)
    expect(request?.headers.get('authorization')).toBe(authorization)
    expect(line).toEqual({ result: 'ok', text: `${name} knows the credentials (200)` })
  })

  it('of aws is signed and names an operation that only reads', async () => {
    const { request } = await ask('aws')
    expect(request?.url).toBe('https://sms-voice.eu-west-1.amazonaws.com/')
    expect(request?.headers.get('x-amz-target')).toBe(
      'PinpointSMSVoiceV2.DescribeAccountAttributes',
    )
    expect(request?.headers.get('authorization')).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/eu-west-1\/sms-voice\/aws4_request, /,
    )
  })

  it('goes where the setting says', async () => {
    const { request } = await ask('telnyx', { ...SETTINGS, TELNYX_BASE_URL: 'http://[::1]:9' })
    expect(request?.url).toBe('http://[::1]:9/v2/balance')
  })

  it('is not sent where a secret is not known, or there is none that is harmless', async () => {
    for (const name of ['twilio', 'sandbox', 'http', 'http:zenvia']) {
      const { line, request } = await ask(name, {})
      expect(request).toBeUndefined()
      expect(line?.result).toBe('warn')
    }
  })

  it('that fails is a line, without the secret', async () => {
    const send: typeof fetch = () => Promise.reject(new TypeError('ECONNREFUSED'))
    const [line] = await providerLines(['twilio'], SETTINGS, send)
    expect(line?.text).toBe('twilio was not reached: ECONNREFUSED')
    expect(JSON.stringify(line)).not.toContain('secret')
  })
})

describe('an answer', () => {
  const REFUSED = '{"__type":"UnrecognizedClientException"}'
  const DENIED = '{"__type":"AccessDeniedException"}'
  const IN_SANDBOX = '{"AccountAttributes":[{"Name":"ACCOUNT_TIER","Value":"SANDBOX"}]}'
  it.each([
    ['twilio', 200, '', 'ok'],
    ['twilio', 401, '', 'fail'],
    ['twilio', 403, '', 'warn'],
    ['twilio', 404, '', 'warn'],
    ['twilio', 429, '', 'warn'],
    ['twilio', 503, '', 'warn'],
    ['aws', 200, '{"AccountAttributes":[{"Name":"ACCOUNT_TIER","Value":"PRODUCTION"}]}', 'ok'],
    ['aws', 200, IN_SANDBOX, 'warn'],
    ['aws', 400, DENIED, 'warn'],
    ['aws', 400, REFUSED, 'fail'],
  ] as const)('of %s, %i %s is %s', (name, status, body, result) => {
    expect(judge(name, status, body).result).toBe(result)
  })
})
