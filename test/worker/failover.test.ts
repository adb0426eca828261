// When providers fail: the next one at once, permanent faults stop, breakers spare the rest, and an
// alert nobody takes is tried until it is too old.

import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { slotOf } from '../../src/lib/slot.ts'
import {
  accountPath,
  convict,
  execute,
  importOwner,
  linkIn,
  linksTold,
  loginAndDeliver,
  loginOnce,
  newOwner,
  type Owner,
  queryOne,
  settledAlert,
  trustEveryProvider,
} from '../support/owner.ts'
import { eventually, freePort, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import type { CarrierMode } from '../world/carrier-modes.ts'

/** Answers what the simulated carriers cannot be brought to say of a number that may be imported. */
let refusing: Server
let refusingCalls = 0
const REFUSALS: Readonly<Record<string, string>> = { '14155550111': '1170', '14155550112': '1240' }

let stage: Stage

beforeAll(async () => {
  refusing = createServer((request, response) => {
    refusingCalls += 1
    request.on('data', (body: Buffer) => {
      const to = /"to":"(\d+)"/.exec(body.toString())?.[1] ?? ''
      const type = `https://developer.vonage.com/api-errors/messages#${REFUSALS[to]}`
      response.writeHead(422, { 'content-type': 'application/problem+json' })
      response.end(JSON.stringify({ type, title: 'refused', detail: 'refused' }))
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => refusing.listen(port, '127.0.0.1', resolve))
  stage = await startTestStage({
    settings: {
      // Short, as some of these tests wait for it; long enough for a good answer on a busy machine.
      SMS_ATTEMPT_TIMEOUT_MS: '1000',
      SMS_ROUTES: JSON.stringify({
        '+1': ['twilio', 'infobip'],
        '+49': ['twilio', 'infobip'],
        '+1415': ['vonage', 'twilio', 'infobip'],
      }),
      // A name would come last there.
      VONAGE_FROM: '12025550102',
      VONAGE_BASE_URL: `http://127.0.0.1:${port}`,
    },
  })
})

afterAll(async () => {
  await stage.close()
  refusing.close()
})

/** Every carrier works, nobody is convicted, and the isolate remembers nothing. */
beforeEach(async () => {
  const { twilio, infobip } = stage.world.carriers
  await Promise.all([twilio.setMode('ok'), infobip.setMode('ok')])
  await trustEveryProvider(stage)
})

/** Logs in now and then, until a text goes out by `provider`. */
function eventuallyFirst(provider: string): Promise<unknown> {
  return eventually(`a text by ${provider}`, async () => {
    const { message } = await loginAndDeliver(stage, await importOwner(stage))
    if (message.provider === provider) return message
    await new Promise((resolve) => setTimeout(resolve, 500))
    return null
  })
}

/** Three that meet it at once are evidence; who reads it convicts. */
async function convictTwilio(): Promise<void> {
  const owners = [await importOwner(stage), await importOwner(stage), await importOwner(stage)]
  await Promise.all(owners.map((owner) => loginAndDeliver(stage, owner)))
  await eventually('the conviction', async () => {
    await loginAndDeliver(stage, await importOwner(stage))
    return queryOne(stage, "SELECT 1 FROM breakers WHERE scope = 'twilio'")
  })
}

function callsTo(owner: Owner, provider: 'twilio' | 'infobip') {
  return stage.world.carriers[provider].calls.entries().filter((call) => call.to === owner.phone)
}

type Story = { readonly state: string; readonly failure: string; readonly code: string }

describe('a first provider that fails', () => {
  const stories: [CarrierMode, Story][] = [
    ['refuse', { state: 'unknown', failure: 'ambiguous', code: 'connection_failed' }],
    ['reset', { state: 'unknown', failure: 'ambiguous', code: 'connection_failed' }],
    ['500', { state: 'failed', failure: 'provider_transient', code: '20500' }],
    ['429', { state: 'failed', failure: 'provider_transient', code: '20429' }],
    ['garbage', { state: 'unknown', failure: 'ambiguous', code: 'unreadable_body' }],
    ['rejected', { state: 'failed', failure: 'provider_config', code: '21612' }],
    // Overtaken first; its deadline settles it.
    ['hang', { state: 'unknown', failure: 'ambiguous', code: 'timeout' }],
  ]

  it.each(stories)(
    'in the way "%s" is followed by the second, and the history tells',
    async (mode, story) => {
      await stage.world.carriers.twilio.setMode(mode)
      const owner = await importOwner(stage)
      const { message } = await loginAndDeliver(stage, owner)
      await settledAlert(stage, owner)
      const { alert } = await eventually('an attempt that is settled', async () => {
        const login = await loginOnce(stage, owner, 'delivered')
        return login.alert.attempts.every(({ code }) => code !== 'overtaken') && login
      })
      expect(message.provider).toBe('infobip')
      expect(alert.attempts).toMatchObject([
        { number: 1, provider: 'twilio', ...story, delivered_at: null },
        { number: 2, provider: 'infobip', state: 'delivered', failure: null, code: null },
      ])
    },
  )

  it('after it has sent the SMS costs a second copy with the same number and link', async () => {
    await stage.world.carriers.twilio.setMode('hang-after-accept')
    const owner = await importOwner(stage)
    await stage.world.exchange.login({ account_id: owner.id })
    const copies = await eventually('both copies', () => {
      const messages = stage.world.phones.messagesTo(owner.phone)
      return messages.length === 2 && messages
    })
    expect(copies[1]?.text).toBe(copies[0]?.text)
    const settled = await settledAlert(stage, owner)
    // It arrived, so the time-out is no failure any more.
    expect(settled.attempts).toMatchObject([
      { provider: 'twilio', state: 'delivered', failure: null, code: null },
      { provider: 'infobip', state: 'delivered', failure: null, code: null },
    ])
  })
})

describe('a recipient who cannot or may not be reached', () => {
  it('A4 is told by the second provider where one says that there is no such number, each time', async () => {
    const owner = await importOwner(stage, { phone: '+14155550111' })
    for (const number of ['#1:', '#2:']) {
      const { message } = await loginAndDeliver(stage, owner)
      expect(message.text).toContain(number)
      expect(message.provider).not.toBe('vonage')
    }
    const { alert } = await loginOnce(stage, owner, 'delivered')
    expect(alert.attempts[0]).toMatchObject({
      provider: 'vonage',
      failure: 'recipient_permanent',
      code: '1170',
    })
    const account = await stage.world.exchange.api('GET', accountPath(owner))
    expect(account.body).toMatchObject({ phone: { state: 'ok', state_code: null } })
  })

  it('stops at an opt-out: no second provider, the account is marked', async () => {
    const owner = await importOwner(stage, { phone: '+14155550112' })
    const { exchange } = stage.world
    const callsBefore = refusingCalls
    const login = await exchange.login({ account_id: owner.id })
    const { alert } = await loginOnce(stage, owner, 'undelivered')
    expect(alert.attempts).toMatchObject([
      { provider: 'vonage', failure: 'opted_out', code: '1240' },
    ])
    expect(refusingCalls - callsBefore).toBe(1)
    expect([...callsTo(owner, 'twilio'), ...callsTo(owner, 'infobip')]).toEqual([])

    const told = await exchange.waitForCallback(({ event }) => event?.accountId === owner.id)
    expect([told.valid, told.event?.type, told.event?.data]).toEqual([
      true,
      'alert.undelivered',
      {
        account_id: owner.id,
        alert_id: Object(login.body).alert_id,
        alert_number: 1,
        session_id: login.sessionId,
        reason: 'opted_out',
        activity: null,
        logins: 1,
        session_ids: [login.sessionId],
      },
    ])
    const account = await exchange.api('GET', accountPath(owner))
    expect(account.body).toMatchObject({ phone: { state: 'opted_out', state_code: '1240' } })
  })

  it('A9 is not written to again until another number is imported', async () => {
    const owner = await importOwner(stage, { phone: '+14155550112' })
    const { exchange } = stage.world
    await exchange.login({ account_id: owner.id })
    await loginOnce(stage, owner, 'undelivered')
    await eventually('the mark', async () => {
      const account = await exchange.api('GET', accountPath(owner))
      return JSON.stringify(account.body).includes('"opted_out"')
    })
    await exchange.api('PUT', accountPath(owner), { phone: owner.phone })
    await exchange.login({ account_id: owner.id })
    const suppressed = await loginOnce(stage, owner, 'suppressed')
    expect(suppressed.alert.reason).toBe('opted_out')
    const { phone } = newOwner()
    await exchange.api('PUT', accountPath(owner), { phone })
    const { message } = await loginAndDeliver(stage, { ...owner, phone })
    expect(message.text).toContain('#2:')
  })
})

describe('the breaker', () => {
  it('spares later logins a provider that hangs, and lets it back in once it answers', async () => {
    const { twilio } = stage.world.carriers
    await twilio.setMode('hang')
    await convictTwilio()
    const spared = [await importOwner(stage), await importOwner(stage), await importOwner(stage)]
    for (const owner of spared) {
      const { message } = await loginAndDeliver(stage, owner)
      expect(message.provider).toBe('infobip')
    }
    expect(spared.flatMap((owner) => callsTo(owner, 'twilio'))).toEqual([])

    await twilio.setMode('ok')
    await execute(stage, 'UPDATE breakers SET open_until = ?', Date.now() - 1)
    // Whoever was kept waiting asks it last for some seconds more, which are the simulated road's to prove.
    await stage.newIsolate()
    await eventuallyFirst('twilio')
    await eventually('the closing', async () => {
      const left = await queryOne(stage, 'SELECT count(*) AS n FROM breakers')
      return left?.n === 0
    })
    const told = await queryOne(
      stage,
      "SELECT changed_by FROM route_changes WHERE change = 'closed' ORDER BY changed_at DESC LIMIT 1",
    )
    expect(told?.changed_by).toBe('probe')
  })

  it('lets a burst of thirty logins ask it once each at most, and all by the other', async () => {
    await stage.world.carriers.twilio.setMode('hang')
    const owners: Owner[] = []
    for (let count = 0; count < 30; count += 1) owners.push(await importOwner(stage))
    await Promise.all(owners.map((owner) => stage.world.exchange.login({ account_id: owner.id })))
    for (const owner of owners) await loginOnce(stage, owner, 'delivered')
    expect(Math.max(...owners.map((owner) => callsTo(owner, 'twilio').length))).toBe(1)
    expect(owners.flatMap((owner) => callsTo(owner, 'infobip'))).toHaveLength(30)
  })

  it('stays open when the probe fails, for longer', async () => {
    await stage.world.carriers.twilio.setMode('hang')
    await convict(stage, 'twilio', 'timeout')
    await execute(stage, 'UPDATE breakers SET open_until = ?', Date.now() - 1)
    const row = await eventually('the probe', async () => {
      const prober = await importOwner(stage)
      await loginAndDeliver(stage, prober)
      return queryOne(stage, "SELECT open_until FROM breakers WHERE scope = 'twilio' AND trips = 2")
    })
    expect(Number(row.open_until)).toBeGreaterThan(Date.now())
  })

  it('opens after three faults in a row', async () => {
    await stage.world.carriers.twilio.setMode('500')
    const owners = []
    for (let login = 0; login < 5; login += 1) {
      const owner = await importOwner(stage)
      await loginAndDeliver(stage, owner)
      owners.push(owner)
    }
    expect(owners.map((owner) => callsTo(owner, 'twilio').length)).toEqual([1, 1, 1, 0, 0])
  })

  it('opens at once, and for one country, when a provider may not send there', async () => {
    const { twilio } = stage.world.carriers
    await twilio.setMode('rejected')
    await loginAndDeliver(stage, await importOwner(stage))
    await twilio.setMode('ok')
    const here = await loginAndDeliver(stage, await importOwner(stage))
    const abroad = await loginAndDeliver(
      stage,
      await importOwner(stage, { phone: '+4915228817386' }),
    )
    expect([here.message.provider, abroad.message.provider]).toEqual(['infobip', 'twilio'])
  })
})

describe('an alert that nobody takes', () => {
  it('waits, with its login accepted, and goes out once a provider is back', async () => {
    const { twilio, infobip } = stage.world.carriers
    await Promise.all([twilio.setMode('refuse'), infobip.setMode('refuse')])
    const owner = await importOwner(stage)
    const login = await stage.world.exchange.login({ account_id: owner.id })
    expect(login.status).toBe(202)
    const waiting = await eventually('a failed round', async () => {
      const { alert } = await loginOnce(stage, owner, 'queued')
      return alert.attempts.length >= 2 && alert
    })
    expect(waiting.attempts.slice(0, 2)).toMatchObject([
      { provider: 'twilio', code: 'connection_failed' },
      { provider: 'infobip', code: 'connection_failed' },
    ])
    await infobip.setMode('ok')
    await loginOnce(stage, owner, 'delivered')
    const messages = stage.world.phones.messagesTo(owner.phone)
    expect(messages.map(({ provider }) => provider)).toEqual(['infobip'])
    expect(linkIn(messages[0]?.text ?? '')).toContain('/l/')
  })

  it('is given up when it is too old, and the exchange is told', async () => {
    const owner = await importOwner(stage)
    const { exchange, phones } = stage.world
    const at = Date.now() - 16 * 60_000
    await execute(
      stage,
      `INSERT INTO logins (slot, account_id, seq, alert_id, session_id, occurred_at, received_at, ip_tail,
        is_parallel, live_seqs, alert_number, alert_count, state, is_open, attempts)
       VALUES (?, ?, 1, ?, 's_old', ?, ?, '', 0, '[1]', 1, 1, 'queued', 1, '[]')`,
      ...[slotOf(owner.id), owner.id, `alr_old_${owner.id}`, at, at],
    )
    await stage.runtime.tick()
    const told = await exchange.waitForCallback(({ event }) => event?.accountId === owner.id)
    expect(told.event).toMatchObject({ type: 'alert.undelivered', data: { reason: 'too_old' } })
    await loginOnce(stage, owner, 'undelivered')
    expect(phones.messagesTo(owner.phone)).toEqual([])
  })

  it('whose queue message was lost is found by the minute sweep', async () => {
    const owner = await importOwner(stage)
    await stage.setFaults({ alerts: true })
    const login = await stage.world.exchange.login({ account_id: owner.id })
    await stage.setFaults({})
    expect(login.status).toBe(202)
    await stage.runtime.tick()
    await loginOnce(stage, owner, 'delivered')
    expect(linksTold(stage, owner)).toHaveLength(1)
  })
})
