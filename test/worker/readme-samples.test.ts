// README's code as it stands there, against the Worker: whoever integrates in an afternoon copies it.

import { createServer, type IncomingMessage, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiDocument } from '../../src/api/openapi/document.ts'
import { signCallback } from '../../src/exchange/sign.ts'
import { parseWebhookSecrets } from '../../src/lib/webhook-secret.ts'
import { accountPath, importOwner, newOwner } from '../support/owner.ts'
import { writeReadmeSamples } from '../support/readme-samples.ts'
import { eventually, freePort, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

type ReportLogin = (id: string, at: Date, login: Record<string, string>) => Promise<void>
type MayWithdraw = (accountId: string) => Promise<boolean>
type Desk = Readonly<Record<string, (...given: readonly unknown[]) => Promise<unknown>>>
type TakeCallback = (request: Request, desk: Desk) => Promise<Response>

const { webhooks } = await openApiDocument(null)
const samples = writeReadmeSamples()
const acts: unknown[][] = []
const done = new Set<unknown>()
const failing = new Set<string>()

let stage: Stage
let endpoint: Server
let reportLogin: ReportLogin
let mayWithdraw: MayWithdraw
let takeCallback: TakeCallback

beforeAll(async () => {
  const port = await freePort()
  endpoint = createServer((incoming, outgoing) => {
    void read(incoming)
      .then((request) => takeCallback(request, desk))
      .catch(() => new Response(null, { status: 500 }))
      .then(({ status }) => outgoing.writeHead(status).end())
  })
  await new Promise<void>((resolve) => endpoint.listen(port, '127.0.0.1', resolve))
  stage = await startTestStage({ settings: { CALLBACK_URL: `http://127.0.0.1:${port}/hooks` } })
  const { secrets } = stage.world
  process.env.LOCKLINE_URL = stage.runtime.origin
  process.env.LOCKLINE_API_KEY = secrets.apiKeys[0]
  process.env.LOCKLINE_WEBHOOK_SECRET = secrets.webhookSecrets[0]
  process.env.LOCKLINE_CALLBACK_SECRET = secrets.callbackSecrets[0]
  const loaded = await samples.load()
  // The code of a text has no type before it is loaded; what it is not fails at its first use.
  reportLogin = loaded.reportLogin as ReportLogin
  mayWithdraw = loaded.mayWithdraw as MayWithdraw
  takeCallback = loaded.takeCallback as TakeCallback
})

afterAll(async () => {
  await stage.close()
  endpoint.closeAllConnections()
  endpoint.close()
  samples.remove()
  for (const name of ['URL', 'API_KEY', 'WEBHOOK_SECRET', 'CALLBACK_SECRET']) {
    delete process.env[`LOCKLINE_${name}`]
  }
})

async function read(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])
  const init = { method: 'POST', headers: Object.fromEntries(headers), body: Buffer.concat(chunks) }
  return new Request('http://127.0.0.1/hooks', init)
}

const act =
  (name: string) =>
  async (...given: readonly unknown[]): Promise<void> => {
    if (failing.has(name)) throw new Error(`${name} fails`)
    acts.push([name, ...given])
  }
const desk: Desk = {
  isDone: async (id) => done.has(id),
  markDone: async (id) => done.add(id),
  endAllSessions: act('endAllSessions'),
  endSession: act('endSession'),
  holdWithdrawals: act('holdWithdrawals'),
  releaseWithdrawals: act('releaseWithdrawals'),
  file: act('file'),
}
const actsOn = (accountId: string) => acts.filter(([, id]) => id === accountId)

