// Requests nobody would send in good faith: every path of ours and some that are none, any method, headers and bodies as the
// worst of clients writes them, some with a right key, cookie, link or signature so that they get past the door. The same
// seed makes the same requests. Nothing here is invalid HTTP: that never reaches the Worker.

import { Webhook } from 'standardwebhooks'
import { paths } from '../../src/paths.ts'

export type FuzzRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** What is right: with each of these a request goes in deeper. */
export type Credentials = {
  readonly apiKey: string
  readonly webhookSecret: string
  readonly cookie: string
  readonly origin: string
  readonly linkToken: string
  readonly entryToken: string
  readonly accountId: string
  readonly phone: string
}

type Chance = {
  /** 0 to `below` - 1. */
  readonly whole: (below: number) => number
  readonly one: <T>(of: readonly [T, ...T[]]) => T
  readonly isOneIn: (count: number) => boolean
}

/** Mulberry32: thirty-two bits of state are plenty for this. */
function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (below: number) => Math.floor(next() * below)
  return {
    whole,
    one: (of) => of[whole(of.length)] ?? of[0],
    isOneIn: (count) => whole(count) === 0,
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'] as const

// biome-ignore format: one list
const STRANGE_PATHS = [
  '/', '//', '/.', '/..', '/%', '/%00', '/%2e%2e/portal', '/portal/', '/PORTAL', '/lock/', '//lock',
  '/v1', '/v1/', '/v1//accounts', '/v1/accounts/', '/v1/accounts/x/', '/v1/accounts/x/y/z/%ff', '/l/', '/l/.',
  '/l/x/', '/l/x/status/', '/enter/', '/l//status', '/__proto__', '/constructor',
  '/.well-known/', '/.well-known/security.txt', '/favicon.ico', '/;', '/lock;x=1', '/lock%3f',
] as const

// biome-ignore format: one list
const STRANGE_SEGMENTS = [
  'x', '.', '..', '%2e', '%2e%2e', '%00', '%ff', '%c0%af', '%E2%82', 'a%2Fb', '%25', '%', '%zz', '-', '~', ':',
  '__proto__', 'constructor', 'hasOwnProperty', 'twilio', 'aws', 'http', 'sandbox', 'null', 'NaN', '0', '-1',
  'a'.repeat(64), 'a'.repeat(65), 'a'.repeat(4_000), '%F0%9F%98%80'.repeat(20), 'e%CC%81', 'A.B', 'a.b.c',
] as const

// biome-ignore format: one list
const QUERIES = [
  '', '', '', '', '?', '?cursor=', '?cursor=%00', '?cursor=-1', '?cursor=1e999', '?cursor=x&cursor=y', '?k=x',
  `?cursor=${'9'.repeat(400)}`, `?${'a=&'.repeat(900)}`, '?done=__proto__', '?done=saved', '?number=%ff', '?%ff=%ff',
] as const

// biome-ignore format: one list
const TEXTS = [
  '', ' ', 'x', '0', '-0', 'null', 'true', '[]', '{}', '\u0000', '\ufeff', '\ud800', '\udfff\ud800', '\u202e',
  '😀'.repeat(50), 'e\u0301'.repeat(99), 'a'.repeat(5_000), '١٢٣٤', "' OR 1=1 --", '<script>', '%00', '../..', '1e999',
  '9'.repeat(400), '+1', '+447400000000', 'A2B3', 'A2B3C4D5', '123456', 'toString', '2026-13-45T99:99:99Z',
] as const

// biome-ignore format: one list
const JSON_LEAVES = [
  '""', '"\\ud800"', '"\\u0000"', '"\\uDFFF\\uD800"', '1e400', '-1e400', '-0', '0.1e-999',
  '123456789012345678901234567890', 'null', 'true', 'false', '[]', '{}', '[[]]', '{"":{"":""}}',
  '{"__proto__":{"x":1}}', '{"toString":1}', '{"a":1,"a":2}', `"${'x'.repeat(9_000)}"`, `[${'0,'.repeat(2_000)}0]`,
  '"\\n"', '"١"', '"😀"',
] as const

/** In the manner of JSONTestSuite's `n_` and `i_`: none of these is JSON everywhere. */
const BROKEN_JSON: readonly [Buffer, ...Buffer[]] = [
  Buffer.alloc(0),
  Buffer.from('['.repeat(20_000)),
  Buffer.from(`${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  Buffer.from('{"a":'.repeat(3_000)),
  Buffer.from(`${'{"a":'.repeat(3_000)}0${'}'.repeat(3_000)}`),
  Buffer.from('\ufeff{"type":"login.succeeded"}'),
  Buffer.from('{"a":1}\u0000'),
  Buffer.from('\u0000'.repeat(300)),
  // biome-ignore format: one list
  ...[
    '{', '{"a"', '{"a":', '{"a":"', '{"a":1,', '[1,', '"\\u', '"\\ud83', 'tru', '-', '1.', '1e', '+1', '.1', '01', '0x1',
    '{"a":1,}', "{'a':1}", '{a:1}', '[1,,2]', '{"a":NaN}', '{"a":Infinity}', '// x\n{}', '{"a":1}{"b":2}', '"\n"', '"\t"',
  ].map((text) => Buffer.from(text)),
  Buffer.from([0x22, 0xff, 0x22]),
  Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
  Buffer.from([0x22, 0xc0, 0xaf, 0x22]),
  Buffer.from([0x22, 0xf4, 0xbf, 0xbf, 0xbf, 0x22]),
  Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
  Buffer.alloc(66 * 1024, 0x20),
  Buffer.alloc(257 * 1024, 0x61),
]

// biome-ignore format: one list
const FIELDS = [
  'account_id', 'session_id', 'ip', 'user_agent', 'device_name', 'city', 'country', 'locale', 'session_expires_at',
  'phone', 'alerts', 'phrase', 'totp_secret', 'amr', 'reason', 'token', 'code', 'number', 'action', 'step', 'From',
  'To', 'Body', 'MessageSid', 'MessageStatus', 'results', 'TopicArn', 'Message', 'endpoint', 'keys', 'credential',
] as const

// biome-ignore format: one list
const CONTENT_TYPES = [
  'application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON ;x', 'application/json;charset=utf-16',
  'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'multipart/form-data', 'text/plain', '',
  'application/xml', 'application/problem+json', 'x', ';', '/', 'application/json, text/plain', 'a'.repeat(2_000),
] as const

/** Any header may hold any of them: printable, or of the upper half of Latin-1. */
// biome-ignore format: one list
const HEADER_TEXTS = [
  '', 'x', '0', '-1', '*', '"', ';', ',', '=', ';;;===', 'a=b; c', 'null', '\u00ff\u00fe', 'Bearer', 'Bearer ',
  'Basic eDp4', 'v1,', 'v1,AAAA', 'v1a,AAAA v1,AAAA', 'v1,='.repeat(300), '1e99', '99999999999999999999', 'bytes=0-',
  'q=0;q=1,,;', 'de-DE-u-co-phonebk-x-', `${'zz;q=0.1,'.repeat(300)}`, 'lockline=', 'lockline=~~',
  `lockline=${'a~'.repeat(200)}`, '2001:db8::1%eth0', '::ffff:1.2.3.4', '1.2.3.4, 5.6.7.8', 'a'.repeat(4_000),
  'eyJhbGciOiJub25lIn0.e30.', 'gzip',
] as const

// biome-ignore format: one list
const HEADERS = [
  'accept-language', 'authorization', 'cookie', 'origin', 'sec-fetch-site', 'cf-connecting-ip', 'range',
  'if-none-match', 'user-agent', 'accept', 'content-encoding', 'x-forwarded-for', 'x-twilio-signature',
  'telnyx-timestamp', 'x-signature', 'telnyx-signature-ed25519', 'x-sinch-webhook-signature', 'webhook-id',
  'webhook-timestamp', 'webhook-signature', 'x-amz-sns-message-type', 'x-http-method-override', 'purpose',
  'sec-purpose', 'if-modified-since',
] as const

const TEMPLATES: readonly [string, ...string[]] = [paths.events, ...Object.values(paths)]

export function fuzzRequests(
  seed: number,
  count: number,
  right: Credentials,
): readonly FuzzRequest[] {
  const chance = chanceOf(seed)
  return Array.from({ length: count }, () => fuzzRequest(chance, right))
}

function fuzzRequest(chance: Chance, right: Credentials): FuzzRequest {
  const template = chance.isOneIn(12)
    ? null
    : chance.isOneIn(8)
      ? paths.events
      : chance.one(TEMPLATES)
  const path = template === null ? chance.one(STRANGE_PATHS) : fillPath(chance, template, right)
  const isJson = !chance.isOneIn(3)
  const body = isJson ? jsonBody(chance, right, template === paths.events) : formBody(chance, right)
  const headers: Record<string, string> = {
    'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
    'accept-language': 'en',
    ...(chance.isOneIn(2) ? { authorization: `Bearer ${right.apiKey}` } : {}),
    ...(chance.isOneIn(2) ? { cookie: right.cookie, origin: right.origin } : {}),
    ...(template === paths.events && !chance.isOneIn(4) ? signed(chance, right, body) : {}),
  }
  if (chance.isOneIn(4)) headers['content-type'] = chance.one(CONTENT_TYPES)
  while (chance.isOneIn(3)) headers[chance.one(HEADERS)] = chance.one(HEADER_TEXTS)
  // One that fits its path gets further than chance.
  const method = chance.isOneIn(3)
    ? chance.one(METHODS)
    : chance.one(['GET', 'POST', 'POST', 'PUT', 'DELETE'])
  const isBare = method === 'GET' || method === 'HEAD'
  return {
    method,
    path: path + chance.one(QUERIES),
    headers,
    body: isBare ? Buffer.alloc(0) : body,
  }
}

function fillPath(chance: Chance, template: string, right: Credentials): string {
  return template.replace(/:(\w+)/g, (_all, name: string) => {
    if (chance.isOneIn(3)) return chance.one(STRANGE_SEGMENTS)
    if (name === 'accountId') return right.accountId
    if (name === 'provider')
      return chance.one(['twilio', 'infobip', 'vonage', 'telnyx', 'sinch', 'aws', 'http'])
    if (name !== 'token') return 'x'
    const token = template === paths.entry ? right.entryToken : right.linkToken
    return chance.isOneIn(2) ? token : spoilt(chance, token)
  })
}

/** One character more, less, or another one. */
function spoilt(chance: Chance, token: string): string {
  const at = chance.whole(token.length)
  return (
    token.slice(0, at) +
    chance.one(['', 'A', '.', '~', '%41', 'AA']) +
    token.slice(at + chance.whole(2))
  )
}

function jsonBody(chance: Chance, right: Credentials, isEvent: boolean): Buffer {
  if (chance.isOneIn(3)) return chance.one(BROKEN_JSON)
  const data = Array.from({ length: chance.whole(9) }, () => [
    chance.one(FIELDS),
    chance.isOneIn(2) ? chance.one(JSON_LEAVES) : JSON.stringify(chance.one(TEXTS)),
  ])
  const ids = [
    ['account_id', JSON.stringify(right.accountId)],
    ['session_id', '"s-fuzz"'],
  ]
  // What comes later wins: sometimes the ids are what they should be.
  const fields = isEvent && !chance.isOneIn(3) ? [...data, ...ids] : data
  const record = `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
  if (!isEvent) return cut(chance, Buffer.from(record))
  const type = chance.one(['login.succeeded', 'login.succeeded', 'session.ended', 'x', ''])
  const timestamp = chance.isOneIn(4) ? chance.one(TEXTS) : new Date().toISOString()
  return cut(
    chance,
    Buffer.from(`{"type":"${type}","timestamp":${JSON.stringify(timestamp)},"data":${record}}`),
  )
}

function formBody(chance: Chance, right: Credentials): Buffer {
  if (chance.isOneIn(8)) return Buffer.from('a=&'.repeat(1 + chance.whole(900)))
  if (chance.isOneIn(8)) return Buffer.from('%=%&=%ff&%C0%AF&&&=&phone=%2B44%00&code=%ED%A0%80')
  const form = new URLSearchParams()
  for (let left = chance.whole(9); left > 0; left -= 1)
    form.append(chance.one(FIELDS), chance.one(TEXTS))
  if (chance.isOneIn(2)) form.append('phone', right.phone)
  return cut(chance, Buffer.from(form.toString()))
}

function cut(chance: Chance, body: Buffer): Buffer {
  return chance.isOneIn(8) ? body.subarray(0, chance.whole(body.length + 1)) : body
}

function signed(chance: Chance, right: Credentials, body: Buffer): Record<string, string> {
  const id = `msg_fuzz${chance.whole(1e9)}`
  const at = new Date()
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(right.webhookSecret).sign(id, at, body.toString()),
  }
}
