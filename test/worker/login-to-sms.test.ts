// A login becomes an SMS: what arrives at the carrier, and what the phone's owner can tell from it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accountPath,
  importOwner,
  linkIn,
  linksTold,
  loginAndDeliver,
  loginAt,
  loginOnce,
  newOwner,
  pathOf,
  queryOne,
  readHistory,
  settledAlert,
} from '../support/owner.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

const WARNING = 'Another session is open.'
const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+[A-Za-z0-9]$/

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

const pad = (value: number) => String(value).padStart(2, '0')

describe('the SMS about a login', () => {
  it('comes by the first provider, and the history says so', async () => {
    const owner = await importOwner(stage)
    const { message } = await loginAndDeliver(stage, owner)
    const alert = await settledAlert(stage, owner)
    expect(message.provider).toBe('twilio')
    expect(alert).toEqual({
      number: 1,
      state: 'delivered',
      reason: null,
      wave: 1,
      attempts: [
        {
          number: 1,
          provider: 'twilio',
          state: 'delivered',
          failure: null,
          code: null,
          provider_message_id: message.providerMessageId,
          segments: message.segments,
          sent_at: expect.any(String),
          delivered_at: expect.any(String),
          failed_at: null,
        },
      ],
    })
  })

  it('says which alert it is, when, where and on what', async () => {
    const owner = await importOwner(stage)
    const { message } = await loginAndDeliver(stage, owner)
    const { logins } = await readHistory(stage, owner)
    const at = new Date(logins[0]?.occurred_at ?? '')
    const time = `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())} UTC ${at.getUTCDate()} `
    expect(message.text).toMatch(/^Demo Exchange login #1: /)
    expect(message.text).toContain(time)
    expect(message.text).toContain('near Frankfurt, Germany')
    expect(message.text).toContain('Safari on iOS')
    expect(message.text).toContain('"iPhone 15"')
    expect(message.encoding).toBe('GSM-7')
    expect(message.segments).toBeLessThanOrEqual(2)
  })

  it.each([
    ['203.0.113.77', '13.77'],
    ['2001:db8:85a3::8a2e:370:7334', '7334'],
  ])('shows the tail of %s and never all of it', async (ip, tail) => {
    const owner = await importOwner(stage)
    const { message } = await loginAndDeliver(stage, owner, { ip })
    expect(message.text).toContain(`IP ..${tail}`)
    expect(message.text).not.toContain(ip)
  })

  it('has its link before its end, and the link ends in a letter or digit', async () => {
    const owner = await importOwner(stage)
    for (let count = 0; count < 8; count += 1) {
      const { message, link } = await loginAndDeliver(stage, owner)
      expect(message.text).toMatch(/ https?:\/\/\S+ \S/)
      expect(link.startsWith(`${stage.runtime.origin}/l/`)).toBe(true)
      expect(link.slice(`${stage.runtime.origin}/l/`.length)).toMatch(TOKEN)
    }
  })

  it('carries the phrase the owner agreed on with the exchange', async () => {
    const owner = await importOwner(stage, { phrase: 'blue heron 7' })
    const { message } = await loginAndDeliver(stage, owner)
    expect(message.text).toMatch(/Anti-Phishing: blue heron 7$/)
  })

  it('is asked to be dropped when it is late, and to report back', async () => {
    const owner = await importOwner(stage)
    await loginAndDeliver(stage, owner)
    const call = stage.world.carriers.twilio.calls.entries().find((c) => c.to === owner.phone)
    expect(call?.validitySeconds).toBe(120)
    expect(call?.receiptUrl).toMatch(/\/v1\/receipts\/twilio\/[A-Za-z0-9_-]{20,140}$/)
    expect(call?.receiptUrl).not.toContain(owner.id)
  })
})

describe('the warning of a parallel session', () => {
  it('comes with the second session, and no more once the others have ended', async () => {
    const owner = await importOwner(stage)
    const { exchange } = stage.world
    const first = await loginAndDeliver(stage, owner)
    const second = await loginAndDeliver(stage, owner)
    await exchange.logout(owner.id, first.sessionId)
    await exchange.logout(owner.id, second.sessionId)
    const third = await loginAndDeliver(stage, owner, { country: 'FR' })
    const warned = [first, second, third].map(({ message }) => message.text.includes(WARNING))
    expect(warned).toEqual([false, true, false])
    // To an account's first login every country is new.
    const abroad = [first, second, third].map(({ message }) => message.text.includes('new country'))
    expect(abroad).toEqual([false, false, true])
  })

  it('does not come for a second login of the same session', async () => {
    const owner = await importOwner(stage)
    await loginAndDeliver(stage, owner, { session_id: 's_same' })
    const again = await loginAndDeliver(stage, owner, { session_id: 's_same' })
    expect(again.message.text).not.toContain(WARNING)
  })

  it('does not come once the other session has run out', async () => {
    const owner = await importOwner(stage)
    const past = new Date(Date.now() - 1000).toISOString()
    await loginAndDeliver(stage, owner, { session_expires_at: past })
    const next = await loginAndDeliver(stage, owner)
    expect(next.message.text).not.toContain(WARNING)
  })
})

describe('a login that means to deceive', () => {
  const hostile: Record<string, Record<string, string>> = {
    'a device named like our own text': {
      device_name: 'x". Lock now: https://evil.example/l/a.b',
    },
    'a city that holds a link': { city: 'Go to evil.example/x' },
    'a city of another script': { city: '東京 — “新宿”' },
    'line breaks and control characters': { city: 'Bonn\r\nDemo Exchange: all is well\u0007' },
    'directions that turn the text round': { device_name: '\u202Egnp.exe\u2066' },
    'pictures and accents': { device_name: '🔥 Zoë’s Télé 🔥', city: 'Kraków' },
    'the longest of everything': {
      device_name: 'W'.repeat(256),
      city: 'M'.repeat(128),
      user_agent: `Mozilla/5.0 ${'('.repeat(2000)}`,
    },
  }

  it.each(Object.entries(hostile))('gains nothing by %s', async (_how, fields) => {
    const owner = await importOwner(stage, { phrase: 'blue heron 7' })
    const { message } = await loginAndDeliver(stage, owner, fields)
    expect(linkIn(message.text).startsWith(`${stage.runtime.origin}/l/`)).toBe(true)
    expect(message.text).not.toContain('evil.example')
    expect(message.text).not.toMatch(/[\r\n]/)
    expect([message.encoding, message.segments <= 2]).toEqual(['GSM-7', true])
    expect(message.text).toMatch(/^Demo Exchange login #1: .* UTC .*Not you\? Lock now: http/)
  })
})

describe('a login that is not to be told', () => {
  it.each([
    ['no_number', { phone: null, former_phone_told: true }],
    ['alerts_off', { alerts: 'off', owner_told: true }],
  ])('is kept with the reason %s and takes no alert number', async (reason, change) => {
    const owner = await importOwner(stage)
    const { exchange } = stage.world
    await exchange.api('PUT', accountPath(owner), change)
    await exchange.login({ account_id: owner.id })
    await exchange.api('PUT', accountPath(owner), { phone: owner.phone, alerts: 'all' })
    const { message } = await loginAndDeliver(stage, owner)
    const { logins } = await readHistory(stage, owner)
    expect(logins.map(({ alert }) => [alert.number, alert.state, alert.reason])).toEqual([
      [1, 'delivered', null],
      [null, 'suppressed', reason],
    ])
    expect(message.text).toContain('#1:')
    expect(linksTold(stage, owner)).toHaveLength(1)
  })

  it('is kept for an account that was never imported', async () => {
    const owner = newOwner()
    await stage.world.exchange.login({ account_id: owner.id })
    const { logins } = await readHistory(stage, owner)
    expect(logins[0]?.alert).toMatchObject({ state: 'suppressed', reason: 'no_number' })
  })

  it('is kept silent when it happened more than a day ago, and the exchange is told', async () => {
    const owner = await importOwner(stage)
    await loginAt(stage, owner, Date.now() - 25 * 3_600_000)
    const { logins } = await readHistory(stage, owner)
    expect(logins[0]?.alert).toMatchObject({ state: 'suppressed', reason: 'login_too_old' })
    const { body } = await stage.world.exchange.waitForCallback(
      ({ event }) => event?.type === 'alert.undelivered' && event.accountId === owner.id,
    )
    expect(JSON.parse(body)).toMatchObject({
      data: { reason: 'login_too_old', alert_number: null, logins: 1 },
    })
  })

  it('leaves no gap in the numbers of the alerts around it', async () => {
    const owner = await importOwner(stage)
    const { exchange } = stage.world
    const first = await loginAndDeliver(stage, owner)
    await exchange.api('PUT', accountPath(owner), { alerts: 'off' })
    await exchange.login({ account_id: owner.id })
    await exchange.api('PUT', accountPath(owner), { alerts: 'all' })
    const second = await loginAndDeliver(stage, owner)
    expect([first.message.text, second.message.text]).toEqual([
      expect.stringContaining('#1:'),
      expect.stringContaining('#2:'),
    ])
    expect(linkIn(first.message.text)).not.toBe(linkIn(second.message.text))
  })

  it('numbers logins at the same instant one by one', async () => {
    const owner = await importOwner(stage)
    const { exchange, phones } = stage.world
    await Promise.all(Array.from({ length: 12 }, () => exchange.login({ account_id: owner.id })))
    await eventually('twelve SMS', () => linksTold(stage, owner).length === 12)
    const numbers = phones.messagesTo(owner.phone).map(({ text }) => phones.alertNumberOf(text))
    expect([...new Set(numbers)].sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    )
    const row = await queryOne(
      stage,
      'SELECT count(*) AS n FROM logins WHERE account_id = ?',
      owner.id,
    )
    expect(row?.n).toBe(12)
  })
})

describe('a queue', () => {
  it('that brings one job twenty times has it done once', async () => {
    const owner = await importOwner(stage)
    const { exchange, carriers } = stage.world
    const { twilio } = carriers
    await twilio.setMode('slow', { slowMs: 200 })
    const login = await exchange.login({ account_id: owner.id })
    const producer = await stage.runtime.alerts()
    const job = { kind: 'deliver', accountId: owner.id, alertId: Object(login.body).alert_id }
    await Promise.all(Array.from({ length: 20 }, () => producer.send(job)))
    await twilio.setMode('ok')
    await loginOnce(stage, owner, 'delivered')
    // Behind all copies in the queue.
    await loginAndDeliver(stage, await importOwner(stage))
    await stage.settle()
    expect(twilio.calls.entries().filter((call) => call.to === owner.phone)).toHaveLength(1)
  })

  it.each(['alerts', 'callbacks'] as const)('that brings nonsense goes on: %s', async (queue) => {
    const producer = await stage.runtime[queue]()
    await producer.send({ kind: 'unheard of', number: '+12025550199' })
    await eventually('a line of the log', () =>
      stage.logs.some((line) => line.includes('job.unknown') && line.includes(`"${queue}"`)),
    )
    expect(stage.logs.filter((line) => line.includes('2025550199'))).toEqual([])
    await loginAndDeliver(stage, await importOwner(stage))
  })
})

describe('an activity', () => {
  const THIEF = { ip: '203.0.113.9', session_id: 's_named', detail: 'see evil.example/x' }

  it('is told like a login, with number, link and code, and its link locks', async () => {
    const owner = await importOwner(stage)
    const { exchange, phones } = stage.world
    await loginAndDeliver(stage, owner)
    const fields = { account_id: owner.id, kind: 'address_added', ...THIEF }
    const { body } = await exchange.activity(fields, { webhookId: `msg_${owner.id}` })
    const told = () => phones.messagesTo(owner.phone).find(({ text }) => text.includes('#2:'))
    const { text } = await eventually('the SMS', told)
    expect(text).toMatch(/#2: withdrawal address added, .*or reply LOCK [2-9A-Z]{4}\./)
    expect(text).not.toContain('evil')
    const again = await exchange.activity(fields, { webhookId: `msg_${owner.id}` })
    expect(again.body).toEqual({ ...Object(body), duplicate: true })
    await loginOnce(stage, owner, 'delivered')
    const { logins } = await readHistory(stage, owner)
    expect(logins.map(({ activity, session_id }) => [activity, session_id])).toEqual([
      [{ kind: 'address_added', detail: THIEF.detail }, 's_named'],
      [null, expect.any(String)],
    ])
    const sessions = await exchange.api('GET', accountPath(owner, '/sessions'))
    expect(sessions.body).toMatchObject({ sessions: [{ session_id: logins[1]?.session_id }] })
    const locked = await stage.runtime.fetch(pathOf(linkIn(text)), { method: 'POST' })
    expect(locked.status).toBe(200)
    const lock = await exchange.waitForCallback(
      ({ event }) => event?.type === 'account.locked' && event.accountId === owner.id,
    )
    expect(JSON.parse(lock.body)).toMatchObject({
      data: { alert_id: logins[0]?.alert_id, session_ids: [logins[1]?.session_id] },
    })
  })

  it('that a stranger can cause is told twice a day, however often, and leaves a login its SMS', async () => {
    const owner = await importOwner(stage)
    const { exchange, phones } = stage.world
    const failed = { account_id: owner.id, kind: 'logins_failed' }
    await Promise.all(Array.from({ length: 60 }, () => exchange.activity(failed)))
    const { message } = await loginAndDeliver(stage, owner)
    await stage.settle()
    const texts = phones.messagesTo(owner.phone).map(({ text }) => text)
    expect(texts.filter((text) => text.includes('failed login attempts'))).toHaveLength(1)
    // One told at once, twenty by the second SMS: the rest is counted, and no number is missing.
    expect(phones.alertNumberOf(message.text)).toBe(22)
    expect((await readHistory(stage, owner, '?limit=100')).logins).toHaveLength(22)
  })

  it('of a kind that nobody knows is told as a change; a late one is told to the exchange alone', async () => {
    const owner = await importOwner(stage)
    const { exchange, phones } = stage.world
    const change = { account_id: owner.id, kind: '<script>alert(1)</script>' }
    expect((await exchange.activity(change)).status).toBe(202)
    const told = () => phones.messagesTo(owner.phone)[0]
    expect((await eventually('the SMS', told)).text).toContain('#1: a change to your account, ')
    const timestamp = new Date(Date.now() - 25 * 3_600_000).toISOString()
    const late = JSON.stringify({ type: 'activity.occurred', timestamp, data: change })
    expect((await exchange.raw(late, exchange.signedHeaders(late))).status).toBe(202)
    const { body } = await exchange.waitForCallback(
      ({ event }) => event?.type === 'alert.undelivered' && event.accountId === owner.id,
    )
    expect(JSON.parse(body)).toMatchObject({
      data: { reason: 'login_too_old', activity: change.kind, session_id: null, session_ids: [] },
    })
    const refused = await exchange.activity({ ...change, kind: JSON.parse('null') })
    expect([refused.status, refused.body]).toEqual([
      422,
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/data/kind' })] }),
    ])
  })
})
