// The exchange's HTTP: what its users call, and `/lockline`, where Lockline's callbacks come in. Reads requests, writes
// answers; every decision is elsewhere. How a password is checked is yours, and given.

import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Actor, type ActResult, isCredentialChange } from './acts.ts'
import type { Exchange } from './exchange.ts'
import { isRecord, parseJson, textField } from './lockline-client.ts'
import { apiKeyOf, hashSecret, readToken, sessionOf } from './secret.ts'

export const CALLBACK_PATH = '/lockline'

export type RouteOptions = {
  readonly exchange: Exchange
  readonly isPassword: (accountId: string, password: string) => Promise<boolean>
  /** Strangers type what they like: of an account that is none, nothing is stored and nobody told. */
  readonly isUser: (accountId: string) => Promise<boolean>
}

/** `ip` comes from the server: a header says what its sender likes. */
type Env = { Bindings: { readonly ip?: string | null } }

const BODY_MAX_BYTES = 64 * 1024
const ACCOUNT_ID = /^[\w.:-]{1,64}$/

type Known = { readonly accountId: string; readonly actor: Actor; readonly isSession: boolean }

export function createRoutes({ exchange, isPassword, isUser }: RouteOptions): Hono<Env> {
  const app = new Hono<Env>()

  app.use(bodyLimit({ maxSize: BODY_MAX_BYTES, onError: (c) => c.body(null, 413) }))

  app.post(CALLBACK_PATH, async (c) => {
    const body = await c.req.text()
    const { status, body: answer } = await exchange.takeCallback(c.req.header(), body)
    return answer === null ? new Response(null, { status }) : Response.json(answer, { status })
  })

  const deviceOf = (c: Context<Env>): Actor => {
    return { id: null, ip: c.env?.ip ?? null, userAgent: c.req.header('user-agent') ?? null }
  }

  /** By a session's token or an API key. */
  const known = async (c: Context<Env>): Promise<Known | null> => {
    const token = readToken((c.req.header('authorization') ?? '').replace(/^Bearer /, ''))
    if (token === null) return null
    const { accountId } = token
    const account = await exchange.read(accountId)
    const hash = await hashSecret(token.secret)
    const session = sessionOf(account, hash)
    if (session !== null) return { accountId, actor: session, isSession: true }
    if (apiKeyOf(account, hash) === null) return null
    return { accountId, actor: deviceOf(c), isSession: false }
  }
  const fieldsOf = async (c: Context<Env>) => {
    const fields = parseJson(await c.req.text())
    return isRecord(fields) ? fields : {}
  }
  const answer = (c: Context<Env>, result: ActResult) =>
    result.kind === 'done' ? c.json({ id: result.id }, 201) : c.json({ code: result.why }, 409)
  const unknown = (c: Context<Env>) => c.json({ code: 'unauthorized' }, 401)

  app.post('/login', async (c) => {
    const fields = await fieldsOf(c)
    const accountId = textField(fields, 'account_id') ?? ''
    const device = deviceOf(c)
    if (!ACCOUNT_ID.test(accountId)) return unknown(c)
    if (!(await isPassword(accountId, textField(fields, 'password') ?? ''))) {
      if (await isUser(accountId)) await exchange.failLogin(accountId, device)
      return unknown(c)
    }
    const { ip, userAgent } = device
    const { token, session } = await exchange.logIn({ accountId, ip, userAgent })
    return c.json({ token, session_id: session.id }, 201)
  })

  // A stranger may ask for it, so nothing is told of whether there is such an account.
  app.post('/password-reset', async (c) => {
    const accountId = textField(await fieldsOf(c), 'account_id') ?? ''
    if (ACCOUNT_ID.test(accountId) && (await isUser(accountId))) {
      await exchange.changeCredential(accountId, 'password_reset', deviceOf(c))
    }
    return c.body(null, 202)
  })

  /** With whoever is signed in; `forKeys`: an API key may do it, too. */
  const signedIn =
    (run: (c: Context<Env>, who: Known) => Promise<Response>, { forKeys = false } = {}) =>
    async (c: Context<Env>): Promise<Response> => {
      const who = await known(c)
      return who === null || !(who.isSession || forKeys) ? unknown(c) : run(c, who)
    }

  app.post(
    '/logout',
    signedIn(async (c, { accountId, actor }) => {
      await exchange.logOut(accountId, actor.id ?? '')
      return c.body(null, 204)
    }),
  )
  app.get(
    '/account',
    signedIn(
      async (c, { accountId }) => {
        const { sessions, apiKeys, addresses, withdrawals, orders } = await exchange.read(accountId)
        return c.json({
          sessions: sessions.map(({ id, label, state }) => ({ id, label, state })),
          api_keys: apiKeys.map(({ id, name, state }) => ({ id, name, state })),
          addresses: addresses.map(({ id, name, state }) => ({ id, name, state })),
          withdrawals: withdrawals.map(({ id, amount, state, waitsFor }) => {
            return { id, amount, state, waits_for: waitsFor }
          }),
          orders: orders.map(({ id, text, state }) => ({ id, text, state })),
        })
      },
      { forKeys: true },
    ),
  )
  app.post(
    '/api-keys',
    signedIn(async (c, { accountId, actor }) => {
      const name = textField(await fieldsOf(c), 'name') ?? 'A key'
      const { result, secret } = await exchange.makeApiKey(accountId, name.slice(0, 60), actor)
      return result.kind === 'done' ? c.json({ id: result.id, secret }, 201) : answer(c, result)
    }),
  )
  app.post(
    '/addresses',
    signedIn(async (c, { accountId, actor }) => {
      const fields = await fieldsOf(c)
      const name = (textField(fields, 'name') ?? 'An address').slice(0, 60)
      const address = textField(fields, 'address') ?? ''
      return answer(c, await exchange.addAddress(accountId, { name, address }, actor))
    }),
  )
  app.post(
    '/orders',
    signedIn(
      async (c, { accountId }) => {
        const text = (textField(await fieldsOf(c), 'text') ?? 'An order').slice(0, 60)
        return answer(c, await exchange.placeOrder(accountId, text))
      },
      { forKeys: true },
    ),
  )
  app.post(
    '/withdrawals',
    signedIn(
      async (c, { accountId, actor }) => {
        const fields = await fieldsOf(c)
        const amount = typeof fields.amount === 'number' ? fields.amount : 0
        const addressId = textField(fields, 'address_id') ?? ''
        return answer(c, await exchange.requestWithdrawal(accountId, { addressId, amount }, actor))
      },
      { forKeys: true },
    ),
  )
  app.post(
    '/credentials/:kind',
    signedIn(async (c, { accountId, actor }) => {
      const kind = c.req.param('kind') ?? ''
      if (!isCredentialChange(kind)) return c.json({ code: 'not_found' }, 404)
      // Here yours would change it, and only if this was done.
      return answer(c, await exchange.changeCredential(accountId, kind, actor))
    }),
  )
  app.post(
    '/security',
    signedIn(async (c, { accountId }) => {
      const link = await exchange.lockline.portalLink(accountId)
      if (link.kind !== 'link') return c.json({ code: link.kind }, 503)
      return c.redirect(link.url, 303)
    }),
  )
  return app
}
