// What a stranger can send, row by row: every path that nobody has to prove anything for, with proofs
// that are wrong but well formed, so that the check is really made. No body leads the Worker anywhere
// beyond this machine.

import { randomBytes } from 'node:crypto'
import { AWS_SNS_TOPIC_ARN } from '../world/kits/aws.ts'

export type RefusalRequest = {
  readonly what: string
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const KIB = 1024
/** What a callback may have at most, in the Worker's eyes. */
const CALLBACK_MAX = 256 * KIB
const EVENT_MAX = 64 * KIB
/** What a message of SNS may have. */
const TOPIC_MAX = 32 * KIB

const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }

/** Path prefixes that have a row; what src/paths.ts has beyond them lacks one. */
export const COVERED = [
  '/v1/events',
  '/v1/receipts/',
  '/v1/inbound/',
  '/v1/accounts/',
  '/v1/introspect',
  '/enter/',
  '/portal',
  '/lock',
  '/l/',
  '/c/',
  '/drill',
  '/push-worker.js',
  '/.well-known/jwks.json',
  '/openapi.json',
  '/docs',
  '/healthz',
  '/ops',
  '/metrics',
]

const base64 = (bytes: number) => randomBytes(bytes).toString('base64')
const base64url = (bytes: number) => randomBytes(bytes).toString('base64url')
const seconds = () => String(Math.floor(Date.now() / 1_000))

/** `a=&b=&…`: as many fields as fit. */
function manyFields(bytes: number): string {
  let form = ''
  for (let index = 0; form.length < bytes - 8; index += 1) form += `${index.toString(36)}=&`
  return form.slice(0, -1)
}

function manyKeys(bytes: number): string {
  const keys: string[] = []
  let length = 2
  for (let index = 0; length < bytes - 16; index += 1) {
    const key = `"${index.toString(36)}":0`
    keys.push(key)
    length += key.length + 1
  }
  return `{${keys.join(',')}}`
}

