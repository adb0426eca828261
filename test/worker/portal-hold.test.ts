// The hold as its owner sees it: locked from the portal, confirmed, receipt checked by somebody else, lifted by
// the exchange alone.

import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importOwner } from '../support/owner.ts'
import { enterPortal } from '../support/portal.ts'
import { runSql } from '../support/sql.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

let stage: Stage

beforeAll(async () => {
  // Owners of a test are in their first day, in which no login holds.
  stage = await startTestStage({ settings: { COOLING_OFF_HOURS: '12' } })
})

afterAll(() => stage.close())

const PATH = '/portal/hold'

describe('B11 the page of sessions', () => {
  it('says "Signed out, confirmed" also after the hold was lifted, and after a lock that nobody has confirmed', async () => {
    const owner = await importOwner(stage)
    const { exchange } = stage.world
    await exchange.login({ account_id: owner.id })
    const portal = await enterPortal(stage, owner)
    await portal.post('/portal/lock')
    const shown = async () => (await portal.get('/portal/sessions')).text
    await eventually('the confirmation', async () =>
      (await shown()).includes('Signed out, confirmed'),
    )
    await exchange.api('DELETE', `/v1/accounts/${owner.id}/hold`, { reason: 'owner called' })
    expect(await shown()).toContain('Signed out, confirmed')
    await exchange.setCallbackMode('500')
    await portal.post('/portal/lock')
    const text = await shown()
    await exchange.setCallbackMode('ok')
    expect(text).toContain('Signed out, confirmed')
    expect(text).not.toContain('Sign-out requested')
  })
})

