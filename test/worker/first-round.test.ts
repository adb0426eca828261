// The first round of an alert runs where its login arrived; what its isolate cannot bring to an end, others do, and
// nobody is told twice.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  importOwner,
  loginAndDeliver,
  loginOnce,
  type Owner,
  queryOne,
  readHistory,
} from '../support/owner.ts'
import { controlWorker, eventually, type Meter, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import type { CarrierMode } from '../world/carrier-modes.ts'
import { CARRIER_NAMES } from '../world/carrier-protocol.ts'

let stage: Stage

beforeAll(async () => {
  // One provider: what is called twice was not overtaken, but sent again.
  stage = await startTestStage({ settings: { SMS_PROVIDERS: 'twilio' } })
})

afterAll(() => stage.close())

afterEach(async () => {
  await setModes('ok')
  await stage.setFaults({})
  await stage.setClock({})
  // What hangs is over.
  await stage.killIsolate()
})

async function setModes(mode: CarrierMode): Promise<void> {
  for (const name of CARRIER_NAMES) await stage.world.carriers[name].setMode(mode)
}

function callsTo(owner: Owner) {
  return CARRIER_NAMES.flatMap((name) => stage.world.carriers[name].calls.entries()).filter(
    (call) => call.to === owner.phone,
  )
}

const textsTo = (owner: Owner) => stage.world.phones.messagesTo(owner.phone)

const login = (owner: Owner, webhookId?: string) =>
  stage.world.exchange.login(
    { account_id: owner.id, session_id: 's_1' },
    webhookId === undefined ? {} : { webhookId },
  )

/** Everything that is due by now, and by the end of every lease, has been done. */
async function letTimePass(): Promise<void> {
  await stage.settle()
  await stage.setClock({ aheadMs: 45_000 })
  await stage.releaseNet()
  await stage.settle()
}

describe('the first round', () => {
  it('needs no queue', async () => {
    const owner = await importOwner(stage)
    await stage.setFaults({ alertsConsumer: true })
    expect((await login(owner)).status).toBe(202)
    await loginOnce(stage, owner, 'delivered')
    await stage.setFaults({ alerts: true, net: true })
    expect((await login(owner)).status).toBe(202)
    await loginOnce(stage, owner, 'delivered')
    expect(textsTo(owner)).toHaveLength(2)
  })

  it('asks D1 once before it calls the first provider', async () => {
    const owner = await importOwner(stage)
    // In this instant the isolate has read the board.
    await stage.setClock({ standsAt: Date.now() })
    await loginAndDeliver(stage, owner)
    await setModes('hang')
    await stage.readMeter()
    const called = callsTo(owner).length
    await login(owner)
    await eventually('the call', () => callsTo(owner).length > called)
    const answer = await controlWorker(stage.runtime, 'meter', {})
    expect(((await answer.json()) as Meter).d1Calls).toBe(1)
  })
})

describe('an isolate that dies in the first round', () => {
  it('leaves its alert to the net, once its lease has run out', async () => {
    const owner = await importOwner(stage)
    await setModes('hang')
    expect((await login(owner)).status).toBe(202)
    await eventually('the call', () => callsTo(owner).length === 1)
    await stage.killIsolate()
    await setModes('ok')
    await stage.releaseNet()
    await stage.settle()
    expect(textsTo(owner)).toEqual([])
    await letTimePass()
    await loginOnce(stage, owner, 'delivered')
    await letTimePass()
    expect(textsTo(owner)).toHaveLength(1)
  })

  it('and whose nudge was lost too, to the sweep', async () => {
    const owner = await importOwner(stage)
    await stage.setFaults({ net: true })
    await setModes('hang')
    await login(owner)
    await eventually('the call', () => callsTo(owner).length === 1)
    await stage.killIsolate()
    await setModes('ok')
    await stage.runtime.tick()
    await stage.settle()
    expect(textsTo(owner)).toEqual([])
    await stage.setClock({ aheadMs: 45_000 })
    await stage.runtime.tick()
    await loginOnce(stage, owner, 'delivered')
    expect(textsTo(owner)).toHaveLength(1)
  })
})

describe('a webhook that is repeated', () => {
  it('while its round is under way starts no second one', async () => {
    const owner = await importOwner(stage)
    await stage.world.carriers.twilio.setMode('slow')
    const first = await login(owner, 'msg_under_way')
    await eventually('the call', () => callsTo(owner).length === 1)
    const again = await login(owner, 'msg_under_way')
    expect(again.body).toEqual({ alert_id: Object(first.body).alert_id, duplicate: true })
    await loginOnce(stage, owner, 'delivered')
    await letTimePass()
    expect(callsTo(owner)).toHaveLength(1)
    expect(textsTo(owner)).toHaveLength(1)
  })

  it('a hundred times at once is told once', async () => {
    const owner = await importOwner(stage)
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => login(owner, 'msg_hundred')),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
    const first = answers.filter(({ body }) => !Object(body).duplicate)
    expect(first).toHaveLength(1)
    await loginOnce(stage, owner, 'delivered')
    await letTimePass()
    expect(callsTo(owner)).toHaveLength(1)
    expect(textsTo(owner)).toHaveLength(1)
  })
})

describe('what an account is known by', () => {
  it('is stored as whole days', async () => {
    const owner = await importOwner(stage)
    await loginAndDeliver(stage, owner)
    const row = await queryOne(
      stage,
      'SELECT marks FROM known_marks WHERE account_id = ?',
      owner.id,
    )
    expect(row?.marks).toMatch(/^\{("[dcn]:[\w-]+":\d{5},?){3}\}$/)
  })
})

describe('a login that D1 stores too late', () => {
  it('is taken over from the round that never was, and told once', async () => {
    const owner = await importOwner(stage)
    await stage.settle()
    await stage.setFaults({ database: 'silent', alertsConsumer: true })
    const answer = await login(owner)
    expect([answer.status, answer.body]).toMatchObject([202, { duplicate: false }])
    await stage.setFaults({ alertsConsumer: true })
    const stored = await eventually('the late batch', () =>
      queryOne(stage, 'SELECT state, claim FROM logins WHERE account_id = ?', owner.id),
    )
    expect(stored.state).toBe('sending')
    expect(callsTo(owner)).toEqual([])
    await stage.setFaults({})
    // At once, by the claim in the message: the clock has not moved past the lease.
    await loginOnce(stage, owner, 'delivered')
    const taken = await queryOne(stage, 'SELECT claim FROM logins WHERE account_id = ?', owner.id)
    expect(taken?.claim).not.toBe(stored.claim)
    await letTimePass()
    expect(textsTo(owner)).toHaveLength(1)
  })
})

describe('an outcome that D1 does not take', () => {
  it('is stored by the queue, and nothing is sent again', async () => {
    const owner = await importOwner(stage)
    await setModes('no-receipt')
    await stage.world.carriers.twilio.setMode('slow')
    await login(owner)
    await eventually('the call', () => callsTo(owner).length === 1)
    await stage.setFaults({ database: true })
    await eventually('its way into the queue', () =>
      stage.logs.some(
        (line) => line.includes('"kind":"outcome"') && line.includes('"queue":"alerts"'),
      ),
    )
    await stage.setFaults({})
    await eventually('the outcome', async () => {
      const { logins } = await readHistory(stage, owner)
      return logins[0]?.alert.attempts.length === 1
    })
    await letTimePass()
    expect(callsTo(owner)).toHaveLength(1)
    expect(textsTo(owner)).toHaveLength(1)
  })
})
