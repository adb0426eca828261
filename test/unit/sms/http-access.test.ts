// How a template proves who sends: requests signed by HMAC, and access tokens by OAuth 2.0 client credentials, fetched
// within the call's own deadline.

import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest'
import { callProvider } from '../../../src/sms/call-provider.ts'
import { configureProviders } from '../../../src/sms/registry.ts'
import { messageFor, NOW } from '../../contract/provider-contract.ts'
import { httpProviderOf } from '../../support/http-templates.ts'
import { ports } from '../../support/ports.ts'

const FORM = { to: '{to}', text: '{text}' }
const URL_OF_API = 'https://sms.example/send'
const LEAST = { request: { url: URL_OF_API, form: FORM }, message_id: '/id' }

describe('instants', () => {
  it('are one and the same in a request, in three forms', async () => {
    const json = {
      ...FORM,
      s: '{timestamp}',
      n: '{timestamp:number}',
      ms: '{timestamp_ms:number}',
      iso: '{timestamp_iso}',
    }
    const http = httpProviderOf(
      { ...LEAST, request: { url: URL_OF_API, json, headers: { 'x-at': '{timestamp_ms}' } } },
      { now: NOW + 456 },
    )
    const { body, headers } = await http.buildRequest(messageFor('http'))
    const seconds = NOW / 1_000
    expect(JSON.parse(body)).toMatchObject({
      ...{ s: String(seconds), n: seconds, ms: NOW + 456, iso: '2026-11-23T14:03:27.456Z' },
    })
    expect(headers['x-at']).toBe(String(NOW + 456))
  })
})

describe('a signature', () => {
  const signed = (sign: object, secret?: string) =>
    httpProviderOf(
      {
        ...LEAST,
        request: {
          ...LEAST.request,
          headers: { 'X-Signature': 'v1={signature}', 'X-At': '{timestamp}' },
          sign: { text: 'POST\n/send\n{timestamp}\n{body}', encoding: 'hex', ...sign },
        },
      },
      { now: NOW, ...(secret === undefined ? {} : { secret }) },
    )

  test.each(['hex', 'base64'] as const)(
    'in %s is over the body as it is sent',
    async (encoding) => {
      const { body, headers } = await signed({ encoding }).buildRequest(messageFor('http'))
      const expected = createHmac('sha256', 'the-secret')
        .update(`POST\n/send\n${headers['x-at']}\n${body}`)
        .digest(encoding)
      expect(headers['x-signature']).toBe(`v1=${expected}`)
    },
  )

  it('is made with the bytes of a key in base64', async () => {
    const key = Buffer.from('0102ff', 'hex')
    const http = signed({ key: 'base64' }, key.toString('base64'))
    const { body, headers } = await http.buildRequest(messageFor('http'))
    const text = `POST\n/send\n${headers['x-at']}\n${body}`
    const expected = createHmac('sha256', key).update(text).digest('hex')
    expect(headers['x-signature']).toBe(`v1=${expected}`)
  })

  it('needs a secret, and one that is a key', () => {
    const HTTP_TEMPLATE = {
      ...LEAST,
      request: {
        ...LEAST.request,
        headers: { 'x-s': '{signature}' },
        sign: { text: '{body}', encoding: 'hex', key: 'base64' },
      },
    }
    const problemsWith = (HTTP_SECRET: string) => {
      const problems: { setting: string; problem: string }[] = []
      const settings = { SMS_PROVIDERS: 'http', HTTP_FROM: 'x', HTTP_TEMPLATE, HTTP_SECRET }
      configureProviders(settings, problems, ports)
      return problems
    }
    expect(problemsWith('')).toEqual([{ setting: 'HTTP_SECRET', problem: 'is missing' }])
    expect(problemsWith('no base64!')).toEqual([
      { setting: 'HTTP_SECRET', problem: 'must be base64: requests are signed with it' },
    ])
    expect(problemsWith('AQL/')).toEqual([])
  })
})

