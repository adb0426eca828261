// The REST API of the exchange: accounts, histories, sessions, and who may ask.

import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smokeTest } from '../../tools/deploy/smoke.ts'
import {
  accountPath,
  countRows,
  execute,
  importOwner,
  loginAndDeliver,
  loginOnce,
  newOwner,
  pathOf,
  problemOf,
  readAllRows,
  readHistory,
  trustEveryProvider,
} from '../support/owner.ts'
import { enterPortal } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { createSecrets } from '../world/world.ts'

const apiKeys = [createSecrets(), createSecrets()].flatMap((secrets) => secrets.apiKeys)
const [gatewayKey = ''] = createSecrets().apiKeys
const [opsKey = ''] = createSecrets().apiKeys
const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

let stage: Stage

beforeAll(async () => {
  const withScopes = [
    ...apiKeys,
    `${gatewayKey}:holds.read,introspect`,
    `${opsKey}:ops.read,ops.act`,
  ]
  stage = await startTestStage({ world: { secrets: { apiKeys: withScopes } } })
})

afterAll(() => stage.close())

const api: Stage['world']['exchange']['api'] = (method, path, body) =>
  stage.world.exchange.api(method, path, body)

function put(path: string, body: string, contentType = 'application/json') {
  const headers = { authorization: `Bearer ${apiKeys[0]}`, 'content-type': contentType }
  return stage.runtime.fetch(path, { method: 'PUT', headers, body })
}

describe('the smoke test of a deployment', () => {
  it('finds the Worker well, and alerts nobody: a row is all', async () => {
    const before = await countRows(stage)
    const { WEBHOOK_SECRETS: webhook = '' } = stage.world.settings()
    const lines = await smokeTest(
      {
        ...{ origin: stage.runtime.origin, release: '1', version: null, isReadOnly: false },
        secrets: { webhook, apiKey: `${opsKey}:ops.read ${gatewayKey}:holds.read,introspect` },
      },
      {
        // Only what `npm run deploy` uploads has a name.
        fetch: async (input, init) => {
          const { status, body, headers } = await fetch(input, init)
          return new Response(body, { status, headers: [...headers, ['lockline-release', '1']] })
        },
        ...{ now: () => Date.now(), wait: async () => {} },
      },
    )
    expect(lines.map(({ result }) => result)).toEqual(['ok', 'ok', 'ok', 'ok'])
    const ends = (before.early_session_ends ?? 0) + 1
    expect(await countRows(stage)).toEqual({ ...before, early_session_ends: ends })
  })
})

