// What the operator sees and is told of, fault by fault: each is injected, seen on /ops, posted, and closed by itself after
// repair. The Worker's clock is moved; nobody waits for it.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  accountPath,
  execute,
  importOwner,
  linkIn,
  loggedLine,
  loginAndDeliver,
  newOwner,
  pathOf,
  queryOne,
  trustEveryProvider,
} from '../support/owner.ts'
import { controlWorker, eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import type { OpsReceiver, ReceivedIncident } from '../world/ops-receiver.ts'

const MINUTE_MS = 60_000
let stage: Stage
let ops: OpsReceiver
/** How far the Worker's clock is ahead. */
let aheadMs = 0

beforeAll(async () => {
  stage = await startTestStage({ world: { hasOperator: true } })
  if (!stage.world.ops) throw new Error('there is no operator')
  ops = stage.world.ops
})
afterAll(() => stage.close())

beforeEach(async () => {
  aheadMs = 0
  await stage.setClock({})
  await stage.setFaults({})
  ops.setStatus(204)
  await stage.world.exchange.setCallbackMode('ok')
  await stage.world.carriers.twilio.setMode('ok')
  await trustEveryProvider(stage)
  for (const table of ['incidents', 'callbacks', 'dead_letters', 'heartbeats', 'logins']) {
    await execute(stage, `DELETE FROM ${table}`)
  }
  await tick()
})

/** The minute's work, `laterMs` after the last. */
async function tick(laterMs = 0): Promise<void> {
  aheadMs += laterMs
  if (aheadMs > 0) await stage.setClock({ aheadMs })
  await stage.runtime.tick()
  await stage.settle()
}

const bearer = () => ({ headers: { authorization: `Bearer ${stage.world.secrets.opsToken}` } })

async function read(path: string): Promise<{ status: number; text: string }> {
  const answer = await stage.runtime.fetch(path, bearer())
  return { status: answer.status, text: await answer.text() }
}

async function health(): Promise<{ status: number; word: unknown }> {
  // What it said a moment ago is kept for seconds.
  await stage.newIsolate()
  const answer = await stage.runtime.fetch('/healthz')
  const body: unknown = await answer.json()
  return { status: answer.status, word: Object(body).status }
}

function told(kind: string, type: 'opened' | 'closed'): Promise<ReceivedIncident> {
  return eventually(`${kind} ${type}`, () =>
    ops.incidents
      .latest(20)
      .find((one) => one.at > startedAt && one.kind === kind && one.type === `incident.${type}`),
  )
}
let startedAt = 0
beforeEach(() => {
  startedAt = Date.now()
})

/** Posted, genuine, seen, and counted by the probe. */
async function expectSick(kind: string, title: string): Promise<ReceivedIncident> {
  const posted = await told(kind, 'opened')
  expect([posted.isGenuine, posted.webhookId]).toEqual([
    true,
    expect.stringMatching(/^inc_[0-9a-z]+_opened_[0-9a-z]+$/),
  ])
  const page = await read('/ops')
  expect([page.status, page.text.includes(title)]).toEqual([200, true])
  const { body } = await stage.world.exchange.api('GET', '/v1/ops/status')
  const kinds = Object(body).incidents.map((one: { kind: string }) => one.kind)
  expect(kinds).toContain(kind)
  expect(Object(body).status).not.toBe('well')
  return posted
}

/** Closed once, after its evidence has been gone for a minute. */
async function expectOver(kind: string, title: string): Promise<void> {
  await told(kind, 'closed')
  const page = await read('/ops')
  expect([page.status, page.text.includes(title)]).toEqual([200, false])
  const row = await queryOne(
    stage,
    'SELECT count(*) AS opened, count(closed_at) AS closed, sum(is_told) AS told FROM incidents WHERE kind = ?',
    kind,
  )
  expect(row).toEqual({ opened: 1, closed: 1, told: 1 })
}

describe('the operator’s pages', () => {
  it('are not there for anybody else, whatever is asked', async () => {
    for (const path of ['/ops', '/ops/incidents', '/ops/accounts/x', '/metrics']) {
      expect((await stage.runtime.fetch(path)).status).toBe(404)
      const wrong = { headers: { authorization: `Bearer ${'x'.repeat(32)}` } }
      expect((await stage.runtime.fetch(path, wrong)).status).toBe(404)
      const forged = { headers: { 'cf-access-jwt-assertion': 'a.b.c' } }
      expect((await stage.runtime.fetch(path, forged)).status).toBe(404)
    }
  })

  it('open once to the token in the address, then to a cookie without it', async () => {
    const { opsToken } = stage.world.secrets
    const first = await stage.runtime.fetch(`/ops?token=${opsToken}`, { redirect: 'manual' })
    expect([first.status, first.headers.get('location')]).toEqual([303, '/ops'])
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict$/)
    expect(cookie).not.toContain(opsToken)
    const headers = { cookie: cookie.split(';')[0] ?? '' }
    const page = await stage.runtime.fetch('/ops', { headers })
    expect([page.status, (await page.text()).includes('Nothing is known to be sick')]).toEqual([
      200,
      true,
    ])
  })

  it('tell an account’s story and an alert’s, without its number', async () => {
    const owner = await importOwner(stage)
    await loginAndDeliver(stage, owner)
    await stage.settle()
    const account = await read(`/ops/accounts/${owner.id}`)
    expect([account.status, account.text.includes(owner.phone.slice(-4))]).toEqual([200, true])
    expect(account.text).not.toContain(owner.phone.slice(2))
    const alert = await read(`/ops/alerts/${owner.id}/1`)
    expect([alert.status, alert.text.includes('says: arrived')]).toEqual([200, true])
    const nobody = await read('/ops/accounts/nobody-at-all')
    expect([nobody.status, nobody.text.includes('Nothing is stored of')]).toEqual([200, true])
  })

  it('tell how long alerts took, a minute later, and so do the metrics', async () => {
    await loginAndDeliver(stage, await importOwner(stage))
    await stage.settle()
    aheadMs = 70_000
    await stage.setClock({ aheadMs })
    // Whoever writes next takes along what was counted before.
    await loginAndDeliver(stage, await importOwner(stage))
    await stage.settle()
    await tick(20_000)
    const page = await read('/ops')
    expect(page.text).toMatch(/<td>All<\/td><td class="n">\d+<\/td>/)
    const metrics = await read('/metrics')
    expect(metrics.text).toMatch(
      /^lockline_alert_calls\{country="US",provider="twilio",measure="accepted"\} \d+$/m,
    )
    expect(metrics.text).toMatch(
      /^lockline_accepted_seconds_bucket\{country="US",le="\+Inf"\} \d+$/m,
    )
    expect(metrics.text.endsWith('# EOF\n')).toBe(true)
  })
})

