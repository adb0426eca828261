// The world's page: everything foreign is escaped, the buttons do what they say, and the history of
// a login is told from the carriers' own records.

import { afterEach, expect, test } from 'vitest'
import type { CarrierCall } from '../../world/carrier.ts'
import { html, toText } from '../../world/markup.ts'
import { alertNumberIn } from '../../world/phone-network.ts'
import { startWorldServer } from '../../world/server.ts'
import { buildTimelines, describeCall } from '../../world/timeline.ts'
import type { LoginRecord } from '../../world/told.ts'
import { linkify } from '../../world/view.ts'
import { startWorld } from '../../world/world.ts'
import { send, startReceiver } from './helpers.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function start(statuses: Parameters<typeof startReceiver>[0] = [404]) {
  const worker = await startReceiver(statuses)
  const world = await startWorld({ workerOrigin: worker.origin })
  const server = await startWorldServer(world, { port: 0 })
  closing.push(server.close, world.close, worker.close)
  return { worker, world, server }
}

const FORM = {
  'content-type': 'application/x-www-form-urlencoded',
  accept: 'application/json',
}

test('templates escape texts and let markup through', () => {
  const inner = html`<b>${'<i>"&\''}</b>`
  expect(toText(html`<p>${inner}${null}${1}${[inner]}</p>`)).toBe(
    '<p><b>&lt;i&gt;&quot;&amp;&#39;</b>1<b>&lt;i&gt;&quot;&amp;&#39;</b></p>',
  )
})

test('links in a text become tappable without what follows them', () => {
  expect(toText(linkify('Lock: http://x.example/l/a.b-1. <b>'))).toBe(
    'Lock: <a href="http://x.example/l/a.b-1" target="_blank" rel="noopener noreferrer">http://x.example/l/a.b-1</a>. &lt;b&gt;',
  )
})

test('what Lockline refuses for good stands on the page', async () => {
  const { world, server } = await start([422])
  const { example } = world.exchange
  await example.logIn({ accountId: 'a1', ip: '203.0.113.77', userAgent: 'x' })
  await expect
    .poll(async () => (await fetch(server.origin)).text())
    .toContain('login.succeeded: answered 422 unknown')
})

test('a text from outside cannot become markup on the page', async () => {
  const { world, server } = await start()
  const text = '#1 <script>alert(1)</script> "><img src=x>'
  world.phones.receive({
    provider: 'vonage',
    from: 'x',
    to: '+12025550123',
    text,
    at: Date.now(),
    providerMessageId: '"><u>',
    encoding: 'GSM-7',
    segments: 1,
  })
  const page = await (await fetch(server.origin)).text()
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).not.toContain('<script>')
  expect(page).not.toContain('<img src=x>')
  expect(page).not.toContain('<u>')
})

test('a carrier is switched by its form', async () => {
  const { world, server } = await start()
  const reply = await send(`${server.origin}/api/carriers/twilio/mode`, FORM, 'mode=hang')
  expect(reply.body).toEqual({ ok: true, message: '' })
  expect(world.carriers.twilio.mode()).toBe('hang')
})

test.each([
  ['/api/carriers/twilio/mode', 'mode=nonsense'],
  ['/api/carriers/nobody/mode', 'mode=ok'],
  ['/api/callbacks/mode', 'mode=nonsense'],
  ['/api/logins', 'scenario=nonsense'],
  ['/api/replies', 'message=nobody&text=LOCK'],
])('%s refuses %s', async (path, body) => {
  const { server } = await start()
  expect((await send(server.origin + path, FORM, body)).status).toBe(422)
})

test('a login binds the demo phone once, then posts the event', async () => {
  const { worker, world, server } = await start((target, method) => {
    if (target === '/v1/events') return 202
    return method === 'PUT' ? 200 : 404
  })
  await send(`${server.origin}/api/logins`, FORM, 'scenario=frankfurt')
  await send(`${server.origin}/api/logins`, FORM, 'scenario=vpn')
  // The user is let in at once; the exchange tells it from its outbox.
  await world.exchange.logins.waitFor(() => world.exchange.logins.total() === 2)
  const posted = worker.received.filter(({ method }) => method !== 'GET')
  expect(posted.map(({ method, target }) => `${method} ${target}`)).toEqual([
    'PUT /v1/accounts/demo',
    'POST /v1/events',
    'POST /v1/events',
  ])
  const events = posted.slice(1).map(({ body }) => JSON.parse(body).data)
  expect(events.map((data) => 'city' in data).sort()).toEqual([false, true])
})