describe('an account', () => {
  it('is made by the first import, and shown masked', async () => {
    const owner = newOwner()
    const answer = await api('PUT', accountPath(owner), {
      phone: owner.phone,
      locale: 'zh-TW',
      alerts: 'unusual',
      phrase: 'blue heron 7',
      totp_secret: TOTP_SECRET,
    })
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        account_id: owner.id,
        phone: {
          masked: `•••• ${owner.phone.slice(-4)}`,
          country: 'US',
          state: 'ok',
          state_code: null,
          sms: { served: true, service: 'unregistered', sender: 'number', link: true },
        },
        locale: 'zh-TW',
        alerts: 'unusual',
        has_phrase: true,
        has_totp_secret: true,
        held: false,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ])
    expect((await api('GET', accountPath(owner))).body).toEqual(answer.body)
  })

  it('keeps what a later import does not name, and loses what it sets to null', async () => {
    const owner = await importOwner(stage, { phrase: 'blue heron 7', locale: 'de' })
    const kept = await api('PUT', accountPath(owner), { alerts: 'all' })
    const cleared = await api('PUT', accountPath(owner), { phrase: null, phone: null })
    expect([kept.body, cleared.body]).toMatchObject([
      { has_phrase: true, locale: 'de', phone: { country: 'US' } },
      { has_phrase: false, locale: 'de', phone: null },
    ])
  })

  it('alerts of every login again once its choice is set to null', async () => {
    const owner = await importOwner(stage, { alerts: 'off' })
    const cleared = await api('PUT', accountPath(owner), { alerts: null })
    expect([cleared.status, cleared.body]).toMatchObject([200, { alerts: 'all' }])
  })

  it('takes a number in any spelling of its own country code', async () => {
    const owner = newOwner()
    const spelled = `${owner.phone.slice(0, 2)} (${owner.phone.slice(2, 5)}) ${owner.phone.slice(5, 8)}-${owner.phone.slice(8)}`
    await api('PUT', accountPath(owner), { phone: spelled })
    const { message } = await loginAndDeliver(stage, owner)
    expect(message.to).toBe(owner.phone)
  })

  it('A9 keeps a STOP when the same number is imported, until told otherwise or another is', async () => {
    const owner = await importOwner(stage)
    await execute(
      stage,
      "UPDATE accounts SET phone_state = 'opted_out', phone_state_code = 'stop_reply' WHERE account_id = ?",
      owner.id,
    )
    const kept = await api('PUT', accountPath(owner), { phone: owner.phone, locale: 'de' })
    expect(kept.body).toMatchObject({ phone: { state: 'opted_out', state_code: 'stop_reply' } })
    const refused = await api('PUT', accountPath(owner), { opted_in: false })
    expect(refused.status).toBe(422)
    const clean = await api('PUT', accountPath(owner), { opted_in: true })
    expect(clean.body).toMatchObject({ phone: { state: 'ok', state_code: null } })
    await execute(
      stage,
      "UPDATE accounts SET phone_state = 'opted_out' WHERE account_id = ?",
      owner.id,
    )
    const other = await api('PUT', accountPath(owner), { phone: newOwner().phone })
    expect(other.body).toMatchObject({ phone: { state: 'ok', state_code: null } })
  })

  it('is erased for good: no table keeps a row of it, and a new one starts at #1', async () => {
    const owner = await importOwner(stage, { phrase: 'blue heron 7', totp_secret: TOTP_SECRET })
    const { link } = await loginAndDeliver(stage, owner)
    await stage.runtime.fetch(pathOf(link), { method: 'POST' })
    await eventually('the confirmation', async () => {
      const page = await stage.runtime.fetch(`${pathOf(link)}/status`)
      return (await page.text()).includes('Your account is locked')
    })
    const held = { status: 409, body: { code: 'account_held' } }
    expect(await api('DELETE', accountPath(owner))).toMatchObject(held)
    const other = { phone: newOwner().phone }
    expect(await api('PUT', accountPath(owner), other)).toMatchObject(held)
    await api('DELETE', accountPath(owner, '/hold'), { reason: 'identified' })
    const answer = await api('DELETE', accountPath(owner))
    expect(answer.status).toBe(204)
    const rows = await readAllRows(stage)
    expect(JSON.stringify(rows)).not.toContain(`"${owner.id}"`)
    expect((await api('GET', accountPath(owner))).status).toBe(404)
    expect((await readHistory(stage, owner)).logins).toEqual([])
  })

  it('is erased except for a lock the exchange has not confirmed', async () => {
    const { exchange } = stage.world
    const owner = await importOwner(stage)
    const { link } = await loginAndDeliver(stage, owner)
    await exchange.setCallbackMode('500')
    await stage.runtime.fetch(pathOf(link), { method: 'POST' })
    await exchange.api('DELETE', accountPath(owner, '/hold'), { reason: 'identified' })
    await exchange.api('DELETE', accountPath(owner))
    await exchange.setCallbackMode('ok')
    const told = await exchange.waitForCallback(
      ({ event, status }) => event?.accountId === owner.id && status === 200,
    )
    expect(told.event?.type).toBe('account.locked')
  })
})