describe('an access token', () => {
  const log = vi.fn()
  beforeEach(() => {
    for (const level of ['log', 'info', 'warn', 'error'] as const)
      vi.spyOn(console, level).mockImplementation(log)
  })
  afterEach(() => {
    vi.restoreAllMocks()
    expect(JSON.stringify(log.mock.calls)).not.toContain('token-')
    log.mockClear()
  })

  type Call = { readonly url: string; readonly headers: Headers; readonly body: string }
  type Answer = Response | 'never'

  /** A clock that each answer moves on, and answers in order of asking. */
  function stage(
    oauth: object,
    answers: { auth: (n: number) => Answer; api: (n: number) => Answer },
  ) {
    const calls: Call[] = []
    let now = NOW
    const timers: (readonly [at: number, run: () => void])[] = []
    const count = (host: string) => calls.filter(({ url }) => new URL(url).hostname === host).length
    const world = {
      now: () => now,
      after: (delayMs: number, run: () => void) => {
        timers.push([now + delayMs, run])
        return () => {}
      },
      fetch: async (url: string, init?: RequestInit) => {
        calls.push({ url, headers: new Headers(init?.headers), body: String(init?.body) })
        const host = new URL(url).hostname
        const answer =
          host === 'auth.example' ? answers.auth(count(host)) : answers.api(count(host))
        if (answer !== 'never') {
          now += 100
          return answer
        }
        const due = timers.at(-1)
        now = due?.[0] ?? now
        due?.[1]()
        return new Promise<Response>(() => {})
      },
    }
    const http = httpProviderOf(
      {
        ...LEAST,
        request: {
          ...LEAST.request,
          headers: { authorization: 'Bearer {token}' },
          oauth: { url: 'https://auth.example/token?t=1', client_id: 'me & you', ...oauth },
        },
      },
      { now: NOW, secret: 'a secret+', ports: world },
    )
    return {
      calls,
      wait: (ms: number) => {
        now += ms
      },
      call: async (timeoutMs = 1_500) => {
        const { outcome } = await callProvider(world, http, messageFor('http'), timeoutMs)
        return outcome
      },
    }
  }

  const grantFor = (n: number, expires_in: unknown) =>
    Response.json({ access_token: `token-${n}`, token_type: 'Bearer', expires_in })
  const grant = (n: number) => grantFor(n, 3_600)
  const accepted = () => Response.json({ id: 'm-1' })
  const ACCEPTED = { class: 'accepted', providerMessageId: 'm-1' }
  const tokensIn = (calls: readonly Call[]) =>
    calls
      .filter(({ url }) => url === URL_OF_API)
      .map(({ headers }) => headers.get('authorization')?.replace('Bearer ', ''))
  const hosts = (calls: readonly Call[]) => calls.map(({ url }) => new URL(url).hostname)

  it('is fetched as RFC 6749 has it, and kept until shortly before it runs out', async () => {
    const { calls, call, wait } = stage({ form: { scope: 'sms' } }, { auth: grant, api: accepted })
    expect(await call()).toEqual(ACCEPTED)
    expect(await call()).toEqual(ACCEPTED)
    wait(3_600_000 - 60_000)
    expect(await call()).toEqual(ACCEPTED)
    expect(tokensIn(calls)).toEqual(['token-1', 'token-1', 'token-2'])
    const [first] = calls
    expect(first).toMatchObject({ url: 'https://auth.example/token?t=1' })
    expect(first?.body).toBe('grant_type=client_credentials&scope=sms')
    expect(first?.headers.get('content-type')).toBe('application/x-www-form-urlencoded')
    const credentials = Buffer.from('me+%26+you:a+secret%2B').toString('base64')
    expect(first?.headers.get('authorization')).toBe(`Basic ${credentials}`)
  })

  it('has its client in the form where the template says so', async () => {
    const { calls, call } = stage({ client_in: 'form' }, { auth: grant, api: accepted })
    await call()
    expect(calls[0]?.headers.has('authorization')).toBe(false)
    expect(Object.fromEntries(new URLSearchParams(calls[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'me & you',
      client_secret: 'a secret+',
    })
  })

  it.each([undefined, null, 'soon', 0, -5])(
    'is not kept for long where it expires in %s',
    async (s) => {
      const { calls, call, wait } = stage({}, { auth: (n) => grantFor(n, s), api: accepted })
      await call()
      wait(5 * 60_000)
      await call()
      expect(tokensIn(calls)).toEqual(['token-1', 'token-2'])
    },
  )

  it('that was taken back is fetched anew, once', async () => {
    const api = (n: number) => (n === 2 ? new Response('', { status: 401 }) : accepted())
    const { calls, call } = stage({}, { auth: grant, api })
    expect(await call()).toEqual(ACCEPTED)
    expect(await call()).toEqual(ACCEPTED)
    expect(tokensIn(calls)).toEqual(['token-1', 'token-1', 'token-2'])
  })

  it('that is never taken ends the call at the second 401', async () => {
    const api = () => new Response('', { status: 401 })
    const { calls, call } = stage({}, { auth: grant, api })
    expect(await call()).toEqual({ class: 'provider_config', code: 'http_401' })
    expect(hosts(calls)).toEqual(['auth.example', 'sms.example', 'auth.example', 'sms.example'])
  })

  it.each<[what: string, answer: () => Answer, outcome: object]>([
    [
      'refused',
      () => new Response('', { status: 401 }),
      { class: 'provider_config', code: 'token_http_401' },
    ],
    [
      'refused as RFC 6749 has it',
      () => Response.json({ error: 'invalid_client' }, { status: 400 }),
      { class: 'provider_config', code: 'token_http_400' },
    ],
    [
      'moved',
      () => new Response('', { status: 302 }),
      { class: 'provider_config', code: 'token_http_302' },
    ],
    [
      'throttled',
      () => new Response('', { status: 429 }),
      { class: 'provider_transient', code: 'token_http_429' },
    ],
    [
      'broken',
      () => new Response('', { status: 500 }),
      { class: 'provider_transient', code: 'token_http_500' },
    ],
    [
      'no token',
      () => Response.json({ access_token: 'two words' }),
      { class: 'provider_transient', code: 'token_unreadable' },
    ],
    [
      'no JSON',
      () => new Response('<html>'),
      { class: 'provider_transient', code: 'token_unreadable' },
    ],
    ['silence', () => 'never', { class: 'provider_transient', code: 'token_timeout' }],
  ])(
    'that cannot be had (%s) sends nothing, and is nothing ambiguous',
    async (_what, auth, outcome) => {
      const { calls, call } = stage({}, { auth, api: accepted })
      expect(await call()).toEqual(outcome)
      expect(hosts(calls)).toEqual(['auth.example'])
    },
  )

  it('shares the deadline of the call', async () => {
    const slow = stage({}, { auth: grant, api: accepted })
    expect(await slow.call(100)).toEqual({ class: 'provider_transient', code: 'token_timeout' })
    expect(hosts(slow.calls)).toEqual(['auth.example'])
    const hanging = stage({}, { auth: grant, api: () => 'never' })
    expect(await hanging.call(1_000)).toEqual({ class: 'ambiguous', code: 'timeout' })
  })
})