describe('the hold page', () => {
  it('says that nothing is held', async () => {
    const portal = await enterPortal(stage, await importOwner(stage))
    expect((await portal.get(PATH)).text).toContain('Nothing is on hold')
    expect((await portal.get(`${PATH}/receipt`)).status).toBe(404)
  })

  it('shows a lock from the portal, until when, and that the exchange confirmed', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    const locked = await portal.post('/portal/lock')
    expect([locked.status, locked.location]).toEqual([303, PATH])
    const page = await eventually('the confirmation', async () => {
      const { text } = await portal.get(PATH)
      return text.includes('Confirmed by the exchange:') && text
    })
    expect(page).toMatch(/24 h 0 min left|23 h \d+ min left/)
    expect(page).toContain('Only Demo Exchange can lift the hold')
    expect((await portal.get('/portal')).text).toContain('Withdrawals are on hold')
  })

  it('has a receipt that anybody can check with our public key', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    await portal.post('/portal/lock')
    const receipt = await portal.get(`${PATH}/receipt`)
    const { origin } = stage.runtime
    const jwks = createRemoteJWKSet(new URL(`${origin}/.well-known/jwks.json`))
    const { payload } = await jwtVerify(receipt.text, jwks, {
      issuer: origin,
      subject: owner.id,
      typ: 'lock-receipt+jwt',
    })
    const hold = await stage.world.exchange.api('GET', `/v1/accounts/${owner.id}/hold`)
    expect(hold.body).toMatchObject({ lock_id: payload.jti, until: payload.hold_until })
    const forged = receipt.text.replace(/[^.](?=[^.]*$)/, (letter) => (letter === 'A' ? 'B' : 'A'))
    await expect(jwtVerify(forged, jwks)).rejects.toThrow('signature verification failed')
  })

  it('offers no way to lift, and a lift by the exchange is told by SMS', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    await portal.post('/portal/lock')
    expect((await portal.post(PATH, { reason: 'x' })).status).toBe(405)
    const path = `/v1/accounts/${owner.id}/hold`
    await stage.world.exchange.api('DELETE', path, { reason: 'owner called' })
    const message = await eventually('the SMS', () => stage.world.phones.messagesTo(owner.phone)[0])
    expect(message.text).toContain('was lifted')
    expect((await portal.get(PATH)).text).toContain('Nothing is on hold')
  })

  it('plans a hold that is asked for twice, told to the exchange and by SMS, and ended by nobody', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    const hold = () => stage.world.exchange.api('GET', `/v1/accounts/${owner.id}/hold`)
    const plan = `${PATH}/plan`
    expect((await portal.get(PATH)).text).toContain('Plan a hold on withdrawals')
    const asked = await portal.post(plan, { days: '3' })
    expect([asked.status, asked.text.includes('This cannot be undone')]).toEqual([200, true])
    for (const days of ['0', '8', '1.5', '']) {
      expect((await portal.post(plan, { days, sure: 'yes' })).location).toBe(PATH)
    }
    expect((await hold()).body).toMatchObject({ held: false })
    expect((await portal.post(plan, { days: '3', sure: 'yes' })).status).toBe(303)
    const { body } = await hold()
    expect(body).toMatchObject({ held: true, reason: 'planned', lock_id: null, known: true })
    // Pressed again, it is not made longer.
    await portal.post(plan, { days: '7', sure: 'yes' })
    expect((await hold()).body).toEqual(body)
    const message = await eventually('the SMS', () => stage.world.phones.messagesTo(owner.phone)[0])
    expect(message.text).toContain('Nobody can end this early')
    const { text } = await portal.get(PATH)
    expect(text).toContain('You planned this')
    expect(text).not.toContain('Plan a hold')
    const lift = { reason: 'owner called' }
    const path = `/v1/accounts/${owner.id}/hold`
    const refused = await stage.world.exchange.api('DELETE', path, lift)
    expect([refused.status, refused.body]).toEqual([
      409,
      expect.objectContaining({ code: 'hold_planned' }),
    ])
    expect((await hold()).body).toEqual(body)
    const told = await eventually('the callback', () =>
      stage.world.exchange.callbacks
        .entries()
        .find(({ event }) => event?.type === 'hold.started' && event.accountId === owner.id),
    )
    expect(told.event?.data).toMatchObject({ reason: 'planned', cause: 'owner', alert_id: null })
  })

  it('tells why a login that is not recognised holds, which the exchange may end', async () => {
    const owner = await importOwner(stage)
    const { exchange, phones } = stage.world
    const sql = 'UPDATE accounts SET created_at = created_at - 172800000 WHERE account_id = ?'
    await runSql(stage.runtime, [{ sql, values: [owner.id] }])
    const path = `/v1/accounts/${owner.id}/hold`
    await exchange.login({ account_id: owner.id })
    const { body } = await exchange.api('GET', path)
    expect(body).toMatchObject({ held: true, reason: 'cooling_off', lock_id: null, known: true })
    const message = await eventually('the SMS', () => phones.messagesTo(owner.phone)[0])
    expect(message.text).toContain('Withdrawals wait until')
    const find = (type: string) =>
      exchange.callbacks
        .entries()
        .find(({ event }) => event?.type === type && event.accountId === owner.id)
    const started = await eventually('the callback', () => find('hold.started'))
    expect(started.event?.data).toMatchObject({
      ...{ hold_id: Object(body).hold_id, until: Object(body).until },
      ...{ reason: 'cooling_off', cause: 'device country network' },
    })
    const portal = await enterPortal(stage, owner)
    expect((await portal.get(PATH)).text).toContain('A login was not recognised')
    expect((await portal.get('/portal')).text).toContain('Withdrawals are on hold')
    const lifted = await exchange.api('DELETE', path, { reason: 'owner called' })
    expect(lifted.body).toMatchObject({ held: false, reason: null, hold_id: null })
    const told = await eventually('the callback', () => find('hold.lifted'))
    expect(told.event?.data).toMatchObject({
      ...{ hold_id: Object(body).hold_id, lock_id: null, hold_reason: 'cooling_off' },
    })
    // Lifting is the exchange's word, not the owner's: the device stays unknown.
    await exchange.login({ account_id: owner.id })
    expect((await exchange.api('GET', path)).body).toMatchObject({ reason: 'cooling_off' })
  })
})