describe('an import that is refused', () => {
  const refusals: Record<string, [unknown, string]> = {
    'a number without its country': [{ phone: '2025550123' }, '/phone'],
    'a number that is too short': [{ phone: '+1202' }, '/phone'],
    'a landline': [{ phone: '+4930123456' }, '/phone'],
    'a satellite phone': [{ phone: '+870773111632' }, '/phone'],
    'an extension': [{ phone: '+12025550123 ext. 5' }, '/phone'],
    'words for a number': [{ phone: '+1 call me' }, '/phone'],
    'a number that is a number': [{ phone: 12025550123 }, '/phone'],
    'an empty number': [{ phone: '' }, '/phone'],
    'alerts of an unknown kind': [{ alerts: 'some' }, '/alerts'],
    'a phrase with a link': [{ phrase: 'see https://evil.example' }, '/phrase'],
    'an empty phrase': [{ phrase: ' ' }, '/phrase'],
    'a TOTP secret that is no base32': [{ totp_secret: 'not base32!' }, '/totp_secret'],
    'a locale that is none': [{ locale: 'english please' }, '/locale'],
    'a list': [[], ''],
    'C6 a field that is misspelt': [{ phonenumber: '+12025550123' }, '/phonenumber'],
    'C6 a name every object has': [{ toString: 'x' }, '/toString'],
  }
  it.each(Object.entries(refusals))('names the field: %s', async (_what, [body, pointer]) => {
    const before = await countRows(stage)
    const answer = await api('PUT', accountPath(newOwner()), body)
    const problem = { status: 422, code: 'invalid_request', pointers: [pointer] }
    expect(problemOf(answer)).toEqual(problem)
    expect(await countRows(stage)).toEqual(before)
  })

  it('does not repeat the number it refuses', async () => {
    const answer = await api('PUT', accountPath(newOwner()), { phone: '+4930123456' })
    expect(JSON.stringify(answer.body)).not.toContain('123456')
  })

  it('leaves the account as it was', async () => {
    const owner = await importOwner(stage, { phrase: 'blue heron 7' })
    const before = await api('GET', accountPath(owner))
    await api('PUT', accountPath(owner), { phrase: 'red kite 9', phone: '+1202' })
    expect((await api('GET', accountPath(owner))).body).toEqual(before.body)
  })

  it.each([
    ['a body of more than 16 KiB', JSON.stringify({ phrase: 'x'.repeat(16_384) }), 413],
    ['a body that is no JSON', '{', 400],
  ])('is told about %s', async (_what, body, status) => {
    expect((await put(accountPath(newOwner()), body)).status).toBe(status)
  })

  it('is told about a body of more than 16 KiB where the account is called import, too', async () => {
    const body = JSON.stringify({ phrase: 'x'.repeat(16_384) })
    expect((await put('/v1/accounts/import', body)).status).toBe(413)
  })

  it('is told about another media type', async () => {
    const answer = await put(accountPath(newOwner()), '{}', 'text/plain')
    expect(answer.status).toBe(415)
  })

  it.each([
    ['PUT', ''],
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/logins'],
    ['GET', '/sessions'],
    ['GET', '/hold'],
    ['DELETE', '/hold?reason=x'],
    ['POST', '/lock'],
  ])('is told about an id that cannot be one: %s /v1/accounts/a%%20b%s', async (method, below) => {
    const answer = await api(
      method,
      `/v1/accounts/a%20b${below}`,
      method === 'PUT' ? {} : undefined,
    )
    expect(problemOf(answer)).toMatchObject({ status: 422, code: 'invalid_request' })
  })
})

describe('a body with a field that is not known', () => {
  it.each([
    ['POST', '/portal-links', { amr: ['otp'], amrs: ['pwd'] }, '/amrs'],
    ['DELETE', '/hold', { reason: 'asked', lockid: 'lck_1' }, '/lockid'],
  ])('C6 is refused by %s %s', async (method, below, body, pointer) => {
    const answer = await api(method, accountPath(newOwner(), below), body)
    const problem = { status: 422, code: 'invalid_request', pointers: [pointer] }
    expect(problemOf(answer)).toEqual(problem)
  })
})