describe('README’s code', () => {
  it('is taken by a strict compiler', async () => {
    expect(await samples.check()).toBe('')
  })

  it('reports a login, of which the owner is told', async () => {
    const owner = await importOwner(stage)
    const login = { session_id: 's_1', ip: '203.0.113.77', user_agent: 'x' }
    await reportLogin('login-1', new Date(), { account_id: owner.id, ...login })
    await reportLogin('login-1', new Date(), { account_id: owner.id, ...login })
    const message = await eventually('the SMS', () => stage.world.phones.messagesTo(owner.phone)[0])
    expect(message.text).toContain('#1')
    await expect(reportLogin('login-2', new Date(), { account_id: '', ...login })).rejects.toThrow(
      'Lockline answered 422',
    )
  })

  it('C7 lets nothing out while held, and acts before it confirms', async () => {
    const owner = await importOwner(stage)
    const { exchange } = stage.world
    expect(await mayWithdraw(owner.id)).toBe(true)
    failing.add('holdWithdrawals')
    const { body } = await exchange.api('POST', accountPath(owner, '/lock'), {})
    expect(await mayWithdraw(owner.id)).toBe(false)
    await eventually('a try', () => actsOn(owner.id).length > 0)
    failing.clear()
    const held = ['holdWithdrawals', owner.id, new Date(Object(body).hold_until)]
    await eventually('the repeated lock', () => actsOn(owner.id).find(([name]) => name === held[0]))
    expect(actsOn(owner.id).slice(-2)).toEqual([['endAllSessions', owner.id], held])
    await exchange.api('DELETE', accountPath(owner, '/hold'), { reason: 'identified' })
    await eventually('the lift', () => actsOn(owner.id).at(-1)?.[0] === 'releaseWithdrawals')
    expect(await mayWithdraw(owner.id)).toBe(true)
  })

  it('C7 ends the one session that is revoked', async () => {
    const owner = newOwner()
    const login = { account_id: owner.id, session_id: 's_9', ip: '203.0.113.77', user_agent: 'x' }
    await reportLogin('login-3', new Date(), login)
    await stage.world.exchange.api('DELETE', accountPath(owner, '/sessions/s_9'))
    await eventually('the revocation', () => actsOn(owner.id).length > 0)
    expect(actsOn(owner.id)).toEqual([['endSession', owner.id, 's_9']])
  })

  it('lets nothing out without an answer', async () => {
    const url = process.env.LOCKLINE_URL
    process.env.LOCKLINE_URL = `http://127.0.0.1:${await freePort()}`
    expect(await mayWithdraw('1')).toBe(false)
    process.env.LOCKLINE_URL = url
    const owner = await importOwner(stage)
    expect(await mayWithdraw(owner.id)).toBe(true)
  })

  it('C6 lets nothing out of an account that is not known', async () => {
    expect(await mayWithdraw(newOwner().id)).toBe(false)
  })
})

describe('README’s code, sent', () => {
  const post = async (body: string, signed: string, id = `cbk_${signed.length}`) => {
    const secrets = parseWebhookSecrets(stage.world.secrets.callbackSecrets)
    if (!secrets.ok) throw new Error(secrets.error)
    const headers = await signCallback(secrets.value, id, signed, Date.now())
    return takeCallback(new Request('http://127.0.0.1/', { method: 'POST', headers, body }), desk)
  }
  const bodyOf = (type: string) =>
    JSON.stringify(webhooks[type]?.post?.requestBody?.content['application/json']?.example)
  const expected: Readonly<Record<string, readonly string[]>> = {
    'account.locked': ['endAllSessions', 'holdWithdrawals'],
    'hold.started': ['holdWithdrawals'],
    'hold.lifted': ['releaseWithdrawals'],
    'session.revoked': ['endSession'],
  }

  it.each(Object.keys(webhooks).filter((type) => webhooks[type]?.post?.tags?.[0] === 'Events out'))(
    '%s acts once',
    async (type) => {
      acts.length = 0
      expect((await post(bodyOf(type), bodyOf(type), type)).status).toBe(204)
      expect(acts.map(([name]) => name)).toEqual(expected[type] ?? ['file'])
      expect((await post(bodyOf(type), bodyOf(type), type)).status).toBe(204)
      expect(acts).toHaveLength(expected[type]?.length ?? 1)
    },
  )

  it('a changed body is refused', async () => {
    const body = bodyOf('account.locked')
    expect((await post(body.replace('10482113', '10482114'), body)).status).toBe(401)
  })
})

describe('the example’s client', () => {
  it('is understood by the Worker, call by call', async () => {
    const { lockline } = stage.world.exchange.example
    const { id } = newOwner()
    expect((await lockline.askHold(id)).kind).toBe('unknown_account')
    expect((await lockline.putAccount(id, { locale: 'en' })).kind).toBe('stored')
    const data = { account_id: id, session_id: 's_client', ip: '203.0.113.77', user_agent: 'x' }
    const login = { id: 'client-1', type: 'login.succeeded', at: Date.now(), data }
    expect((await lockline.sendEvent(login)).kind).toBe('stored')
    const refused = await lockline.sendEvent({ ...login, id: 'client-2', data: {} })
    expect(refused).toEqual({ kind: 'refused', status: 422, code: 'invalid_event' })
    expect(await lockline.introspect('s_client', id)).toEqual({ kind: 'active' })
    expect(await lockline.askHold(id)).toEqual({ kind: 'open' })
    expect((await lockline.portalLink(id)).kind).toBe('link')
    const locked = await lockline.lock(id)
    const lockId = locked.kind === 'locked' ? locked.lockId : ''
    expect(await lockline.askHold(id)).toMatchObject({
      kind: 'held',
      reason: 'lock',
      holdId: lockId,
    })
    expect(await lockline.introspect('s_client', id)).toEqual({ kind: 'inactive' })
    const report = { done: ['sessions.revoke'], failed: ['withdrawals.hold'] }
    expect((await lockline.reportActions(id, lockId, report)).kind).toBe('taken')
    const stale = await lockline.liftHold(id, 'identified', 'lck_other')
    expect(stale).toEqual({ kind: 'refused', status: 409, code: 'lock_changed' })
    expect((await lockline.liftHold(id, 'identified', lockId)).kind).toBe('lifted')
    expect(await lockline.askHold(id)).toEqual({ kind: 'open' })
  })
})
