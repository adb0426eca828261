// The test alert: real route, marked TEST, measured, and a link that locks nothing.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execute, importOwner, linkIn, newOwner } from '../support/owner.ts'
import { enterPortal } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage({ settings: { SMS_ATTEMPT_TIMEOUT_MS: '1500' } })
})

afterAll(() => stage.close())

const PATH = '/portal/drill'

describe('a test alert', () => {
  it('comes as an SMS marked TEST, and its times are shown from evidence', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    expect((await portal.post(PATH)).status).toBe(303)
    const message = await eventually('the SMS', () => stage.world.phones.messagesTo(owner.phone)[0])
    expect(message.text).toMatch(/^TEST /)
    // The receipt may overtake our own note of the call.
    const page = await eventually('receipt and answer', async () => {
      const { text } = await portal.get(PATH)
      return text.includes('Delivered after') && text.includes('accepted it after') && text
    })
    expect(page).toMatch(/accepted it after \d+\.\d s/)
    expect(page).not.toContain('http-equiv="refresh"')
  })

  it('goes through the next provider when the first one hangs', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    await stage.world.carriers.twilio.setMode('hang')
    await portal.post(PATH)
    const message = await eventually('the SMS', () => stage.world.phones.messagesTo(owner.phone)[0])
    await stage.world.carriers.twilio.setMode('ok')
    expect(message.provider).not.toBe('twilio')
  })

  it('has a link behind which a press locks nothing', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    await portal.post(PATH)
    const message = await eventually('the SMS', () => stage.world.phones.messagesTo(owner.phone)[0])
    const link = linkIn(message.text)
    expect(await (await fetch(link)).text()).toContain('This is a drill')
    const pressed = await fetch(link, { method: 'POST' })
    expect(await pressed.text()).toContain('nothing was locked')
    const hold = await stage.world.exchange.api('GET', `/v1/accounts/${owner.id}/hold`)
    expect(hold.body).toMatchObject({ held: false })
  })

  it('A13 is not sent after STOP, and the overview says that nothing is, and how to undo it', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    const stop = "UPDATE accounts SET phone_state = 'opted_out' WHERE account_id = ?"
    await execute(stage, stop, owner.id)
    const refused = await portal.post(PATH)
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('Reply START')])
    const overview = (await portal.get('/portal')).text
    expect(overview).toContain('Reply START')
    expect(overview).not.toContain('lerts go to')
    expect(overview).toContain('href="/portal/authenticator"')
    await stage.settle()
    expect(stage.world.phones.messagesTo(owner.phone)).toEqual([])
  })

  it('is limited: each costs as much as an alert', async () => {
    const portal = await enterPortal(stage, await importOwner(stage))
    const statuses: number[] = []
    for (let tries = 0; tries < 6; tries += 1) statuses.push((await portal.post(PATH)).status)
    expect(statuses).toEqual([303, 303, 303, 303, 303, 429])
  })

  it('needs a number', async () => {
    const portal = await enterPortal(stage, newOwner())
    expect((await portal.get(PATH)).text).toContain('Link a number first')
  })
})