describe('a path that a URL parser makes shorter', () => {
  const isThere = async (id: string) => (await api('GET', `/v1/accounts/${id}`)).status === 200

  /** The request line as it is: `fetch` would take the dots out before it sends anything. */
  async function rawStatus(method: string, target: string): Promise<number> {
    const { hostname, port, host } = new URL(stage.runtime.origin)
    const socket = connect({ host: hostname, port: Number(port) })
    socket.end(
      `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${apiKeys[0]}\r\nConnection: close\r\n\r\n`,
    )
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
  }

  // The dots as they are, and what a proxy or a client makes of them on the way.
  it.each([
    ['/v1/accounts/./hold?reason=x', 422],
    ['/v1/accounts/%2e/hold?reason=x', 422],
    ['/v1/accounts/%2E/hold?reason=x', 422],
    ['/v1/accounts/../hold?reason=x', 422],
    ['/v1/accounts/%2e%2e/accounts/hold?reason=x', 404],
    ['/v1/accounts/x/../hold?reason=x', 404],
    ['/v1/accounts/hold?reason=x', 422],
    ['/v1/accounts/hold?account_id=HOLD', 422],
  ])('C6 DELETE %s is answered %i and erases no account named hold', async (target, status) => {
    await api('PUT', '/v1/accounts/hold', {})
    expect(await rawStatus('DELETE', target)).toBe(status)
    expect(await isThere('hold')).toBe(true)
  })

  it.each([
    ['/sessions/..', 404],
    ['/sessions/%2e%2e', 404],
    ['/sessions/.', 404],
    ['/hold/..', 404],
    ['/.', 404],
    ['/x/../sessions/..', 404],
  ])(
    'C6 DELETE of an account\u2019s %s is answered %i and erases nothing',
    async (below, status) => {
      const owner = await importOwner(stage)
      expect(await rawStatus('DELETE', accountPath(owner, below))).toBe(status)
      expect(await isThere(owner.id)).toBe(true)
    },
  )

  it.each(['hold', 'lock', 'logins', 'sessions', 'portal-links'])(
    'C6 an account named %s can be erased by whoever says its name twice',
    async (id) => {
      await api('PUT', `/v1/accounts/${id}`, {})
      const once = await api('DELETE', `/v1/accounts/${id}`)
      expect(problemOf(once)).toMatchObject({ status: 422, pointers: ['/account_id'] })
      expect(await isThere(id)).toBe(true)
      expect((await api('DELETE', `/v1/accounts/${id}?account_id=${id}`)).status).toBe(204)
      expect(await isThere(id)).toBe(false)
    },
  )
})

describe('the hold of an account', () => {
  const hold = async (id: string) => (await api('GET', `/v1/accounts/${id}/hold`)).body

  it('C6 says that it knows an account once it was imported or seen in a login', async () => {
    const [imported, seen, neither] = [newOwner(), newOwner(), newOwner()]
    await api('PUT', accountPath(imported), {})
    await stage.world.exchange.login({ account_id: seen.id })
    const free = { held: false, until: null, reason: null, hold_id: null, lock_id: null }
    expect(await hold(imported.id)).toEqual({ ...free, known: true })
    expect(await hold(seen.id)).toEqual({ ...free, known: true })
    expect(await hold(neither.id)).toEqual({ ...free, known: false })
  })

  it('C6 does not know an account because it was locked or visited: its id may be a mistake', async () => {
    const [locked, visited] = [newOwner(), newOwner()]
    expect((await api('POST', accountPath(locked, '/lock'))).status).toBe(201)
    expect(await hold(locked.id)).toMatchObject({ held: true, known: false })
    await api('DELETE', `${accountPath(locked, '/hold')}?reason=typo`)
    expect(await hold(locked.id)).toMatchObject({ held: false, known: false })
    const portal = await enterPortal(stage, visited)
    expect(await hold(visited.id)).toMatchObject({ held: false, known: false })
    const saved = await portal.post('/portal/settings', { alerts: 'all', phrase: 'blue tram 7' })
    expect(saved.status).toBe(303)
    expect(await hold(visited.id)).toMatchObject({ known: false })
    await api('PUT', accountPath(locked), {})
    await stage.world.exchange.login({ account_id: visited.id })
    expect(await hold(locked.id)).toMatchObject({ known: true })
    expect(await hold(visited.id)).toMatchObject({ known: true })
  })
})

