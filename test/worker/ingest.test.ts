// POST /v1/events from outside: who is believed, what is refused and how, what is stored of it.

import { generateKeyPairSync, sign } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accountPath,
  countRows,
  importOwner,
  linksTold,
  loginAndDeliver,
  loginAt,
  loginOnce,
  newOwner,
  problemOf,
  readHistory,
} from '../support/owner.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { createSecrets } from '../world/world.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
// The last 32 bytes of the DER form are the key itself (RFC 8410 §4).
const rawPublicKey = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
const previousSecret = createSecrets().webhookSecrets[0] ?? ''
const strangeSecret = createSecrets().webhookSecrets[0] ?? ''

let stage: Stage

beforeAll(async () => {
  const [current = ''] = createSecrets().webhookSecrets
  const webhookSecrets = [current, previousSecret, `whpk_${rawPublicKey.toString('base64')}`]
  stage = await startTestStage({ world: { secrets: { webhookSecrets } } })
})

afterAll(() => stage.close())

function loginBody(fields: Readonly<Record<string, unknown>>): string {
  const data = { session_id: 's_1', ip: '203.0.113.77', user_agent: 'curl/8.9.1', ...fields }
  return JSON.stringify({ type: 'login.succeeded', timestamp: new Date().toISOString(), data })
}

function postSigned(body: string, options = {}) {
  const { exchange } = stage.world
  return exchange.raw(body, exchange.signedHeaders(body, options))
}

describe('an event that is accepted', () => {
  it('is answered 202 with the id of its alert', async () => {
    const answer = await stage.world.exchange.login({ account_id: newOwner().id })
    expect([answer.status, answer.body]).toEqual([
      202,
      { alert_id: expect.stringMatching(/^alr_[a-z0-9]{26}$/), duplicate: false },
    ])
  })

  it('gets the same answer, marked as a duplicate, when its id comes again', async () => {
    const owner = await importOwner(stage)
    const { exchange, phones } = stage.world
    const options = { webhookId: 'msg_twice' }
    const fields = { account_id: owner.id, session_id: 's_twice' }
    const first = await exchange.login(fields, options)
    await loginOnce(stage, owner, 'delivered')
    const second = await exchange.login(fields, options)
    expect(first.body).toEqual({ alert_id: expect.any(String), duplicate: false })
    expect(second.body).toEqual({ ...Object(first.body), duplicate: true })
    // Another login of the account is delivered behind it: the repetition sent nothing before.
    await loginAndDeliver(stage, owner)
    await stage.settle()
    expect(phones.messagesTo(owner.phone)).toHaveLength(2)
  })

  it('is told after a repetition when the first time its queue message was lost', async () => {
    const owner = await importOwner(stage)
    const { exchange } = stage.world
    const fields = { account_id: owner.id, session_id: 's_lost' }
    await stage.setFaults({ alerts: true })
    expect((await exchange.login(fields, { webhookId: 'msg_lost' })).status).toBe(202)
    await stage.setFaults({})
    const again = await exchange.login(fields, { webhookId: 'msg_lost' })
    expect(again.body).toMatchObject({ duplicate: true })
    await loginOnce(stage, owner, 'delivered')
  })

  it('is stored once and told once though it comes a hundred times at once', async () => {
    const owner = await importOwner(stage)
    const { exchange, carriers } = stage.world
    const fields = { account_id: owner.id, session_id: 's_hundred' }
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => exchange.login(fields, { webhookId: 'msg_hundred' })),
    )
    expect(answers.map((answer) => answer.status)).toEqual(Array(100).fill(202))
    const fresh = answers.filter((answer) => JSON.stringify(answer.body).includes('false'))
    expect(fresh).toHaveLength(1)
    await loginAndDeliver(stage, owner)
    await stage.settle()
    const history = await readHistory(stage, owner)
    expect(history.logins.map((login) => login.alert.number)).toEqual([2, 1])
    expect(linksTold(stage, owner)).toHaveLength(2)
    // A copy through another provider is a call that was silent for too long: this one was asked once for each.
    expect(carriers.twilio.calls.entries().filter((c) => c.to === owner.phone)).toHaveLength(2)
  })

  it('may be signed with an older secret of the list', async () => {
    const answer = await postSigned(loginBody({ account_id: 'rotated' }), {
      secret: previousSecret,
    })
    expect(answer.status).toBe(202)
  })

  it('may be signed by ed25519', async () => {
    const body = loginBody({ account_id: 'asymmetric' })
    const headers = stage.world.exchange.signedHeaders(body)
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    const signature = sign(null, Buffer.from(signed), privateKey).toString('base64')
    const answer = await stage.world.exchange.raw(body, {
      ...headers,
      'webhook-signature': `v1a,${signature}`,
    })
    expect(answer.status).toBe(202)
  })

  it('is believed when only one of several signatures fits', async () => {
    const body = loginBody({ account_id: 'several' })
    const headers = stage.world.exchange.signedHeaders(body)
    const wrong = stage.world.exchange.signedHeaders(body, { secret: strangeSecret })
    const both = `${wrong['webhook-signature']} ${headers['webhook-signature']}`
    const answer = await stage.world.exchange.raw(body, { ...headers, 'webhook-signature': both })
    expect(answer.status).toBe(202)
  })
})

