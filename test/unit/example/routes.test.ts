// The example's HTTP, as its users meet it: tokens open what they should, and a lock closes it again.

import { describe, expect, it } from 'vitest'
import { serveOn } from '../../../examples/exchange/node-server.ts'
import { createRoutes } from '../../../examples/exchange/routes.ts'
import { lockData, signedHeaders, simulate } from './simulated.ts'

const ADDRESS = { name: 'mine', address: 'bc1q3nvd6yvzzqgm9h2w0t5x8s4k7e6r2p9a0' }

function start() {
  const simulated = simulate()
  const app = createRoutes({
    exchange: simulated.exchange,
    isPassword: async (_accountId, password) => password === 'right',
    isUser: async (accountId) => accountId === 'a1',
  })
  const call = async (method: string, path: string, token: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'test' }
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const response = await app.fetch(new Request(`http://x${path}`, init), { ip: '203.0.113.7' })
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    return { status: response.status, body: isJson ? JSON.parse(await response.text()) : null }
  }
  const logIn = async (password = 'right') =>
    call('POST', '/login', '', { account_id: 'a1', password })
  return { ...simulated, app, call, logIn }
}

describe('the example’s HTTP', () => {
  it('lets in whoever has the password, and tells Lockline from where', async () => {
    const { logIn, call, clock, asked } = start()
    const { status, body } = await logIn()
    expect(status).toBe(201)
    expect((await call('GET', '/account', body.token)).body.sessions).toMatchObject([
      { id: body.session_id, state: 'live' },
    ])
    await clock.calm()
    expect(JSON.parse(asked[0]?.body ?? '').data).toMatchObject({
      ip: '203.0.113.7',
      user_agent: 'test',
    })
    expect((await call('POST', '/logout', body.token)).status).toBe(204)
    expect((await call('GET', '/account', body.token)).status).toBe(401)
  })

  it.each(['', 'a1', 'a1~', 'a1~t_00000000000000000000000000000000', 'b~x'])(
    'lets nobody in with %o',
    async (token) => {
      const { logIn, call } = start()
      await logIn()
      expect((await call('GET', '/account', token)).status).toBe(401)
    },
  )

  it('keeps secrets as hashes', async () => {
    const { logIn, call, exchange } = start()
    const { token } = (await logIn()).body
    const key = await call('POST', '/api-keys', token, { name: 'bot' })
    const stored = JSON.stringify(await exchange.read('a1'))
    for (const secret of [token, key.body.secret]) {
      expect(stored).not.toContain(secret.slice(3))
    }
  })

  it('tells of failed logins', async () => {
    const { logIn, clock, asked } = start()
    for (let nth = 0; nth < 5; nth += 1) expect((await logIn('wrong')).status).toBe(401)
    await clock.calm()
    expect(asked.map(({ body }) => JSON.parse(body).data.kind)).toEqual(['logins_failed'])
  })

  it('keeps nothing and tells nothing of accounts that are none, and answers as of those that are', async () => {
    const { call, clock, asked, accounts } = start()
    for (let nth = 0; nth < 10; nth += 1) {
      const stranger = { account_id: `a${nth + 2}`, password: 'wrong' }
      expect((await call('POST', '/password-reset', '', stranger)).status).toBe(202)
      for (let time = 0; time < 5; time += 1) {
        expect((await call('POST', '/login', '', stranger)).status).toBe(401)
      }
    }
    expect((await call('POST', '/password-reset', '', { account_id: 'a1' })).status).toBe(202)
    await clock.calm()
    expect(asked.map(({ body }) => JSON.parse(body).data.account_id)).toEqual(['a1'])
    expect([...accounts.keys()]).toEqual(['a1'])
  })

  it('lets a key trade and withdraw, until a lock takes key and session', async () => {
    const { logIn, call, clock, app } = start()
    const { token } = (await logIn()).body
    const { secret } = (await call('POST', '/api-keys', token, { name: 'bot' })).body
    const { id } = (await call('POST', '/addresses', token, ADDRESS)).body
    const withdrawal = { address_id: id, amount: 5 }
    expect((await call('POST', '/withdrawals', secret, withdrawal)).status).toBe(201)
    expect((await call('POST', '/orders', secret, { text: 'buy' })).status).toBe(201)
    expect((await call('POST', '/addresses', secret, ADDRESS)).status).toBe(401)
    const data = { account_id: 'a1', ...lockData(clock) }
    const body = JSON.stringify({ type: 'account.locked', timestamp: '', data })
    const init = { method: 'POST', headers: signedHeaders('c1', body), body }
    const answer = await app.fetch(new Request('http://x/lockline', init), {})
    expect([answer.status, Object(await answer.json()).failed]).toEqual([200, []])
    for (const one of [token, secret]) {
      expect((await call('POST', '/withdrawals', one, withdrawal)).status).toBe(401)
    }
    const again = (await logIn()).body.token
    const refused = await call('POST', '/withdrawals', again, withdrawal)
    expect([refused.status, refused.body]).toEqual([409, { code: 'address_frozen' }])
    const key = await call('POST', '/api-keys', again, { name: 'bot' })
    expect([key.status, key.body]).toEqual([409, { code: 'locked' }])
    const password = await call('POST', '/credentials/password_changed', again)
    expect([password.status, password.body]).toEqual([409, { code: 'credentials_frozen' }])
  })

  it('leads to the owner’s pages, if Lockline has a link', async () => {
    const { logIn, call, say, app } = start()
    const { token } = (await logIn()).body
    expect((await call('POST', '/security', token)).status).toBe(503)
    say(() => ({ status: 201, body: { url: 'https://lock.example.com/enter/x' } }))
    const headers = { authorization: `Bearer ${token}` }
    const request = new Request('http://x/security', { method: 'POST', headers })
    const { status, headers: given } = await app.fetch(request, {})
    expect([status, given.get('location')]).toEqual([303, 'https://lock.example.com/enter/x'])
  })

  it('takes no body that is too large, and answers what it does not know with 404', async () => {
    const { app, call } = start()
    const body = 'x'.repeat(70_000)
    const large = new Request('http://x/lockline', { method: 'POST', body })
    expect((await app.fetch(large, {})).status).toBe(413)
    const login = new Request('http://x/login', { method: 'POST', body })
    expect((await app.fetch(login, {})).status).toBe(413)
    expect((await call('POST', '/nowhere', '')).status).toBe(404)
  })

  it('runs behind Node’s server', async () => {
    const { app } = start()
    const server = await serveOn(0, '127.0.0.1', (request, env) => app.fetch(request, env))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    try {
      const init = { method: 'POST', body: JSON.stringify({ account_id: 'a1', password: 'right' }) }
      const response = await fetch(`http://127.0.0.1:${port}/login`, init)
      expect([response.status, Object.keys(Object(await response.json()))]).toEqual([
        201,
        ['token', 'session_id'],
      ])
      const large = { method: 'POST', body: 'x'.repeat(200_000) }
      expect((await fetch(`http://127.0.0.1:${port}/login`, large)).status).toBe(413)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
