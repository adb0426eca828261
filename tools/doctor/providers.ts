// Whether each provider knows us: one request that costs nothing, sends nothing and needs the credentials. Where an API has
// none, that is said. Bodies are not shown: a balance is nobody's business here.

import { AwsV4Signer } from 'aws4fetch'
import type { Settings } from '../../src/lib/settings.ts'
import { basicAuthorization, endpoint } from '../../src/sms/endpoint.ts'
import { SINCH_BASE_URL } from '../../src/sms/sinch/sinch.ts'
import { TELNYX_BASE_URL } from '../../src/sms/telnyx/telnyx.ts'
import { TWILIO_BASE_URL } from '../../src/sms/twilio/twilio.ts'
import { fail, type Line, ok, warn } from './line.ts'

type Probe = {
  readonly needs: readonly string[]
  readonly build: (value: Values) => Promise<Request>
}
type Values = (name: string, fallback?: string) => string

/** Vonage's account API is on another host than its Messages API. */
const VONAGE_ACCOUNT_URL = 'https://rest.nexmo.com'

/** By provider. Sources: each vendor's API reference, named in its line. */
const PROBES: Readonly<Record<string, Probe>> = {
  // Balance resource, api/2010-04-01: twilio.com/docs.
  twilio: {
    needs: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
    build: async (value) =>
      get(
        endpoint(
          value('TWILIO_BASE_URL', TWILIO_BASE_URL),
          `/2010-04-01/Accounts/${value('TWILIO_ACCOUNT_SID')}/Balance.json`,
        ),
        basicAuthorization(value('TWILIO_ACCOUNT_SID'), value('TWILIO_AUTH_TOKEN')),
      ),
  },
  // "Get account balance": infobip.com/docs/api.
  infobip: {
    needs: ['INFOBIP_BASE_URL', 'INFOBIP_API_KEY'],
    build: async (value) =>
      get(
        endpoint(value('INFOBIP_BASE_URL'), '/account/1/balance'),
        `App ${value('INFOBIP_API_KEY')}`,
      ),
  },
  // "Get Account Balance": developer.vonage.com/api/account.
  vonage: {
    needs: ['VONAGE_API_KEY', 'VONAGE_API_SECRET'],
    build: async (value) =>
      get(
        endpoint(value('VONAGE_BASE_URL', VONAGE_ACCOUNT_URL), '/account/get-balance'),
        basicAuthorization(value('VONAGE_API_KEY'), value('VONAGE_API_SECRET')),
      ),
  },
  // "List batches": developers.sinch.com/docs/sms/api-reference.
  sinch: {
    needs: ['SINCH_SERVICE_PLAN_ID', 'SINCH_API_TOKEN'],
    build: async (value) =>
      get(
        endpoint(
          value('SINCH_BASE_URL', SINCH_BASE_URL),
          `/xms/v1/${encodeURIComponent(value('SINCH_SERVICE_PLAN_ID'))}/batches?page_size=1`,
        ),
        `Bearer ${value('SINCH_API_TOKEN')}`,
      ),
  },
  // "Retrieve user balance": developers.telnyx.com.
  telnyx: {
    needs: ['TELNYX_API_KEY'],
    build: async (value) =>
      get(
        endpoint(value('TELNYX_BASE_URL', TELNYX_BASE_URL), '/v2/balance'),
        `Bearer ${value('TELNYX_API_KEY')}`,
      ),
  },
  // DescribeAccountAttributes of PinpointSMSVoiceV2, which only reads: docs.aws.amazon.com.
  aws: { needs: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'], build: buildAws },
}

/** @param settings vars and, as far as they are known here, secrets */
export async function providerLines(
  names: readonly string[],
  settings: Settings,
  send: typeof fetch,
): Promise<readonly Line[]> {
  return Promise.all(names.map((name) => providerLine(name, settings, send)))
}

const TIMEOUT_MS = 10_000
const NOTHING_TO_DO = 'Nothing to do: npm run doctor cannot tell more.'

async function providerLine(name: string, settings: Settings, send: typeof fetch): Promise<Line> {
  if (name === 'sandbox') {
    return warn(
      'sandbox accepts everything and sends nothing',
      'Not for production: name a provider.',
    )
  }
  const probe = PROBES[name]
  if (!probe)
    return warn(`${name} has no harmless request to try`, 'Send yourself an alert through it.')
  const text = (key: string) => {
    const value = settings[key]
    return typeof value === 'string' ? value.trim() : ''
  }
  const unknown = probe.needs.filter((key) => text(key) === '')
  if (unknown.length > 0) {
    const act = 'Cloudflare shows no secret: give --secrets-file to have it tried.'
    return warn(`${name} was not tried: ${unknown.join(', ')} not known here`, act)
  }
  try {
    const request = await probe.build((key, fallback) => text(key) || (fallback ?? ''))
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await send(request, { signal, redirect: 'manual' })
    return judge(name, response.status, name === 'aws' ? await response.text() : '')
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return fail(
      `${name} was not reached: ${words}`,
      'Its base URL, the network here, its status page.',
    )
  }
}

/** Pure. @param body of AWS alone, whose status says little */
export function judge(name: string, status: number, body = ''): Line {
  if (status >= 200 && status < 300) {
    return /"ACCOUNT_TIER"[^}]*"SANDBOX"/.test(body)
      ? warn(
          `${name} knows the credentials, of an account that may only send to verified numbers`,
          LEAVE,
        )
      : ok(`${name} knows the credentials (${status})`)
  }
  if (status === 403 || body.includes('AccessDenied')) {
    return warn(`${name} knows the credentials, which may not read this (${status})`, NOTHING_TO_DO)
  }
  if (status === 401 || body !== '') {
    return fail(`${name} refuses the credentials (${status})`, 'Take them anew from its console.')
  }
  if (status === 429) return warn(`${name} was asked too often (429)`, 'Try again in a minute.')
  if (status >= 500) return warn(`${name} has trouble of its own (${status})`, 'Its status page.')
  return warn(`${name} answered ${status}`, 'Send yourself an alert through it.')
}

const LEAVE = 'Ask AWS to move the account out of the SMS sandbox.'

function get(url: string, authorization: string): Request {
  return new Request(url, { headers: { authorization, accept: 'application/json' } })
}

async function buildAws(value: Values): Promise<Request> {
  const region = value('AWS_REGION')
  const base = value('AWS_BASE_URL', `https://sms-voice.${region}.amazonaws.com`)
  const signer = new AwsV4Signer({
    method: 'POST',
    url: endpoint(base, '/'),
    accessKeyId: value('AWS_ACCESS_KEY_ID'),
    secretAccessKey: value('AWS_SECRET_ACCESS_KEY'),
    service: 'sms-voice',
    region,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'PinpointSMSVoiceV2.DescribeAccountAttributes',
    },
    body: '{}',
  })
  const { url, method, headers, body } = await signer.sign()
  return new Request(url, { method, headers, body: body ?? null })
}
