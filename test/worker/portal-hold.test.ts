// The hold as its owner sees it: locked from the portal, confirmed, receipt checked by somebody else, lifted by
// the exchange alone.

import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importOwner } from '../support/owner.ts'
import { enterPortal } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
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
})