describe('a login whose browser sends nonsense', () => {
  it('A1 is told all the same: nothing that is only shown refuses it', async () => {
    const owner = await importOwner(stage)
    const body = loginBody({
      account_id: owner.id,
      ip: 'fe80::1%en0, unknown',
      user_agent: 'x'.repeat(30_000),
      device_name: '\u202e\ud800'.repeat(2_000),
      locale: '*',
      country: '',
      city: ['Berlin'],
      session_expires_at: '',
    })
    expect((await postSigned(body)).status).toBe(202)
    await loginOnce(stage, owner, 'delivered')
  })
})

describe('an event that cannot be verified', () => {
  const body = loginBody({ account_id: 'unverified' })
  const ago = (seconds: number) => String(Math.floor(Date.now() / 1000) - seconds)
  type Headers = Record<string, string>
  const signWith = (secret: string, id: string, timestamp: string): Headers => ({
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': new Webhook(secret).sign(id, new Date(Number(timestamp) * 1000), body),
  })
  const secretInUse = () => stage.world.secrets.webhookSecrets[0] ?? ''
  const without = (headers: Headers, name: string): Headers =>
    Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))

  const causes: Record<string, (good: Headers) => Headers> = {
    'no headers': () => ({ 'content-type': 'application/json' }),
    'no id': (good) => without(good, 'webhook-id'),
    'no timestamp': (good) => without(good, 'webhook-timestamp'),
    'no signature': (good) => without(good, 'webhook-signature'),
    'a secret we do not know': (good) => ({ ...good, ...signWith(strangeSecret, 'm1', ago(0)) }),
    'another id than the signed one': (good) => ({ ...good, 'webhook-id': 'msg_other' }),
    'another timestamp than the signed one': (good) => ({ ...good, 'webhook-timestamp': ago(9) }),
    'a signature six minutes old': (good) => ({
      ...good,
      ...signWith(secretInUse(), 'm2', ago(360)),
    }),
    'a signature six minutes ahead': (good) => ({
      ...good,
      ...signWith(secretInUse(), 'm3', ago(-360)),
    }),
    'a timestamp that is no number': (good) => ({ ...good, 'webhook-timestamp': 'yesterday' }),
    'an id of 257 characters': (good) => ({
      ...good,
      ...signWith(secretInUse(), 'x'.repeat(257), ago(0)),
    }),
    'a signature that is no base64': (good) => ({ ...good, 'webhook-signature': 'v1,***' }),
    'an unknown signature version': (good) => ({
      ...good,
      'webhook-signature': (good['webhook-signature'] ?? '').replace('v1,', 'v9,'),
    }),
    'an HMAC passed off as ed25519': (good) => ({
      ...good,
      'webhook-signature': (good['webhook-signature'] ?? '').replace('v1,', 'v1a,'),
    }),
  }

  it.each(Object.entries(causes))('is refused with one text for: %s', async (_cause, spoil) => {
    const before = await countRows(stage)
    const headers = spoil(stage.world.exchange.signedHeaders(body))
    const answer = await stage.world.exchange.raw(body, headers)
    expect([answer.status, answer.body]).toEqual([
      401,
      {
        type: 'about:blank',
        title: 'The signature could not be verified.',
        status: 401,
        code: 'invalid_signature',
      },
    ])
    expect(await countRows(stage)).toEqual(before)
  })

  it('is refused when its body was changed on the way', async () => {
    const headers = stage.world.exchange.signedHeaders(body)
    const answer = await stage.world.exchange.raw(`${body} `, headers)
    expect(problemOf(answer)).toEqual({ status: 401, code: 'invalid_signature', pointers: [] })
  })
})

