// "It was me", black box: a login is confirmed with a passkey of its owner and with nothing else, told to the
// exchange once, and no hold is touched by it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accountPath,
  execute,
  importOwner,
  linkIn,
  loggedLine,
  newOwner,
  type Owner,
  queryOne,
} from '../support/owner.ts'
import { createPasskeyDevice } from '../support/passkey-device.ts'
import {
  addPasskey,
  confirmWith,
  GARBAGE,
  LIES,
  openConfirm,
  postConfirm,
  readAsked,
} from '../support/passkeys.ts'
import { enterPortal } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

let stage: Stage
let origin: string

beforeAll(async () => {
  stage = await startTestStage({ hasName: true })
  origin = `http://localhost:${new URL(stage.runtime.origin).port}`
})

afterAll(() => stage.close())

const newDevice = (credentialId?: string) => createPasskeyDevice(origin, credentialId)

/** Logs in and takes the link out of the SMS, delivered or not. */
async function logIn(owner: Owner, at = Date.now()) {
  const { exchange, phones } = stage.world
  const before = phones.messagesTo(owner.phone).length
  const { sessionId } = await exchange.login({ account_id: owner.id }, { at })
  const { text } = await eventually('the SMS', () => phones.messagesTo(owner.phone)[before])
  return { sessionId, link: linkIn(text) }
}

/** An owner with a passkey, warned of a login. */
async function warned() {
  const owner = newOwner()
  const device = newDevice()
  await addPasskey(await enterPortal(stage, owner, ['otp']), device)
  // The number comes after the passkey, which is therefore not told by an SMS of its own.
  await stage.world.exchange.api('PUT', accountPath(owner), { phone: owner.phone })
  const { link, sessionId } = await logIn(owner)
  return { owner, device, link, sessionId }
}

const toldOf = (owner: Owner) =>
  stage.world.exchange.callbacks
    .entries()
    .filter(({ event }) => event?.accountId === owner.id && event.type === 'session.confirmed')

async function confirmedAt({ id }: Owner) {
  const sql = 'SELECT confirmed_at FROM logins WHERE account_id = ? ORDER BY seq DESC LIMIT 1'
  return (await queryOne(stage, sql, id))?.confirmed_at ?? null
}