describe('a fault is seen, told, and over after repair', () => {
  it('a provider answers 500', async () => {
    const { twilio } = stage.world.carriers
    await twilio.setMode('500')
    await eventually('the conviction', async () => {
      await loginAndDeliver(stage, await importOwner(stage))
      return queryOne(stage, 'SELECT scope FROM breakers')
    })
    await tick()
    const posted = await expectSick('provider_distrusted', 'A provider is distrusted: twilio')
    expect(posted.scope).toBe('twilio')
    await twilio.setMode('ok')
    await trustEveryProvider(stage)
    await tick(MINUTE_MS)
    await expectOver('provider_distrusted', 'A provider is distrusted: twilio')
  })

  it('a provider sends no receipts', async () => {
    await stage.world.carriers.twilio.setMode('no-receipt')
    const owners = await Promise.all(Array.from({ length: 6 }, () => importOwner(stage)))
    for (const { id } of owners) await stage.world.exchange.login({ account_id: id })
    await eventually('all texts', () =>
      owners.every(({ phone }) => stage.world.phones.messagesTo(phone).length > 0),
    )
    await stage.settle()
    // The wait for receipts is over: the sweep misses them, and the next minute judges that.
    await tick(61_000)
    await tick(MINUTE_MS)
    const posted = await expectSick('receipts_stopped', 'A provider sends no receipts: twilio')
    expect(posted.scope).toBe('twilio')
    await stage.world.carriers.twilio.setMode('ok')
    await tick(16 * MINUTE_MS)
    await expectOver('receipts_stopped', 'A provider sends no receipts: twilio')
  })

  it('the exchange answers 500 to a lock', async () => {
    await stage.world.exchange.setCallbackMode('500')
    const owner = await importOwner(stage)
    const lock = await stage.world.exchange.api('POST', accountPath(owner, '/lock'), {})
    expect(lock.status).toBe(201)
    await tick(61_000)
    await expectSick('lock_unconfirmed', 'The exchange has not confirmed a lock')
    expect((await read('/ops')).text).toContain('Call them')
    expect((await health()).word).toBe('degraded')
    await stage.world.exchange.setCallbackMode('ok')
    await eventually('the confirmation', async () => {
      await tick(MINUTE_MS)
      return queryOne(stage, "SELECT 1 FROM callbacks WHERE state = 'confirmed'")
    })
    await tick(MINUTE_MS)
    await expectOver('lock_unconfirmed', 'The exchange has not confirmed a lock')
  })

  it('the exchange answers 410 to callbacks', async () => {
    await stage.world.exchange.setCallbackMode('410')
    const owner = await importOwner(stage)
    const { sessionId } = await loginAndDeliver(stage, owner)
    await stage.world.exchange.api('DELETE', accountPath(owner, `/sessions/${sessionId}`))
    await eventually('the end of the callback', () =>
      queryOne(stage, "SELECT 1 FROM callbacks WHERE state = 'stopped'"),
    )
    await tick()
    await expectSick('callbacks_stopped', 'The exchange does not take callbacks')
    await stage.world.exchange.setCallbackMode('ok')
    await tick(11 * MINUTE_MS)
    await expectOver('callbacks_stopped', 'The exchange does not take callbacks')
  })

  it('the database refuses', async () => {
    await stage.setFaults({ database: true })
    await stage.runtime.tick()
    const posted = await told('database_unavailable', 'opened')
    expect(posted.isGenuine).toBe(true)
    expect(await health()).toEqual({ status: 503, word: 'down' })
    const page = await read('/ops')
    expect([page.status, page.text.includes('The database does not answer')]).toEqual([503, true])
    await stage.runtime.tick()
    const again = await eventually(
      'a second post',
      () =>
        ops.incidents
          .latest(20)
          .filter(({ at, kind }) => at > startedAt && kind === posted.kind)[1],
    )
    expect(again.webhookId).toBe(posted.webhookId)
    await stage.setFaults({})
    await eventually('the note of it', () => queryOne(stage, 'SELECT 1 FROM incidents'))
    await tick(2 * MINUTE_MS)
    await expectOver('database_unavailable', 'The database does not answer')
    expect((await health()).status).toBe(200)
  })

  it('cron stands still', async () => {
    aheadMs = 4 * MINUTE_MS
    await stage.setClock({ aheadMs })
    await stage.newIsolate()
    const [owner, another] = [await importOwner(stage), newOwner()]
    await loginAndDeliver(stage, owner)
    // The first has read the heartbeat; whoever comes next sees how old it is.
    await stage.world.exchange.login({ account_id: another.id })
    await expectSick('cron_still', 'The minute’s work stands still')
    expect((await health()).word).toBe('degraded')
    await tick()
    await tick(MINUTE_MS)
    await expectOver('cron_still', 'The minute’s work stands still')
  })

  it('a message dies', async () => {
    await execute(
      stage,
      "INSERT INTO dead_letters (message_id, queue, kind, reason, died_at) VALUES ('m1', 'alerts', 'deliver', 'retries_used', ?)",
      Date.now(),
    )
    await tick()
    await expectSick('dead_letters', 'Messages have died')
    await execute(stage, 'DELETE FROM dead_letters')
    await tick(MINUTE_MS)
    await expectOver('dead_letters', 'Messages have died')
  })

  it('a setting is wrong: told by the two settings that it takes, once, and over when it is whole', async () => {
    const settings = { ...stage.world.settings(), EXCHANGE_NAME: '' }
    await controlWorker(stage.runtime, 'start', settings)
    await stage.runtime.tick()
    const posted = await told('settings_broken', 'opened')
    expect([posted.isGenuine, posted.scope]).toEqual([true, 'EXCHANGE_NAME'])
    const page = await read('/ops')
    expect([page.status, page.text.includes('<h3>EXCHANGE_NAME</h3>')]).toEqual([503, true])
    expect(await health()).toEqual({ status: 503, word: 'misconfigured' })
    await stage.runtime.tick()
    await controlWorker(stage.runtime, 'start', stage.world.settings())
    await tick(MINUTE_MS)
    await tick(MINUTE_MS)
    await expectOver('settings_broken', 'A setting is missing or malformed')
    const posts = ops.incidents
      .latest(20)
      .filter(({ at, kind }) => at > startedAt && kind === posted.kind)
    expect(posts.map(({ type }) => type).toSorted()).toEqual(['incident.closed', 'incident.opened'])
  })
})