describe('a TOTP secret in an import', () => {
  it.each(['jbsw y3dp ehpk 3pxp jbsw', 'JBSWY3DPEHPK3PXPJB======', 'JBSW-Y3DP-EHPK-3PXP-A'])(
    'C2 is taken as it is written: %s',
    async (secret) => {
      const answer = await api('PUT', accountPath(newOwner()), { totp_secret: secret })
      expect([answer.status, answer.body]).toMatchObject([200, { has_totp_secret: true }])
    },
  )
})

describe('null in an import', () => {
  it('E4 clears every field, alerts to the default', async () => {
    const owner = await importOwner(stage, { alerts: 'off', phrase: 'blue heron 7' })
    const nothing = { phone: null, locale: null, alerts: null, phrase: null, totp_secret: null }
    const answer = await api('PUT', accountPath(owner), nothing)
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { phone: null, locale: null, alerts: 'all' },
    ])
  })
})

describe('a caller', () => {
  const ask = (authorization?: string) =>
    stage.runtime.fetch('/v1/accounts/nobody', {
      headers: authorization === undefined ? {} : { authorization },
    })

  it.each([
    ['no key', undefined],
    ['a key of nobody', 'Bearer key_wrong_wrong_wrong'],
    ['an empty key', 'Bearer '],
    ['a key by another scheme', `Basic ${Buffer.from(`x:${apiKeys[0]}`).toString('base64')}`],
    ['both keys at once', `Bearer ${apiKeys.join(' ')}`],
    ['half a key', `Bearer ${apiKeys[0]?.slice(0, -1)}`],
  ])('with %s is not let in', async (_what, authorization) => {
    const answer = await ask(authorization)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await answer.json()).toMatchObject({ code: 'unauthorized' })
  })

  it.each([
    ['the current key', `Bearer ${apiKeys[0]}`],
    ['the key before it', `Bearer ${apiKeys[1]}`],
    ['the scheme in small letters', `bearer ${apiKeys[0]}`],
  ])('with %s is let in', async (_what, authorization) => {
    expect((await ask(authorization)).status).toBe(404)
  })
})

describe('a key with scopes', () => {
  const ask = (method: string, path: string) =>
    stage.runtime.fetch(path, { method, headers: { authorization: `Bearer ${gatewayKey}` } })

  it('does what they say, and nothing else', async () => {
    const owner = await importOwner(stage)
    expect((await ask('GET', accountPath(owner, '/hold'))).status).toBe(200)
    const refused = await ask('POST', accountPath(owner, '/lock'))
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer error="insufficient_scope", scope="locks"',
    ])
    expect((await ask('DELETE', accountPath(owner))).status).toBe(403)
    const { body } = await api('GET', accountPath(owner, '/hold'))
    expect(body).toMatchObject({ held: false, known: true })
  })

  it('is not known by its name and scopes together', async () => {
    const beside = `Bearer ${gatewayKey}:holds.read,introspect`
    const headers = { authorization: beside }
    expect((await stage.runtime.fetch('/v1/accounts/nobody/hold', { headers })).status).toBe(401)
  })
})