describe('an event that is genuine and wrong', () => {
  const refused = async (body: string, headers = {}) => {
    const before = await countRows(stage)
    const answer = await postSigned(body, { headers })
    expect(await countRows(stage)).toEqual(before)
    return problemOf(answer)
  }

  it('is refused as malformed when it is no JSON', async () => {
    const problem = await refused('login!')
    expect(problem).toEqual({ status: 400, code: 'malformed_json', pointers: [] })
  })

  it('is refused when it is of another media type', async () => {
    const problem = await refused(loginBody({ account_id: 'a' }), { 'content-type': 'text/plain' })
    expect(problem).toEqual({ status: 415, code: 'unsupported_media_type', pointers: [] })
  })

  it('is refused when it says that it is larger than 64 KiB', async () => {
    const problem = await refused(loginBody({ account_id: 'a', padding: 'x'.repeat(65_536) }))
    expect(problem).toEqual({ status: 413, code: 'body_too_large', pointers: [] })
  })

  it('is refused when it is larger than 64 KiB without saying so', async () => {
    const body = loginBody({ account_id: 'a', padding: 'x'.repeat(65_536) })
    const response = await stage.runtime.fetch('/v1/events', {
      method: 'POST',
      headers: stage.world.exchange.signedHeaders(body),
      body: new Blob([body]).stream(),
      ...{ duplex: 'half' },
    })
    expect(response.status).toBe(413)
  })

  const invalid: Record<string, [unknown, string[]]> = {
    'a type we do not know': [{ type: 'login.failed', timestamp: 'x', data: {} }, ['/type']],
    'missing fields': [
      { type: 'login.succeeded', timestamp: '2026-11-23T14:03:27Z', data: {} },
      ['/data/account_id', '/data/session_id'],
    ],
    'fields of the wrong kind': [
      {
        type: 'login.succeeded',
        timestamp: '2026-02-31T14:03:27Z',
        data: {
          account_id: 'a b',
          session_id: 7,
          ip: '203.0.113.256',
          user_agent: 'x',
          country: 'de',
        },
      },
      ['/timestamp', '/data/account_id', '/data/session_id'],
    ],
    'a list': [[], ['/type']],
    'a name every object has': [{ type: 'constructor', timestamp: '', data: {} }, ['/type']],
  }
  it.each(Object.entries(invalid))(
    'is refused with pointers for: %s',
    async (_what, [event, at]) => {
      const problem = await refused(JSON.stringify(event))
      expect(problem).toEqual({ status: 422, code: 'invalid_event', pointers: at })
    },
  )

  it('A1 leaves a line in the log that names the fields, and none of their values', async () => {
    const [event] = invalid['fields of the wrong kind'] ?? []
    await refused(JSON.stringify(event))
    const line = stage.logs.findLast((text) => text.includes('event.refused')) ?? '{}'
    expect(JSON.parse(line)).toEqual({
      event: 'event.refused',
      reason: 'invalid_event',
      pointers: '/timestamp /data/account_id /data/session_id',
    })
  })

  it('is refused when it is nested thirty thousand deep', async () => {
    const problem = await refused(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)
    expect(problem).toMatchObject({ status: 422, code: 'invalid_event' })
  })

  it('is told the method when it is no POST', async () => {
    const response = await stage.runtime.fetch('/v1/events')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it('is told that its path does not end in a slash, not that a key is missing', async () => {
    for (const path of ['/v1/events/', '/v1/events/x', '/v1/receipts/', '/v1/inbound/']) {
      const answer = await stage.runtime.fetch(path, { method: 'POST', body: '{}' })
      expect([path, answer.status]).toEqual([path, 404])
      expect(await answer.json()).toMatchObject({ code: 'not_found' })
    }
  })

  it('finds nothing at a path that is not ours', async () => {
    const response = await stage.runtime.fetch('/v2/events', { method: 'POST', body: '{}' })
    expect(response.status).toBe(404)
  })
})

describe('a clock that is ahead of ours', () => {
  it('does not lengthen what hangs on the time of the login', async () => {
    const owner = newOwner()
    await loginAt(stage, owner, Date.now() + 3_600_000)
    const { logins } = await readHistory(stage, owner)
    expect(Date.parse(logins[0]?.occurred_at ?? '')).toBeLessThanOrEqual(Date.now())
  })
})

describe('session.ended', () => {
  it('ends the session', async () => {
    const owner = newOwner()
    const { exchange } = stage.world
    const { sessionId } = await exchange.login({ account_id: owner.id })
    const answer = await exchange.logout(owner.id, sessionId)
    expect([answer.status, answer.body]).toEqual([202, { alert_id: null, duplicate: false }])
    const sessions = await exchange.api('GET', accountPath(owner, '/sessions'))
    expect(sessions.body).toEqual({ sessions: [], next_cursor: null })
    const { logins } = await readHistory(stage, owner)
    expect(logins[0]?.session).toEqual({ end: 'ended', ended_at: expect.any(String) })
  })

  it('counts though it overtakes the login it ends', async () => {
    const owner = newOwner()
    const { exchange } = stage.world
    const at = Date.now() - 5_000
    const early = await exchange.logout(owner.id, `s_${at}`)
    expect([early.status, early.body]).toEqual([202, { alert_id: null, duplicate: false }])
    const again = await exchange.logout(owner.id, `s_${at}`)
    expect(again.body).toEqual({ alert_id: null, duplicate: true })
    await loginAt(stage, owner, at)
    const { logins } = await readHistory(stage, owner)
    expect(logins[0]?.session).toEqual({ end: 'ended', ended_at: expect.any(String) })
    const sessions = await exchange.api('GET', accountPath(owner, '/sessions'))
    expect(sessions.body).toEqual({ sessions: [], next_cursor: null })
  })

  it('does not end a later session of the same name', async () => {
    const owner = newOwner()
    const at = Date.now() + 2_000
    await stage.world.exchange.logout(owner.id, `s_${at}`, { at: Date.now() - 60_000 })
    await loginAt(stage, owner, at)
    const { logins } = await readHistory(stage, owner)
    expect(logins[0]?.session).toEqual({ end: null, ended_at: null })
  })

  it('does not end a session of the same name of another account', async () => {
    const [owner, other] = [newOwner(), newOwner()]
    const { exchange } = stage.world
    await exchange.login({ account_id: owner.id, session_id: 's_shared' })
    await exchange.logout(other.id, 's_shared')
    const { logins } = await readHistory(stage, owner)
    expect(logins[0]?.session).toEqual({ end: null, ended_at: null })
  })
})