function jwt(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: 'Vonage', iat: Number(seconds()), exp: Number(seconds()) + 300, jti: 'x' }
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${base64url(32)}`
}

const eventHeaders = (signatures: number) => ({
  ...JSON_TYPE,
  'webhook-id': 'msg_forged',
  'webhook-timestamp': seconds(),
  'webhook-signature': Array.from({ length: signatures }, () => `v1,${base64(32)}`).join(' '),
})

/** What each provider proves its callbacks with. */
function callbackOf(provider: string, bytes: number) {
  const json = { headers: JSON_TYPE, body: manyKeys(bytes), query: '' }
  switch (provider) {
    case 'twilio':
      return {
        headers: { ...FORM_TYPE, 'x-twilio-signature': base64(20) },
        body: manyFields(bytes),
        query: '',
      }
    case 'infobip':
      return { ...json, query: `?k=${base64url(32)}` }
    case 'vonage':
      return { ...json, headers: { ...JSON_TYPE, authorization: `Bearer ${jwt()}` } }
    case 'telnyx': {
      const proof = { 'telnyx-signature-ed25519': base64(64), 'telnyx-timestamp': seconds() }
      return { ...json, headers: { ...JSON_TYPE, ...proof } }
    }
    case 'sinch': {
      const proof = {
        'x-sinch-webhook-signature': base64(32),
        'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
        'x-sinch-webhook-signature-nonce': base64url(12),
        'x-sinch-webhook-signature-timestamp': seconds(),
      }
      return { ...json, headers: { ...JSON_TYPE, ...proof } }
    }
    case 'http':
      return {
        ...json,
        headers: { ...JSON_TYPE, 'x-signature': `sha256=${randomBytes(32).toString('hex')}` },
      }
    default:
      return json
  }
}

/** The dearest that SNS's form takes: it names a topic of ours, and is read to its end. */
function topicRow(): RefusalRequest {
  const body = `{"TopicArn":${JSON.stringify(AWS_SNS_TOPIC_ARN)},${manyKeys(TOPIC_MAX - 128).slice(1)}`
  return { what: 'of our topic', method: 'POST', path: '/v1/inbound/aws', headers: JSON_TYPE, body }
}

function callbackRows(providers: readonly string[]): readonly RefusalRequest[] {
  return providers.flatMap((provider) =>
    [`/v1/receipts/${provider}/x`, `/v1/inbound/${provider}`].flatMap((path) =>
      [KIB, CALLBACK_MAX].map((bytes): RefusalRequest => {
        const { headers, body, query } = callbackOf(provider, bytes)
        return { what: 'false proof', method: 'POST', path: path + query, headers, body }
      }),
    ),
  )
}

function eventRows(): readonly RefusalRequest[] {
  const row = (what: string, signatures: number, bytes: number): RefusalRequest => ({
    what,
    method: 'POST',
    path: '/v1/events',
    headers: eventHeaders(signatures),
    body: manyKeys(bytes),
  })
  return [
    row('false signature', 1, KIB),
    row('false signature', 1, EVENT_MAX),
    row('100 false signatures', 100, EVENT_MAX),
    row('too large', 1, EVENT_MAX + 2 * KIB),
  ]
}

function ownerRows(): readonly RefusalRequest[] {
  const get = (path: string, what: string, headers = {}): RefusalRequest => ({
    what,
    method: 'GET',
    path,
    headers,
    body: '',
  })
  const post = (
    path: string,
    what: string,
    body: string,
    headers: Record<string, string> = {},
  ): RefusalRequest => ({
    what,
    method: 'POST',
    path,
    headers: { ...FORM_TYPE, ...headers },
    body,
  })
  const link = `/l/${base64url(60)}.${base64url(32)}`
  const entry = `/enter/${base64url(90)}.${base64url(32)}`
  const cookie = { cookie: `lockline=b0~vst_${'x'.repeat(20)}~${base64url(24)}` }
  const sameSite = { 'sec-fetch-site': 'same-origin' }
  return [
    get(link, 'forged link'),
    post(link, 'forged link', ''),
    get(`${link}/status`, 'forged link'),
    get(`${link}/confirm`, 'forged link'),
    post(`${link}/confirm`, 'forged link', '{}', JSON_TYPE),
    get('/lock', 'the form'),
    post('/lock', 'wrong code of 4 signs', 'phone=%2B447400000000&code=A2B3'),
    post('/lock', 'wrong code of 8 signs', 'phone=%2B447400000000&code=A2B3-C4D5'),
    post('/lock', 'nonsense', 'a=b'),
    post('/lock', 'many fields', manyFields(4 * KIB)),
    get('/lock/confirm.js', 'the script'),
    post('/lock/passkey', 'nonsense', 'challenge=x&credential=y'),
    get('/lock/status/x', 'forged'),
    get(`/c/${base64url(60)}.${base64url(32)}`, 'forged'),
    post(`/c/${base64url(60)}.${base64url(32)}`, 'forged', ''),
    get(entry, 'forged link'),
    post(entry, 'forged link', '', sameSite),
    get('/portal', 'no cookie'),
    get('/portal', 'forged cookie', cookie),
    post('/portal/settings', 'forged cookie, 16 KiB', manyFields(16 * KIB), {
      ...cookie,
      ...sameSite,
    }),
    get('/drill', 'the page'),
    get('/push-worker.js', 'the script'),
  ]
}

function serviceRows(): readonly RefusalRequest[] {
  const bearer = { authorization: `Bearer ${base64url(24)}` }
  const get = (path: string, what: string): RefusalRequest => ({
    what,
    method: 'GET',
    path,
    headers: {},
    body: '',
  })
  return [
    { ...get('/v1/accounts/b0', 'wrong key'), headers: bearer },
    {
      what: 'wrong key',
      method: 'PUT',
      path: '/v1/accounts/b0',
      headers: { ...bearer, ...JSON_TYPE },
      body: manyKeys(16 * KIB),
    },
    {
      what: 'wrong key',
      method: 'POST',
      path: '/v1/introspect',
      headers: { ...bearer, ...FORM_TYPE },
      body: 'token=x',
    },
    get('/nothing/here', 'unknown path'),
    get('/.well-known/jwks.json', 'the keys'),
    get('/openapi.json', 'the document'),
    get('/docs', 'the page'),
    get('/healthz', 'the answer'),
    get('/ops', 'no operator'),
    get('/metrics', 'no operator'),
  ]
}

/** `providers` as in SMS_PROVIDERS. Made anew for each run: timestamps in them run out. */
export function refusalRequests(providers: readonly string[]): readonly RefusalRequest[] {
  const ofTopic = providers.includes('aws') ? [topicRow()] : []
  return [...eventRows(), ...callbackRows(providers), ...ofTopic, ...ownerRows(), ...serviceRows()]
}