describe('what is posted', () => {
  it('comes again until it is taken, and is noted as told only then', async () => {
    ops.setStatus(500)
    await execute(
      stage,
      "INSERT INTO dead_letters (message_id, queue, kind, reason, died_at) VALUES ('m2', 'alerts', 'deliver', 'retries_used', ?)",
      Date.now(),
    )
    await tick()
    const first = await told('dead_letters', 'opened')
    expect(first.status).toBe(500)
    expect(await queryOne(stage, 'SELECT is_told FROM incidents')).toEqual({ is_told: 0 })
    ops.setStatus(204)
    const again = await eventually('the next try', () =>
      ops.incidents.latest(5).find(({ status, at }) => status === 204 && at > startedAt),
    )
    expect(again.webhookId).toBe(first.webhookId)
    await eventually('the note', () => queryOne(stage, 'SELECT 1 FROM incidents WHERE is_told = 1'))
  })
})

describe('what an operator does by hand', () => {
  const post = (act: string, fields: Readonly<Record<string, string>>, site = 'same-origin') =>
    stage.runtime.fetch(`/ops/acts/${act}`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${stage.world.secrets.opsToken}`,
        'sec-fetch-site': site,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(fields).toString(),
    })

  it('is done from a form, recorded with who and why, and shown', async () => {
    const form = { provider: 'twilio', place: 'last', country: '', reason: 'their status page' }
    const done = await post('order_provider', { ...form, back: '/ops' })
    expect([done.status, done.headers.get('location')]).toEqual([
      303,
      '/ops?done=order_provider&count=1',
    ])
    const row = await queryOne(stage, 'SELECT who, reason, subject FROM ops_acts')
    expect(row).toMatchObject({ who: 'token', reason: 'their status page' })
    const page = await read('/ops?done=order_provider&count=1')
    expect([
      page.text.includes('Order of a provider'),
      page.text.includes('their status page'),
    ]).toEqual([true, true])
    await execute(stage, 'DELETE FROM route_orders')
  })

  it('is refused from another site, with a field missing, or back to elsewhere', async () => {
    const form = { provider: 'twilio', reason: 'x', back: 'https://evil.example/' }
    expect((await post('trust_provider', form, 'cross-site')).status).toBe(404)
    const missing = await post('trust_provider', { ...form, reason: '' })
    expect([missing.status, (await missing.text()).includes('Nothing was done')]).toEqual([
      422,
      true,
    ])
    const done = await post('trust_provider', form)
    expect(done.headers.get('location')).toMatch(/^\/ops\?done=trust_provider/)
    const stranger = await stage.runtime.fetch('/ops/acts/trust_provider', { method: 'POST' })
    expect(stranger.status).toBe(404)
  })
})

describe('a trace of the exchange’s', () => {
  it('goes from the webhook to the log and to the callback that follows from its login', async () => {
    const { exchange, phones } = stage.world
    const owner = await importOwner(stage)
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    const data = { account_id: owner.id, session_id: 's_traced', ip: '203.0.113.77' }
    const timestamp = new Date().toISOString()
    const body = JSON.stringify({ type: 'login.succeeded', timestamp, data })
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
    const answer = await exchange.raw(body, { ...exchange.signedHeaders(body), traceparent })
    expect(answer.status).toBe(202)
    const message = await eventually('the SMS', () => phones.messagesTo(owner.phone)[0])
    await loggedLine(stage, new RegExp(`delivery.attempted.*"trace_id":"${traceId}"`))
    const lock = await stage.runtime.fetch(pathOf(linkIn(message.text)), { method: 'POST' })
    expect(lock.status).toBe(200)
    const callback = await exchange.callbacks.waitFor(
      ({ event }) => event?.type === 'account.locked' && event.accountId === owner.id,
    )
    expect(callback.headers.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
    expect(callback.headers.traceparent).not.toBe(traceparent)
  })
})
