// The database: what an alert costs in it, and what still works while it is away.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { slotOf } from '../../src/lib/slot.ts'
import { decodeAttempts } from '../../src/login/attempt-codec.ts'
import { PER_ALERT } from '../../tools/capacity/counts.ts'
import {
  accountPath,
  countRows,
  execute,
  importOwner,
  linkIn,
  linksTold,
  loginAndDeliver,
  loginOnce,
  newOwner,
  type Owner,
  pathOf,
  problemOf,
  queryOne,
  readHistory,
  trustEveryProvider,
} from '../support/owner.ts'
import { enterPortal } from '../support/portal.ts'
import {
  acceptedLogin,
  deliverInOrder,
  postReceipt,
  receiptOf,
  storedState,
} from '../support/receipts.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { RECEIPTS, startTestStage } from '../support/test-stage.ts'

/** Behind the deadline of the call. */
const LATE_RECEIPTS = { ...RECEIPTS, sentMs: 2_000, deliveredMs: 2_020 }

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage({ settings: { SMS_ATTEMPT_TIMEOUT_MS: '1500' } })
})

afterAll(() => stage.close())

afterEach(async () => {
  await stage.setFaults({})
  await stage.setClock({})
  // Nobody remembers what D1 and the providers were like.
  await trustEveryProvider(stage)
})

const stateOf = (owner: Owner) => storedState(stage, owner)

/**
 * One login from webhook to both receipts, none of which overtakes our own note of the call, and what it cost. Waits
 * past the Worker, at no cost.
 */
async function measureAlert(owner: Owner) {
  const { twilio } = stage.world.carriers
  await twilio.setMode('no-receipt')
  // One that has not read the board yet: so each of these costs the same.
  await stage.newIsolate()
  await stage.readMeter()
  await deliverInOrder(stage, owner)
  return stage.readMeter()
}

/** As if everything of the account's were older than slots. */
async function takeSlot({ id }: Owner): Promise<void> {
  for (const table of SLOTTED) {
    await execute(stage, `UPDATE ${table} SET slot = -1 WHERE account_id = ?`, id)
  }
  await execute(stage, 'INSERT INTO slotless_accounts (account_id) VALUES (?)', id)
}

const SLOTTED = ['accounts', 'logins', 'known_marks', 'locks', 'callbacks']

/** In which slots the account's rows lie. */
async function slotsOf({ id }: Owner): Promise<readonly unknown[]> {
  const slots = SLOTTED.map(async (table) => {
    const sql = `SELECT group_concat(DISTINCT slot) AS slots FROM ${table} WHERE account_id = ?`
    return (await queryOne(stage, sql, id))?.slots
  })
  return Promise.all(slots)
}

describe('an account from before slots', () => {
  it('is told, locked and held the same before it is moved, and after', async () => {
    const owner = await importOwner(stage)
    await loginAndDeliver(stage, owner)
    await takeSlot(owner)
    const next = await loginAndDeliver(stage, owner)
    const link = pathOf(next.link)
    expect((await stage.runtime.fetch(link, { method: 'POST' })).status).toBe(200)
    expect(await slotsOf(owner)).toEqual(SLOTTED.map(() => '-1'))
    await stage.runtime.tick()
    const isThere = async () =>
      (await slotsOf(owner)).every((slot) => slot === String(slotOf(owner.id)))
    await eventually('the walk', isThere)
    // The same tap again is the same lock; the next login counts on.
    expect((await stage.runtime.fetch(link, { method: 'POST' })).status).toBe(200)
    await loginAndDeliver(stage, owner)
    const sql = `SELECT (SELECT count(*) FROM locks WHERE account_id = ?1) AS locks,
      (SELECT group_concat(alert_number ORDER BY seq) FROM logins WHERE account_id = ?1) AS numbers`
    expect(await queryOne(stage, sql, owner.id)).toEqual({ locks: 1, numbers: '1,2,3' })
    expect(await queryOne(stage, 'SELECT count(*) AS left FROM slotless_accounts')).toEqual({
      left: 0,
    })
  })
})