test('a demo user whom Lockline knows is left as it is', async () => {
  const { worker, server } = await start((target) => (target === '/v1/events' ? 202 : 200))
  await send(`${server.origin}/api/logins`, FORM, 'scenario=frankfurt')
  expect(worker.received.filter(({ method }) => method === 'PUT')).toEqual([])
})

test('a Lockline that does not answer is said so', async () => {
  const { worker, server } = await start()
  await worker.close()
  const reply = await send(`${server.origin}/api/logins`, FORM, 'scenario=frankfurt')
  expect(reply.status).toBe(422)
  expect(reply.body).toMatchObject({ ok: false, message: expect.stringContaining('not answer') })
})

test('the thief digs in, as far as he has what he needs, and his things are marked', async () => {
  const { world, server } = await start(() => 200)
  const act = async (id: string) => {
    const reply = await send(`${server.origin}/api/thief`, FORM, `act=${id}`)
    return reply.status
  }
  expect([await act('api_key'), await act('nonsense')]).toEqual([422, 422])
  expect(await act('login')).toBe(200)
  expect(await act('withdrawal')).toBe(422)
  for (const id of ['api_key', 'address', 'withdrawal', 'order']) expect(await act(id)).toBe(200)
  const account = world.exchange.account('demo')
  expect(account.withdrawals).toMatchObject([{ state: 'pending' }])
  const page = await (await fetch(server.origin)).text()
  expect(page.split('>thief</span>')).toHaveLength(5)
  expect(page).toContain('The owner’s hardware wallet')
})

const SMS = {
  provider: 'twilio',
  from: '+12025550100',
  to: '+12025550123',
  text: 'Reply LOCK 7K3Q',
  at: Date.now(),
  providerMessageId: 'SM1',
  encoding: 'GSM-7',
  segments: 1,
} as const

test('a message can be answered from the page, and the answer is shown', async () => {
  const { world, server, worker } = await start([404, 204])
  world.phones.receive(SMS)
  expect(await (await fetch(server.origin)).text()).toContain('Reply to +12025550100')
  worker.say('', 204)
  const reply = await send(`${server.origin}/api/replies`, FORM, 'message=SM1&text=LOCK+7K3Q')
  expect(reply.body).toEqual({ ok: true, message: 'Your reply was carried to Lockline.' })
  const page = await (await fetch(server.origin)).text()
  expect(page).toMatch(/class="message mine">\s*<p class="bubble">LOCK 7K3Q</)
  expect(page).toContain('Lockline took it')
})

test('a reply that Lockline refuses is said so', async () => {
  const { world, server, worker } = await start()
  world.phones.receive(SMS)
  worker.say('', 401)
  const reply = await send(`${server.origin}/api/replies`, FORM, 'message=SM1&text=LOCK')
  expect(reply.body).toEqual({ ok: false, message: 'Lockline did not take the reply (401).' })
  expect(await (await fetch(server.origin)).text()).toContain('Lockline answered 401')
})

test('a reply may pretend to be from another number, if there is such a number', async () => {
  const { world, server, worker } = await start()
  world.phones.receive(SMS)
  worker.say('', 204)
  const url = `${server.origin}/api/replies`
  const forged = await send(url, FORM, 'message=SM1&text=LOCK&from=%2B12025550124')
  const nobody = await send(url, FORM, 'message=SM1&text=LOCK&from=nobody')
  expect([forged.status, nobody.status]).toEqual([200, 422])
  expect(world.phones.replies.entries()).toMatchObject([{ from: '+12025550124' }])
  const page = await (await fetch(server.origin)).text()
  expect(page).toContain('pretending to be +12025550124')
})

test.each(['message=SM1', 'message=SM1&text=', 'message=SM1&text=+', 'text=LOCK'])(
  'no reply is carried of %s',
  async (fields) => {
    const { world, server } = await start()
    world.phones.receive(SMS)
    expect((await send(`${server.origin}/api/replies`, FORM, fields)).status).toBe(422)
    expect(world.phones.replies.total()).toBe(0)
  },
)

test('a message from a name has no reply box', async () => {
  const { world, server } = await start()
  world.phones.receive({ ...SMS, from: 'Lockline' })
  const page = await (await fetch(server.origin)).text()
  expect(page).toContain('it cannot be answered')
  expect(page).not.toContain('action="/api/replies"')
  const reply = await send(`${server.origin}/api/replies`, FORM, 'message=SM1&text=LOCK')
  expect(reply.status).toBe(422)
})

