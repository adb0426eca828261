// The client that others copy: what Lockline says becomes a tagged value, and silence is never a yes.

import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { createLockline, type Ports } from '../../../examples/exchange/lockline-client.ts'
import { createClock, OPEN, ORIGIN, type Said, SECRET, signedHeaders } from './simulated.ts'

const OTHER_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
const SETTINGS = {
  url: ORIGIN,
  apiKey: 'key',
  webhookSecret: SECRET,
  callbackSecrets: [OTHER_SECRET, SECRET],
}

function start(said: Said) {
  const clock = createClock()
  const sent: { readonly url: string; readonly init: RequestInit }[] = []
  const ports: Ports = {
    ...clock,
    fetch: async (url, init) => {
      sent.push({ url, init })
      if (said === 'down') throw new TypeError('fetch failed')
      if (said === 'never') return new Promise<Response>(() => {})
      const text = typeof said.body === 'string' ? said.body : JSON.stringify(said.body ?? {})
      return new Response(said.status === 204 ? null : text, { status: said.status })
    },
  }
  return { lockline: createLockline(SETTINGS, ports), clock, sent }
}

const held = { held: true, until: '2026-11-30T00:00:00.000Z', known: true }

describe('askHold', () => {
  it.each<[string, Said, unknown]>([
    ['open', OPEN, { kind: 'open' }],
    [
      'held, as it was before holds had reasons',
      { status: 200, body: { ...held, lock_id: 'l1' } },
      { kind: 'held', holdId: 'l1', reason: 'lock', until: held.until },
    ],
    [
      'held for a reason',
      { status: 200, body: { ...held, hold_id: 'h1', lock_id: null, reason: 'cooling_off' } },
      { kind: 'held', holdId: 'h1', reason: 'cooling_off', until: held.until },
    ],
    [
      'not known',
      { status: 200, body: { held: false, known: false } },
      { kind: 'unknown_account' },
    ],
    ['of an older kind', { status: 200, body: { held: false } }, { kind: 'unknown_account' }],
    [
      '503',
      { status: 503, body: { held: false, known: true } },
      { kind: 'unanswered', why: 'answered 503' },
    ],
    ['401', { status: 401 }, { kind: 'unanswered', why: 'answered 401' }],
    ['a redirect', { status: 302 }, { kind: 'unanswered', why: 'answered 302' }],
    ['a web page', { status: 200, body: '<html>' }, { kind: 'unanswered', why: 'answered 200' }],
    ['no connection', 'down', { kind: 'unanswered', why: 'fetch failed' }],
  ])('%s', async (_what, said, expected) => {
    expect(await start(said).lockline.askHold('a1')).toEqual(expected)
  })

  it('gives up in time, though the network never does', async () => {
    const { lockline, clock, sent } = start('never')
    const asked = lockline.askHold('a1')
    await clock.pass(2_000)
    expect(await asked).toEqual({ kind: 'unanswered', why: 'no answer in 2000 ms' })
    expect(sent[0]?.init.signal?.aborted).toBe(true)
  })

  it('says open to nothing but a clear and known no', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 200, max: 599 }), fc.jsonValue(), async (status, body) => {
        fc.pre(![204, 205, 304].includes(status))
        const answer = await start({ status, body }).lockline.askHold('a1')
        const fields = Object(body)
        const isClear = status === 200 && fields.held === false && fields.known === true
        expect(answer.kind === 'open').toBe(isClear)
      }),
    )
  })

  it('leaves no path', async () => {
    const { lockline, sent } = start(OPEN)
    await lockline.askHold('../x')
    expect(sent[0]?.url).toBe(`${ORIGIN}/v1/accounts/..%2Fx/hold`)
    expect(sent[0]?.init).toMatchObject({ redirect: 'manual', method: 'GET' })
  })
})