describe('a delivered alert', () => {
  it('writes at most eight rows, both receipts included, and sends one queue message', async () => {
    const owner = await importOwner(stage)
    // The first one's marks are new; those of the second are known, and its cost is without them.
    const [first, second] = [await measureAlert(owner), await measureAlert(owner)]
    expect([first.rowsWritten, second.rowsWritten]).toEqual([8, 7])
    expect([first.queueSends, second.queueSends]).toEqual([1, 1])
    await stage.readMeter()
    // Its look at a delivered alert costs a row read, and nothing more is sent.
    await stage.releaseNet()
    const net = await stage.readMeter()
    expect([net.rowsWritten, net.queueSends]).toEqual([0, 0])
    const row = await queryOne(
      stage,
      'SELECT attempts FROM logins WHERE account_id = ? ORDER BY seq DESC LIMIT 1',
      owner.id,
    )
    expect(decodeAttempts(String(row?.attempts))).toMatchObject([
      { sentAt: expect.any(Number), deliveredAt: expect.any(Number) },
    ])
  })

  it('costs what `npm run capacity` computes with', async () => {
    // Standing still, so that the board is read once, however slow the machine is.
    await stage.setClock({ standsAt: Date.now() })
    const cost = await measureAlert(await importOwner(stage))
    await stage.setClock({})
    const { rowsWritten, rowsRead, d1Calls, queueSends } = cost
    expect({ rowsWritten, queueMessages: queueSends }).toEqual({
      rowsWritten: PER_ALERT.rowsWritten,
      queueMessages: PER_ALERT.queueMessages,
    })
    expect(d1Calls).toBeLessThanOrEqual(PER_ALERT.d1Calls)
    expect(rowsRead).toBeLessThanOrEqual(PER_ALERT.rowsRead)
  })

  it('reads as many rows with five thousand logins behind it as with forty', async () => {
    const [few, many] = [await importOwner(stage), await importOwner(stage)]
    for (const [owner, count] of [
      [few, 40],
      [many, 5000],
    ] as const) {
      await loginAndDeliver(stage, owner)
      const columns = await queryOne(
        stage,
        `SELECT group_concat(name) AS names FROM pragma_table_info('logins')
          WHERE name NOT IN ('slot', 'account_id', 'seq', 'alert_id', 'session_id', 'alert_number', 'alert_count')`,
      )
      await execute(
        stage,
        `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO logins (slot, account_id, seq, alert_id, session_id, alert_number, alert_count, ${columns?.names})
         SELECT slot, account_id, i, alert_id || '-' || i, session_id || '-' || i, i, i, ${columns?.names}
         FROM logins, n WHERE account_id = ?`,
        ...[count, owner.id],
      )
      // Not a burst: the last ten minutes of one are looked at login by login.
      await execute(
        stage,
        'UPDATE logins SET received_at = received_at - 3600000 WHERE account_id = ?',
        owner.id,
      )
    }
    // Each in an isolate that has yet to read the board: it does so once a second.
    await stage.newIsolate()
    const afterFew = await measureAlert(few)
    await stage.newIsolate()
    const afterMany = await measureAlert(many)
    expect(afterMany.rowsRead).toBe(afterFew.rowsRead)
    expect(afterMany.rowsWritten).toBe(afterFew.rowsWritten)
  })

  it('that is repeated writes nothing', async () => {
    const owner = await importOwner(stage)
    const { exchange } = stage.world
    const fields = { account_id: owner.id, session_id: 's_again' }
    const options = { webhookId: 'msg_again' }
    await exchange.login(fields, options)
    await loginOnce(stage, owner, 'delivered')
    await stage.readMeter()
    const answer = await exchange.login(fields, options)
    expect(answer.body).toMatchObject({ duplicate: true })
    // Another alert goes through the queue behind the repetition: by then that has been looked at.
    const rowsOfAnother = (await measureAlert(await importOwner(stage))).rowsWritten
    expect(rowsOfAnother).toBeLessThanOrEqual(8)
    await stage.readMeter()
    await exchange.login(fields, options)
    const meter = await stage.readMeter()
    expect([meter.rowsWritten, meter.queueSends]).toEqual([0, 1])
  })

  it('is not written again by a receipt that says nothing new', async () => {
    const call = await acceptedLogin(stage, await importOwner(stage))
    expect(await postReceipt(receiptOf(stage, call, 'sent'))).toBe(204)
    expect(await postReceipt(receiptOf(stage, call, 'delivered'))).toBe(204)
    await stage.readMeter()
    expect(await postReceipt(receiptOf(stage, call, 'delivered'))).toBe(204)
    const meter = await stage.readMeter()
    expect(meter.rowsWritten).toBe(0)
  })
})