describe('many accounts at once', () => {
  const send = (
    body: string,
    { query = '', key = apiKeys[0], type = 'application/x-ndjson' } = {},
  ) =>
    stage.runtime.fetch(`/v1/accounts/import${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': type },
      body,
    })
  const linesOf = async (answer: Response) =>
    (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => Object(JSON.parse(line)))

  it('are stored as by a PUT of each, and answered line by line', async () => {
    const owners = Array.from({ length: 300 }, (_, index) => ({
      account_id: `many-${index}`,
      phone: '+12025550123',
      locale: 'zh-TW',
    }))
    const bad = { account_id: 'many-bad', phone: '+1202' }
    const body = [...owners.slice(0, 2), bad, ...owners.slice(2)]
      .map((line) => JSON.stringify(line))
      .join('\n')
    expect(body.length).toBeGreaterThan(16_384)
    const answer = await send(body)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/x-ndjson',
    ])
    const lines = await linesOf(answer)
    expect(lines.map(({ line }) => line)).toEqual([
      ...Array.from({ length: 301 }, (_, index) => index + 1),
      undefined,
    ])
    expect(lines[2]).toMatchObject({ status: 422, errors: [{ pointer: '/phone' }] })
    expect(lines.at(-1)).toEqual({ end: true, stored: 300, refused: 1, next_line: null })
    const { phone, locale } = owners[0] ?? {}
    const { body: single } = await api('PUT', '/v1/accounts/many-0', { phone, locale })
    expect(single).toMatchObject({ locale: 'zh-TW', phone: { state: 'ok', sms: lines[0]?.sms } })
    expect((await api('GET', '/v1/accounts/many-299')).body).toMatchObject({ locale: 'zh-TW' })
    expect((await api('GET', '/v1/accounts/many-bad')).status).toBe(404)
  })

  it('tell a number that another takes the place of', async () => {
    const owner = await importOwner(stage)
    const other = newOwner()
    await send(JSON.stringify({ account_id: owner.id, phone: other.phone }))
    const told = await eventually('the notice', () => stage.world.phones.messagesTo(owner.phone)[0])
    expect(told.text).toContain('http')
  })

  it('are gone on with by the rest of the file, counted on', async () => {
    const lines = ['rest-3', 'rest-4'].map((id) =>
      JSON.stringify({ account_id: id, alerts: 'off' }),
    )
    const sent = await send(lines.join('\n'), { query: '?first_line=3' })
    const answers = await linesOf(sent)
    expect(answers.map(({ line }) => line)).toEqual([3, 4, undefined])
    expect(answers.at(-1)).toMatchObject({ stored: 2, next_line: null })
  })

  it('are gone on with from any line, beside an account that is named like the path', async () => {
    const ids = ['import', 'many-x', 'many-y']
    const body = ids.map((id) => JSON.stringify({ account_id: id, alerts: 'off' })).join('\n')
    const lines = await linesOf(await send(body, { query: '?from_line=3' }))
    expect(lines.map(({ line }) => line)).toEqual([3, undefined])
    expect((await api('GET', '/v1/accounts/import')).status).toBe(404)
    expect((await send(body)).status).toBe(200)
    expect((await api('GET', '/v1/accounts/import')).body).toMatchObject({ alerts: 'off' })
  })

  it.each([
    ['another media type', { type: 'application/json' }, 415],
    ['a key that may not', { key: gatewayKey }, 403],
    ['a line that is none', { query: '?from_line=0' }, 422],
  ])('are refused for %s', async (_what, options, status) => {
    expect((await send('{"account_id":"refused"}', options)).status).toBe(status)
    expect((await api('GET', '/v1/accounts/refused')).status).toBe(404)
  })
})

describe('repair by hand', () => {
  const headers = { authorization: `Bearer ${opsKey}`, 'content-type': 'application/json' }
  async function act(body: Readonly<Record<string, unknown>>) {
    const init = { method: 'POST', headers, body: JSON.stringify({ reason: 'a test', ...body }) }
    const answer = await stage.runtime.fetch('/v1/ops/acts', init)
    const done: unknown = await answer.json()
    return { status: answer.status, body: Object(done) }
  }

  it('is for nobody whose key does not say so', async () => {
    const answer = await api('POST', '/v1/ops/acts', { act: 'allow_codes', country: 'US' })
    expect(problemOf(answer)).toMatchObject({ status: 403, code: 'insufficient_scope' })
  })

  it('sends an alert again: the same number and link, one attempt more, and not twice at once', async () => {
    await trustEveryProvider(stage)
    const owner = await importOwner(stage)
    const { link } = await loginAndDeliver(stage, owner)
    await stage.settle()
    const login = await loginOnce(stage, owner, 'delivered')
    const again = { act: 'resend_alert', alert_id: login.alert_id }
    expect(await act(again)).toMatchObject({ status: 200, body: { count: 1, next: null } })
    const texts = await eventually('the second SMS', () => {
      const messages = stage.world.phones.messagesTo(owner.phone)
      return messages.length === 2 ? messages : null
    })
    for (const { text } of texts) expect(text).toContain(link)
    await stage.settle()
    const { alert } = await loginOnce(stage, owner, 'delivered')
    expect(alert.number).toBe(login.alert.number)
    const [first, second] = alert.attempts
    // Who does not hold it yet comes first.
    expect([alert.attempts.length, first?.provider === second?.provider]).toEqual([2, false])
    expect(await act(again)).toMatchObject({ status: 409, body: { code: 'not_possible' } })
    expect(stage.world.phones.messagesTo(owner.phone)).toHaveLength(2)
  })

  it('puts a provider last within two seconds, and says who did it', async () => {
    await trustEveryProvider(stage)
    const provider = stage.world.settings().SMS_PROVIDERS?.split(' ')[0] ?? ''
    const order = { act: 'order_provider', provider, place: 'last' }
    const { status, body } = await act(order)
    expect([status, body.count, typeof body.until]).toEqual([200, 1, 'string'])
    // What an isolate read a moment ago holds for a second; logins look at it again.
    await eventually('a text by another provider', async () => {
      const owner = await importOwner(stage)
      await loginAndDeliver(stage, owner)
      const { attempts } = (await loginOnce(stage, owner, 'delivered')).alert
      return attempts[0]?.provider !== provider
    })
    const listed = await stage.runtime.fetch('/v1/ops/acts', { headers })
    const { acts } = Object(await listed.json())
    const hash = createHash('sha256').update(opsKey).digest('hex').slice(0, 8)
    expect(acts[0]).toMatchObject({ act: 'order_provider', who: `key:${hash}`, reason: 'a test' })
    expect(await act({ ...order, place: 'usual' })).toMatchObject({ body: { count: 1 } })
  })

  it.each([
    ['an act of nobody', { act: 'reboot' }, '/act'],
    ['a provider that is not there', { act: 'trust_provider', provider: 'pigeon' }, '/provider'],
    ['a country that is none', { act: 'stop_codes', country: 'XX', lasts: 'day' }, '/country'],
    ['no reason', { act: 'allow_codes', country: 'US', reason: '' }, '/reason'],
  ])('refuses %s', async (_what, body, pointer) => {
    const pointers = (await act(body)).body.errors.map(
      (error: { pointer: string }) => error.pointer,
    )
    expect(pointers).toEqual([pointer])
  })
})

describe('the history of logins', () => {
  it('comes newest first, in pages that neither miss nor repeat', async () => {
    const owner = newOwner()
    const ids: string[] = []
    for (let login = 0; login < 5; login += 1) {
      ids.unshift((await stage.world.exchange.login({ account_id: owner.id })).sessionId)
    }
    const seen: string[] = []
    const sizes: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '?limit=2' : `?limit=2&cursor=${cursor}`
      const page = await readHistory(stage, owner, query)
      seen.push(...page.logins.map((login) => login.session_id ?? ''))
      sizes.push(page.logins.length)
      cursor = page.next_cursor
    }
    expect([seen, sizes]).toEqual([ids, [2, 2, 1]])
  })

  it.each([
    ['cursor=abc', '/cursor'],
    ['cursor=-1', '/cursor'],
    ['limit=0', '/limit'],
    ['limit=101', '/limit'],
  ])('refuses ?%s', async (query, pointer) => {
    const answer = await api('GET', accountPath(newOwner(), `/logins?${query}`))
    const problem = { status: 422, code: 'invalid_request', pointers: [pointer] }
    expect(problemOf(answer)).toEqual(problem)
  })
})

describe('sessions', () => {
  it('are listed while they live, newest first, each once', async () => {
    const owner = newOwner()
    const { exchange } = stage.world
    const past = new Date(Date.now() - 1000).toISOString()
    for (const session_id of ['s_old', 's_twice', 's_twice', 's_out']) {
      await exchange.login({
        account_id: owner.id,
        session_id,
        ...(session_id === 's_out' ? { session_expires_at: past } : {}),
      })
    }
    const { body } = await api('GET', accountPath(owner, '/sessions'))
    const sessions: readonly { session_id: string }[] = Object(body).sessions
    expect(sessions.map((session) => session.session_id)).toEqual(['s_twice', 's_old'])
  })

  it('are revoked one by one, and the exchange is told once', async () => {
    const owner = newOwner()
    const { exchange } = stage.world
    const { sessionId } = await exchange.login({ account_id: owner.id })
    const other = await exchange.login({ account_id: owner.id })
    const path = accountPath(owner, `/sessions/${sessionId}`)
    expect((await api('DELETE', path)).status).toBe(204)
    expect((await api('DELETE', path)).status).toBe(204)
    const told = await exchange.waitForCallback(({ event }) => event?.accountId === owner.id)
    expect([told.event?.type, told.event?.data]).toEqual([
      'session.revoked',
      { account_id: owner.id, session_id: sessionId, revoked_at: expect.any(String) },
    ])
    const { body } = await api('GET', accountPath(owner, '/sessions'))
    expect(body).toMatchObject({ sessions: [{ session_id: other.sessionId }] })
    const callbacks = (await readAllRows(stage)).callbacks?.filter((row) =>
      JSON.stringify(row).includes(owner.id),
    )
    expect(callbacks).toHaveLength(1)
  })

  it('that the account does not have are not found', async () => {
    const { exchange } = stage.world
    const other = await exchange.login({ account_id: newOwner().id })
    const path = accountPath(newOwner(), `/sessions/${other.sessionId}`)
    expect((await api('DELETE', path)).status).toBe(404)
  })
})

describe('introspection (RFC 7662)', () => {
  const introspect = (token: string) =>
    api('POST', '/v1/introspect', new URLSearchParams({ token }))

  it('says whose a live session is and when it ends', async () => {
    const owner = newOwner()
    const expiresAt = Math.floor(Date.now() / 1000) + 3600
    const { sessionId } = await stage.world.exchange.login({
      account_id: owner.id,
      session_expires_at: new Date(expiresAt * 1000).toISOString(),
    })
    const answer = await introspect(sessionId)
    expect([answer.status, answer.headers.get('cache-control'), answer.body]).toEqual([
      200,
      'no-store',
      { active: true, sub: owner.id, iat: expect.any(Number), exp: expiresAt },
    ])
  })

  it.each(['s_never_seen', 'not a session id', 'x'.repeat(65)])(
    'says no more than "not active" of %j',
    async (token) => {
      const answer = await introspect(token)
      expect([answer.status, answer.body]).toEqual([200, { active: false }])
    },
  )

  it('is of the account that is named, where two have one session id', async () => {
    const [locked, other] = [newOwner(), newOwner()]
    const { sessionId } = await stage.world.exchange.login({ account_id: locked.id })
    await stage.world.exchange.login({ account_id: other.id, session_id: sessionId })
    await api('POST', accountPath(locked, '/lock'), {})
    const ask = (fields: Readonly<Record<string, string>>) =>
      api('POST', '/v1/introspect', new URLSearchParams({ token: sessionId, ...fields }))
    expect((await ask({})).body).toEqual({ active: false })
    expect((await ask({ account_id: locked.id })).body).toEqual({ active: false })
    expect((await ask({ account_id: other.id })).body).toMatchObject({
      active: true,
      sub: other.id,
    })
    expect((await ask({ account_id: 'no id' })).body).toEqual({ active: false })
  })

  it('takes a form only', async () => {
    const answer = await api('POST', '/v1/introspect', { token: 's_1' })
    expect(problemOf(answer)).toMatchObject({ status: 415, code: 'unsupported_media_type' })
    expect(answer.body).toMatchObject({
      title: 'The body is of a media type that is not taken here.',
      detail: 'The body must be application/x-www-form-urlencoded.',
    })
  })

  it('needs a token', async () => {
    const answer = await api('POST', '/v1/introspect', new URLSearchParams({ other: 'x' }))
    const problem = { status: 422, code: 'invalid_request', pointers: ['/token'] }
    expect(problemOf(answer)).toEqual(problem)
  })
})