describe('sendEvent', () => {
  const event = { id: 'e1', type: 'login.succeeded', at: 0, data: { account_id: 'a1' } }

  it('signs what it sends, by the moment it is sent', async () => {
    const { lockline, sent, clock } = start({ status: 202, body: { alert_id: 'al' } })
    expect(await lockline.sendEvent(event)).toEqual({ kind: 'stored', alertId: 'al' })
    const init = sent[0]?.init
    const headers = Object.fromEntries(new Headers(init?.headers))
    const body = String(init?.body)
    expect(headers['webhook-timestamp']).toBe(String(Math.floor(clock.now() / 1000)))
    expect(new Webhook(SECRET).verify(body, headers)).toEqual({
      type: event.type,
      timestamp: new Date(0).toISOString(),
      data: event.data,
    })
  })

  it.each<[number, string]>([
    [400, 'refused'],
    [413, 'refused'],
    [415, 'refused'],
    [422, 'refused'],
    [401, 'unanswered'],
    [403, 'unanswered'],
    [404, 'unanswered'],
    [429, 'unanswered'],
    [500, 'unanswered'],
    [200, 'unanswered'],
  ])('answered %i is %s', async (status, kind) => {
    const { lockline } = start({ status, body: { code: 'some_code' } })
    expect((await lockline.sendEvent(event)).kind).toBe(kind)
  })
})

describe('the other calls', () => {
  it.each<[string, Said, (lockline: ReturnType<typeof createLockline>) => unknown, unknown]>([
    [
      'lock',
      { status: 201, body: { lock_id: 'l1' } },
      (l) => l.lock('a'),
      { kind: 'locked', lockId: 'l1' },
    ],
    [
      'lock, kept',
      { status: 202, body: { lock_id: 'l1' } },
      (l) => l.lock('a'),
      { kind: 'locked', lockId: 'l1' },
    ],
    ['lift', { status: 200, body: {} }, (l) => l.liftHold('a', 'r'), { kind: 'lifted' }],
    ['lift, later', { status: 202, body: {} }, (l) => l.liftHold('a', 'r'), { kind: 'asked' }],
    [
      'lift, refused',
      { status: 409, body: { code: 'lock_changed' } },
      (l) => l.liftHold('a', 'r', 'l1'),
      { kind: 'refused', status: 409, code: 'lock_changed' },
    ],
    ['put', { status: 200, body: {} }, (l) => l.putAccount('a', {}), { kind: 'stored' }],
    [
      'report',
      { status: 200, body: {} },
      (l) => l.reportActions('a', 'l', { done: [], failed: [] }),
      { kind: 'taken' },
    ],
    [
      'report, away',
      { status: 503 },
      (l) => l.reportActions('a', 'l', { done: [], failed: [] }),
      { kind: 'unanswered', why: 'answered 503' },
    ],
    [
      'portal',
      { status: 201, body: { url: 'https://x' } },
      (l) => l.portalLink('a'),
      { kind: 'link', url: 'https://x' },
    ],
    [
      'active',
      { status: 200, body: { active: true } },
      (l) => l.introspect('s', 'a'),
      { kind: 'active' },
    ],
    [
      'inactive',
      { status: 200, body: { active: false } },
      (l) => l.introspect('s', 'a'),
      { kind: 'inactive' },
    ],
    [
      'introspect, away',
      'down',
      (l) => l.introspect('s', 'a'),
      { kind: 'unanswered', why: 'fetch failed' },
    ],
  ])('%s', async (_what, said, call, expected) => {
    expect(await call(start(said).lockline)).toEqual(expected)
  })
})

describe('verifyCallback', () => {
  const { lockline } = start(OPEN)
  const body = JSON.stringify({ type: 't', timestamp: 'x', data: { account_id: 'a' } })

  it('believes either secret', () => {
    expect(lockline.verifyCallback(signedHeaders('c1', body), body)).toEqual({
      kind: 'genuine',
      callback: { id: 'c1', type: 't', timestamp: 'x', data: { account_id: 'a' } },
    })
  })

  it.each<[string, string, Record<string, string>]>([
    ['a changed body', `${body} `, {}],
    ['another id', body, { 'webhook-id': 'c2' }],
    ['no signature', body, { 'webhook-signature': '' }],
    ['an old time', body, { 'webhook-timestamp': '1' }],
    ['no time', body, { 'webhook-timestamp': 'x' }],
  ])('does not believe %s', (_what, given, change) => {
    const headers = { ...signedHeaders('c1', body), ...change }
    expect(lockline.verifyCallback(headers, given).kind).toBe('forged')
  })

  it.each(['', '[]', 'null', '{"type":1,"data":{}}', '{"type":"t"}', '{"type":"t","data":[]}'])(
    'finds no event in %s',
    (given) => {
      expect(lockline.verifyCallback(signedHeaders('c1', given), given).kind).toBe('unreadable')
    },
  )
})