describe('"it was me"', () => {
  it('is told to the exchange once, however often it is said', async () => {
    const { owner, device, link, sessionId } = await warned()
    expect((await confirmWith(link, device)).status).toBe(200)
    const told = await eventually('the callback', () => toldOf(owner)[0])
    const { alert_id } =
      (await queryOne(stage, 'SELECT alert_id FROM logins WHERE account_id = ?', owner.id)) ?? {}
    expect(told.event?.data).toEqual({
      account_id: owner.id,
      session_id: sessionId,
      alert_id,
      confirmed_at: new Date(Number(await confirmedAt(owner))).toISOString(),
      via: 'passkey',
    })
    const again = await postConfirm(link, { challenge: '', credential: '' })
    expect(again.text).toContain('We are telling Demo Exchange that it was you')
    expect((await openConfirm(link)).text).toContain('We are telling Demo Exchange that it was you')
    await stage.settle()
    expect(toldOf(owner)).toHaveLength(1)
  })

  it('is written down once when said ten times at the same moment', async () => {
    const { owner, device, link } = await warned()
    const { challenge, sealed } = readAsked((await openConfirm(link)).text)
    const fields = { challenge: sealed, credential: device.assert({ challenge }) }
    const answers = await Promise.all(Array.from({ length: 10 }, () => postConfirm(link, fields)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const sql =
      "SELECT count(*) AS count FROM callbacks WHERE account_id = ? AND type = 'session.confirmed'"
    expect((await queryOne(stage, sql, owner.id))?.count).toBe(1)
  })

  it('is not believed without a passkey: the link alone can only lock', async () => {
    const { owner, link } = await warned()
    const { sealed } = readAsked((await openConfirm(link)).text)
    for (const [, credential] of GARBAGE) {
      expect((await postConfirm(link, { challenge: sealed, credential })).status).toBe(422)
    }
    expect(await confirmedAt(owner)).toBeNull()
  })

  it.each(LIES)('is not believed with %s', async (_, lie) => {
    const { owner, device, link } = await warned()
    expect((await confirmWith(link, device, lie)).status).toBe(422)
    expect(await confirmedAt(owner)).toBeNull()
  })

  it('is not believed from another account, nor from a device that takes another’s name', async () => {
    const { owner, device, link } = await warned()
    const other = await warned()
    expect((await confirmWith(link, other.device)).status).toBe(422)
    expect((await confirmWith(link, newDevice(device.credentialId))).status).toBe(422)
    expect(await confirmedAt(owner)).toBeNull()
  })

  it('is not believed with the challenge of another alert', async () => {
    const { owner, device, link } = await warned()
    const next = await logIn(owner)
    const { challenge, sealed } = readAsked((await openConfirm(link)).text)
    const fields = { challenge: sealed, credential: device.assert({ challenge }) }
    expect((await postConfirm(next.link, fields)).status).toBe(422)
    expect(await confirmedAt(owner)).toBeNull()
  })

  it('is not believed from a copy, whose counter stands behind, and that is logged', async () => {
    const { owner, device, link } = await warned()
    await execute(stage, 'UPDATE passkeys SET sign_count = 9 WHERE account_id = ?', owner.id)
    expect((await confirmWith(link, device, { counter: 8 })).status).toBe(422)
    expect(await confirmedAt(owner)).toBeNull()
    const line = await loggedLine(stage, new RegExp(`"account_id":"${owner.id}","reason"`))
    expect(line).toContain('"reason":"counter"')
    expect((await confirmWith(link, device, { counter: 10 })).status).toBe(200)
    const sql = 'SELECT sign_count FROM passkeys WHERE account_id = ?'
    expect((await queryOne(stage, sql, owner.id))?.sign_count).toBe(10)
  })

  it('says nothing against a lock: the hold stands as it was', async () => {
    const { owner, device, link } = await warned()
    const { challenge, sealed } = readAsked((await openConfirm(link)).text)
    await fetch(link, { method: 'POST' })
    const hold = () => stage.world.exchange.api('GET', `/v1/accounts/${owner.id}/hold`)
    const before = (await hold()).body
    const fields = { challenge: sealed, credential: device.assert({ challenge }) }
    expect((await postConfirm(link, fields)).status).toBe(409)
    expect((await openConfirm(link)).status).toBe(409)
    expect((await hold()).body).toEqual(before)
    expect(await confirmedAt(owner)).toBeNull()
    await stage.settle()
    expect(toldOf(owner)).toHaveLength(0)
  })

  it.each([
    ['has ended', 'this session has ended, or its end was requested'],
    ['came during a hold', 'Nothing can be confirmed while withdrawals are on hold'],
  ])('B12 is answered before anything is pressed where the session %s', async (what, words) => {
    const { owner, link } = await warned()
    await stage.world.exchange.api('POST', accountPath(owner, '/lock'), {})
    // Beyond what the clocks of two machines may differ by.
    await stage.setClock({ aheadMs: 6_000 })
    const shown = what === 'has ended' ? link : (await logIn(owner, Date.now() + 6_000)).link
    const page = await openConfirm(shown)
    await stage.setClock({})
    expect(page.status).toBe(409)
    expect(page.text).toContain(words)
    expect(page.text).not.toContain('try again')
  })

  it('comes too late once the session has ended', async () => {
    const { owner, device, link, sessionId } = await warned()
    const { challenge, sealed } = readAsked((await openConfirm(link)).text)
    await stage.world.exchange.logout(owner.id, sessionId)
    const fields = { challenge: sealed, credential: device.assert({ challenge }) }
    expect((await postConfirm(link, fields)).status).toBe(409)
    expect(await confirmedAt(owner)).toBeNull()
  })

  it('has a page that says so where there is no passkey', async () => {
    const owner = await importOwner(stage)
    const { link } = await logIn(owner)
    const { text } = await openConfirm(link)
    expect(text).toContain('This account has no passkey')
    expect(text).toContain(`href="${new URL(link).pathname}"`)
    expect(text).not.toContain('<script')
  })

  it('is tried twenty times an hour', async () => {
    const { link, device } = await warned()
    const tries = Array.from({ length: 20 }, () => postConfirm(link, {}))
    expect(new Set((await Promise.all(tries)).map(({ status }) => status))).toEqual(new Set([422]))
    expect((await confirmWith(link, device)).status).toBe(429)
  })

  it('is taken from our own page only, by GET and POST only, behind a genuine link', async () => {
    const { owner, link } = await warned()
    expect((await postConfirm(link, {}, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await fetch(`${link}/confirm`, { method: 'PUT' })).status).toBe(405)
    const forged = link.replace(/\.([^.])/, (_, first) => (first === 'A' ? '.B' : '.A'))
    expect((await openConfirm(forged)).status).toBe(404)
    expect((await postConfirm(forged, {})).status).toBe(404)
    expect(await confirmedAt(owner)).toBeNull()
  })

  it('shows the way to the lock even when the database is away', async () => {
    const { link } = await warned()
    await stage.setFaults({ database: true })
    const { status, text } = await openConfirm(link)
    await stage.setFaults({})
    expect(status).toBe(503)
    expect(text).toContain(`href="${new URL(link).pathname}"`)
  })
})