test('foreign pages cannot press the buttons', async () => {
  const { world, server } = await start()
  const headers = { ...FORM, origin: 'https://evil.example' }
  const reply = await send(`${server.origin}/api/carriers/twilio/mode`, headers, 'mode=hang')
  expect(reply.status).toBe(403)
  expect(world.carriers.twilio.mode()).toBe('ok')
})

test('the page allows no foreign script', async () => {
  const { server } = await start()
  const response = await fetch(server.origin)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('updates arrive as server-sent events', async () => {
  const { world, server } = await start()
  const abort = new AbortController()
  const response = await fetch(`${server.origin}/api/events`, { signal: abort.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const first = (await reader?.read())?.value ?? ''
  expect(first).toContain('event: update')
  await world.carriers.infobip.setMode('garbage')
  let heard = ''
  while (!heard.includes('"infobip":"garbage"')) heard += (await reader?.read())?.value ?? ''
  expect(heard).not.toContain('"phone":')
  abort.abort()
})

const LOGIN: LoginRecord = {
  id: 1,
  webhookId: 'msg_1',
  accountId: 'demo',
  sessionId: 's1',
  label: 'iPhone',
  activity: null,
  sentAt: 1000,
  answeredAt: 1010,
  status: 202,
  problem: null,
  alertId: 'al1',
}
const CALL: CarrierCall = {
  id: 1,
  provider: 'twilio',
  mode: 'ok',
  at: 1020,
  request: { method: 'POST', target: '/', headers: {}, body: '' },
  refusal: null,
  from: null,
  to: '+12025550123',
  text: 'Demo #7',
  ref: null,
  receiptUrl: null,
  validitySeconds: null,
  providerMessageIds: [],
  wentOut: false,
  status: null,
  answeredAt: null,
  abandonedAt: null,
}
const evidence = { receipts: [], callbacks: [], alertNumberOf: alertNumberIn, downAt: () => [] }

test('a hanging carrier and its successor are told with their times', () => {
  const hung = { ...CALL, mode: 'hang', abandonedAt: 2520 } as const
  const taken: CarrierCall = {
    ...CALL,
    provider: 'infobip',
    at: 2522,
    answeredAt: 2530,
    status: 200,
    providerMessageIds: ['m'],
    wentOut: true,
  }
  const [timeline] = buildTimelines({ ...evidence, logins: [LOGIN], calls: [taken, hung] })
  expect(timeline).toMatchObject({ alertNumber: 7, acceptedAfterMs: 1530, failedOver: true })
  expect(timeline?.steps.map(({ afterMs, title, detail }) => [afterMs, title, detail])).toEqual([
    [0, 'Login posted', 'Session s1'],
    [10, 'Lockline', 'accepted: 202, stored for good'],
    [1520, 'Twilio', 'no answer, given up after 1,500 ms'],
    [1530, 'Infobip', 'accepted in 8 ms'],
  ])
})

test('alerts go to their logins in order, and none to a login that came later', () => {
  const second = { ...LOGIN, id: 2, sentAt: 1500, answeredAt: 1510 }
  const calls = [
    { ...CALL, at: 1600, text: 'Demo #8' },
    { ...CALL, at: 1400, text: 'Demo #7' },
  ]
  const timelines = buildTimelines({ ...evidence, logins: [second, LOGIN], calls })
  expect(timelines.map(({ loginId, alertNumber }) => [loginId, alertNumber])).toEqual([
    [2, 8],
    [1, 7],
  ])
  const early = buildTimelines({ ...evidence, logins: [second], calls: [{ ...CALL, at: 1400 }] })
  expect(early).toMatchObject([{ alertNumber: null }])
})

test.each([
  [{ answeredAt: 1030, status: 400, refusal: '21211 Invalid' }, 'refused in 10 ms: 21211 Invalid'],
  [{ answeredAt: 1030, status: 200, mode: 'garbage' }, 'answered with a web page in 10 ms'],
  [{ answeredAt: 1030, status: 503, mode: '500' }, 'answered 503 in 10 ms'],
  [{ abandonedAt: 1030, mode: 'reset' }, 'connection reset after 10 ms'],
  [{ abandonedAt: 1030, wentOut: true }, 'SMS sent, but no answer, given up after 10 ms'],
  [{}, 'called, no answer yet'],
] as const)('a call with %o reads: %s', (changes, text) => {
  expect(describeCall({ ...CALL, ...changes }).text).toBe(text)
})