describe('while the database is away', () => {
  it('a login is accepted, and told once it is back', async () => {
    const owner = await importOwner(stage)
    await stage.setFaults({ database: true })
    const login = await stage.world.exchange.login({ account_id: owner.id })
    expect([login.status, login.body]).toEqual([
      202,
      { alert_id: expect.stringMatching(/^alr_/), duplicate: false },
    ])
    await stage.setFaults({})
    const stored = await loginOnce(stage, owner, 'delivered')
    expect(stored.alert_id).toBe(Object(login.body).alert_id)
    expect(linksTold(stage, owner)).toHaveLength(1)
  })

  it('a login that comes three times is told once', async () => {
    const owner = await importOwner(stage)
    const { exchange, phones } = stage.world
    await stage.setFaults({ database: true })
    const fields = { account_id: owner.id, session_id: 's_thrice' }
    const answers = []
    for (let time = 0; time < 3; time += 1) {
      answers.push(await exchange.login(fields, { webhookId: 'msg_thrice' }))
    }
    const ids = answers.map((answer) => Object(answer.body).alert_id)
    expect(new Set(ids).size).toBe(1)
    await stage.setFaults({})
    await loginOnce(stage, owner, 'delivered')
    // The last of the three may still be on its way through the queue. After a while D1 is trusted again.
    await stage.setClock({ aheadMs: 6_000 })
    const repeated = await exchange.login(fields, { webhookId: 'msg_thrice' })
    expect(repeated.body).toEqual({ alert_id: ids[0], duplicate: true })
    await loginAndDeliver(stage, owner)
    expect((await readHistory(stage, owner)).logins).toHaveLength(2)
    expect(phones.messagesTo(owner.phone)).toHaveLength(2)
  })

  it('the end of a session is accepted, and applied once it is back', async () => {
    const owner = newOwner()
    const { exchange } = stage.world
    const { sessionId } = await exchange.login({ account_id: owner.id })
    await stage.setFaults({ database: true })
    expect((await exchange.logout(owner.id, sessionId)).status).toBe(202)
    await stage.setFaults({})
    await eventually('the end', async () => {
      const { logins } = await readHistory(stage, owner)
      return logins[0]?.session.end === 'ended'
    })
  })

  it('and the queue too, the exchange is asked to repeat, and nothing is claimed', async () => {
    const owner = await importOwner(stage)
    const { exchange } = stage.world
    const before = await countRows(stage)
    await stage.setFaults({ database: true, alerts: true })
    const options = { webhookId: 'msg_repeat' }
    const refused = await exchange.login({ account_id: owner.id }, options)
    expect(problemOf(refused)).toEqual({ status: 503, code: 'unavailable', pointers: [] })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    await stage.setFaults({})
    expect(await countRows(stage)).toEqual(before)
    const again = await exchange.login({ account_id: owner.id }, options)
    expect([again.status, again.body]).toMatchObject([202, { duplicate: false }])
    await loginOnce(stage, owner, 'delivered')
  })

  it('the lock page opens as if nothing had happened', async () => {
    const { link } = await loginAndDeliver(stage, await importOwner(stage))
    await stage.setFaults({ database: true, alerts: true, callbacks: true })
    const page = await stage.runtime.fetch(pathOf(link))
    expect([page.status, await page.text()]).toEqual([
      200,
      expect.stringContaining('Lock my account'),
    ])
  })

  it('a lock is accepted, and carried out from the instant of the press', async () => {
    const owner = await importOwner(stage)
    const { link, sessionId } = await loginAndDeliver(stage, owner)
    await stage.setFaults({ database: true })
    const pressedFrom = Date.now()
    const page = await stage.runtime.fetch(pathOf(link), { method: 'POST' })
    const pressedTo = Date.now()
    expect([page.status, await page.text()]).toEqual([
      202,
      expect.stringContaining('<h1>Lock request received</h1>'),
    ])
    const state = await stage.runtime.fetch(`${pathOf(link)}/status`)
    expect([state.status, await state.text()]).toEqual([
      200,
      expect.stringContaining('<h1>This cannot be looked up now</h1>'),
    ])
    await stage.setFaults({})
    const { exchange } = stage.world
    const told = await exchange.waitForCallback(
      ({ event }) => event?.type === 'account.locked' && event.accountId === owner.id,
    )
    expect(told.event?.data).toMatchObject({ via: 'link', session_ids: [sessionId] })
    const lock = await queryOne(stage, 'SELECT * FROM locks WHERE account_id = ?', owner.id)
    expect(lock?.locked_at).toBeGreaterThanOrEqual(pressedFrom)
    expect(lock?.locked_at).toBeLessThanOrEqual(pressedTo)
    expect(lock?.hold_until).toBe(Number(lock?.locked_at) + 24 * 3_600_000)
  })

  it('B6 a lock from the owner’s pages is kept to be checked, one of a forged cookie refused', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    await portal.post('/portal/leave')
    await stage.setFaults({ database: true })
    const kept = await portal.post('/portal/lock')
    expect([kept.status, kept.text]).toEqual([
      202,
      expect.stringContaining('If your visit was still open, the lock will be requested then'),
    ])
    expect(kept.text).not.toMatch(/being carried out|Lock accepted/)
    const last = portal.cookie.at(-1) === 'A' ? 'B' : 'A'
    const cookie = portal.cookie.slice(0, -1) + last
    expect((await portal.post('/portal/lock', {}, { cookie })).status).toBe(401)
  })

  it('and hanging is answered 503 in time by whoever only asks: a withdrawal, a gateway, an owner', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    const { exchange } = stage.world
    await stage.setFaults({ database: 'hanging' })
    const [hold, introspection, page] = await Promise.all([
      exchange.api('GET', accountPath(owner, '/hold')),
      exchange.api('POST', '/v1/introspect', new URLSearchParams({ token: 's_1' })),
      portal.get('/portal'),
    ])
    expect([hold.status, introspection.status, page.status]).toEqual([503, 503, 503])
    expect(problemOf(hold)).toMatchObject({ code: 'unavailable' })
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('retry-after')).toBe('5')
    expect(page.text).toContain('nothing was changed')
    await stage.setFaults({})
    expect((await exchange.api('GET', accountPath(owner, '/hold'))).body).toMatchObject({
      held: false,
    })
  })

  it('and does not even answer, logins and locks are accepted all the same, once each', async () => {
    const owner = await importOwner(stage)
    const { link } = await loginAndDeliver(stage, owner)
    const { exchange, phones } = stage.world
    await stage.setFaults({ database: 'hanging' })
    const [login, page] = await Promise.all([
      exchange.login({ account_id: owner.id }),
      stage.runtime.fetch(pathOf(link), { method: 'POST' }),
    ])
    expect([login.status, page.status]).toEqual([202, 202])
    await stage.setFaults({})
    await eventually('the SMS', () => phones.messagesTo(owner.phone).length === 2)
    await exchange.waitForCallback(
      ({ event }) => event?.type === 'account.locked' && event.accountId === owner.id,
    )
    const { logins } = await readHistory(stage, owner)
    expect(logins.map(({ alert }) => alert.number)).toEqual([2, 1])
    const rows = await queryOne(
      stage,
      'SELECT count(*) AS locks FROM locks WHERE account_id = ?',
      owner.id,
    )
    expect(rows).toEqual({ locks: 1 })
  })

  it('a lock pressed twice is carried out once', async () => {
    const owner = await importOwner(stage)
    const { link } = await loginAndDeliver(stage, owner)
    await stage.setFaults({ database: true })
    for (let tap = 0; tap < 2; tap += 1) await stage.runtime.fetch(pathOf(link), { method: 'POST' })
    await stage.setFaults({})
    const { exchange } = stage.world
    await exchange.waitForCallback(({ event }) => event?.accountId === owner.id)
    const lock = await queryOne(stage, 'SELECT * FROM locks WHERE account_id = ?', owner.id)
    await eventually('both jobs', () => {
      const used = stage.logs.filter((line) => line.includes(`"lock_id":"${lock?.lock_id}"`))
      return used.length >= 2
    })
    const rows = await queryOne(
      stage,
      `SELECT (SELECT count(*) FROM locks WHERE account_id = ?1) AS locks,
        (SELECT count(*) FROM callbacks WHERE account_id = ?1) AS callbacks`,
      owner.id,
    )
    expect(rows).toEqual({ locks: 1, callbacks: 1 })
  })

  it('a session that began before a lock is ended by it, though it is stored after', async () => {
    const owner = await importOwner(stage)
    const { link } = await loginAndDeliver(stage, owner)
    const { exchange } = stage.world
    await stage.setFaults({ database: true })
    const deferred = await exchange.login({ account_id: owner.id })
    await stage.setFaults({})
    const page = await stage.runtime.fetch(pathOf(link), { method: 'POST' })
    expect(page.status).toBe(200)
    await eventually('the deferred login', async () => {
      const { logins } = await readHistory(stage, owner)
      return logins[0]?.session_id === deferred.sessionId
    })
    const token = new URLSearchParams({ token: deferred.sessionId })
    const answer = await exchange.api('POST', '/v1/introspect', token)
    expect(answer.body).toEqual({ active: false })
  })

  it('and the queue too, the owner is told that nothing is locked, with the button again', async () => {
    const { link } = await loginAndDeliver(stage, await importOwner(stage))
    await stage.setFaults({ database: true, callbacks: true })
    const page = await stage.runtime.fetch(pathOf(link), { method: 'POST' })
    const html = await page.text()
    expect(page.status).toBe(503)
    expect(page.headers.get('retry-after')).toBe('2')
    expect(html).toContain('Nothing has been locked yet.')
    expect(html).toContain('<form method="post">')
  })

  it.each([
    ['GET', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['GET', '/logins'],
    ['GET', '/sessions'],
    ['DELETE', '/sessions/s_1'],
    ['GET', '/hold'],
    ['DELETE', '/hold?reason=x'],
  ])('the REST API says so: %s /v1/accounts/{id}%s', async (method, below) => {
    await stage.setFaults({ database: true })
    const body = method === 'PUT' ? { alerts: 'all' } : undefined
    const answer = await stage.world.exchange.api(method, accountPath(newOwner(), below), body)
    expect(problemOf(answer)).toEqual({ status: 503, code: 'unavailable', pointers: [] })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  })

  it('B6 a lock by the API is kept, claims no hold, and is carried out', async () => {
    const owner = newOwner()
    await stage.setFaults({ database: true })
    const answer = await stage.world.exchange.api('POST', accountPath(owner, '/lock'))
    await stage.setFaults({})
    expect([answer.status, Object.keys(Object(answer.body))]).toEqual([202, ['lock_id']])
    const hold = async () =>
      (await stage.world.exchange.api('GET', accountPath(owner, '/hold'))).body
    await expect
      .poll(hold, { timeout: 30_000 })
      .toMatchObject({ held: true, ...Object(answer.body) })
  })

  it('introspection answers that it cannot tell, rather than that a session is dead', async () => {
    await stage.setFaults({ database: true })
    const token = new URLSearchParams({ token: 's_1' })
    const answer = await stage.world.exchange.api('POST', '/v1/introspect', token)
    expect(problemOf(answer)).toEqual({ status: 503, code: 'unavailable', pointers: [] })
  })

  it('a receipt is refused, so that the provider repeats it', async () => {
    const owner = await importOwner(stage)
    const call = await acceptedLogin(stage, owner)
    const receipt = receiptOf(stage, call, 'delivered')
    await stage.setFaults({ database: true })
    expect(await postReceipt(receipt)).toBe(503)
    await stage.setFaults({})
    expect(await stateOf(owner)).toBe('accepted')
    expect(await postReceipt(receipt)).toBe(204)
    expect(await stateOf(owner)).toBe('delivered')
  })

  it('events go straight into the queue for some seconds, and into it again after that', async () => {
    const owner = await importOwner(stage)
    await stage.settle()
    await stage.newIsolate()
    const at = Date.now()
    await stage.setClock({ standsAt: at })
    await stage.setFaults({ database: true, alertsConsumer: true })
    await stage.world.exchange.login({ account_id: owner.id })
    await stage.setFaults({ alertsConsumer: true })
    await stage.setClock({ standsAt: at + 4_999 })
    const straight = await stage.world.exchange.login({ account_id: owner.id })
    await stage.settle()
    expect(await stateOf(owner)).toBe(undefined)
    await stage.setClock({ standsAt: at + 5_000 })
    const stored = await stage.world.exchange.login({ account_id: owner.id })
    expect([straight.status, stored.status]).toEqual([202, 202])
    await eventually('the last login alone', async () => (await stateOf(owner)) === 'delivered')
    expect((await readHistory(stage, owner)).logins).toHaveLength(1)
    await stage.setFaults({})
    await eventually('all logins', async () => {
      const { logins } = await readHistory(stage, owner)
      return logins.length === 3 && logins.every(({ alert }) => alert.state === 'delivered')
    })
    expect(stage.world.phones.messagesTo(owner.phone)).toHaveLength(3)
  })

  describe('an alert already claimed, whose outcome neither D1 nor the queue takes', () => {
    /** Its SMS has gone out, its row says no more than that somebody is at it. */
    async function claimedAlert() {
      const owner = await importOwner(stage)
      const { twilio, infobip, vonage } = stage.world.carriers
      await stage.newIsolate()
      // Neither a receipt nor the end of the round comes before D1 is away.
      await twilio.setMode('hang-after-accept', { receipts: LATE_RECEIPTS })
      await Promise.all([infobip.setMode('hang'), vonage.setMode('hang')])
      await stage.world.exchange.login({ account_id: owner.id })
      const call = await twilio.calls.waitFor((one) => one.to === owner.phone && one.wentOut)
      await stage.setFaults({ database: true, alerts: true })
      await twilio.setMode('ok', { receipts: RECEIPTS })
      await Promise.all([infobip.setMode('ok'), vonage.setMode('ok')])
      // The round comes to its end, and the receipts of both carriers are refused until they give up.
      await stage.settle()
      await stage.setFaults({})
      expect(await stateOf(owner)).toBe('sending')
      return { owner, call }
    }

    it('is completed by a receipt', async () => {
      const { owner, call } = await claimedAlert()
      expect(await postReceipt(receiptOf(stage, call, 'delivered'))).toBe(204)
      await loginOnce(stage, owner, 'delivered')
    })

    it('is sent again once its lease has run out', async () => {
      const { owner } = await claimedAlert()
      await stage.setClock({ aheadMs: 60_000 })
      await stage.runtime.tick()
      await loginOnce(stage, owner, 'delivered')
      const links = stage.world.phones.messagesTo(owner.phone).map(({ text }) => linkIn(text))
      expect(links.length).toBeGreaterThan(1)
      expect(new Set(links).size).toBe(1)
    })
  })
})
