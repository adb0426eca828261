// Preferences through the real Worker: what is saved, what is refused, and that switching alerts off takes
// the owner's authenticator and is told.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountPath, importOwner, loginAndDeliver, type Owner } from '../support/owner.ts'
import { enterPortal, proofCodeSentTo } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { TOTP_SECRET, totpNow, wrongCode } from '../support/totp.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

const PATH = '/portal/settings'

async function accountOf(owner: Owner) {
  const { body } = await stage.world.exchange.api('GET', accountPath(owner))
  return body
}

describe('preferences', () => {
  it('are saved: alerts, language and phrase', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    const fields = { alerts: 'unusual', language: 'de', phrase: 'blue tram 7' }
    const saved = await portal.post(PATH, { ...fields, totp: totpNow() })
    expect([saved.status, saved.location]).toEqual([303, `${PATH}?done=saved`])
    expect(await accountOf(owner)).toMatchObject({
      alerts: 'unusual',
      locale: 'de',
      has_phrase: true,
    })
    const page = await portal.get(PATH)
    expect(page.text).toContain('value="blue tram 7"')
    expect(page.text).toContain('<html lang="de"')
  })

  it('put the phrase into the next SMS', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    await portal.post(PATH, { alerts: 'all', language: '', phrase: 'blue tram 7' })
    await stage.world.exchange.login({ account_id: owner.id })
    const message = await eventually('the SMS', () => stage.world.phones.messagesTo(owner.phone)[0])
    expect(message.text).toContain('blue tram 7')
  })

  it('C10 show the phrase on the page of a lock, to whoever pressed the button and nobody else', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    await portal.post(PATH, { alerts: 'all', language: '', phrase: 'blue tram 7' })
    const { link } = await loginAndDeliver(stage, owner)
    expect(await (await fetch(`${link}/status`)).text()).not.toContain('blue tram 7')
    await fetch(link, { method: 'POST' })
    const page = await fetch(`${link}/status`)
    expect(await page.text()).toContain('Your phrase: blue tram 7')
  })

  it('keep a locale that says more than the language chosen', async () => {
    const owner = await importOwner(stage, { locale: 'de-CH' })
    const portal = await enterPortal(stage, owner)
    await portal.post(PATH, { alerts: 'all', language: 'de', phrase: '' })
    expect(await accountOf(owner)).toMatchObject({ locale: 'de-CH' })
  })

  it.each(['naïve', '"quoted”', 'x'.repeat(25), '你好'])(
    'refuse the phrase %j, and keep it typed',
    async (phrase) => {
      const owner = await importOwner(stage)
      const portal = await enterPortal(stage, owner)
      const refused = await portal.post(PATH, { alerts: 'all', language: '', phrase })
      expect(refused.status).toBe(422)
      expect(await accountOf(owner)).toMatchObject({ has_phrase: false })
    },
  )

  it('show a phrase with markup as text', async () => {
    const portal = await enterPortal(stage, await importOwner(stage))
    await portal.post(PATH, { alerts: 'all', language: '', phrase: '<b>x' })
    expect((await portal.get(PATH)).text).toContain('value="&lt;b&gt;x"')
  })

  it('change nothing for values the page does not offer', async () => {
    const owner = await importOwner(stage, { alerts: 'unusual' })
    const portal = await enterPortal(stage, owner)
    await portal.post(PATH, { alerts: 'none', language: 'xx', phrase: '' })
    expect(await accountOf(owner)).toMatchObject({ alerts: 'unusual', locale: null })
  })
})

describe('switching alerts off', () => {
  const off = { alerts: 'off', language: '', phrase: '' }

  it('asks for a code first, and takes it once', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner, ['otp'])
    const asked = await portal.post(PATH, off)
    expect(asked.status).toBe(422)
    expect(asked.text).toContain('name="totp"')
    expect(await accountOf(owner)).toMatchObject({ alerts: 'all' })

    const code = totpNow()
    expect((await portal.post(PATH, { ...off, totp: code })).status).toBe(303)
    expect(await accountOf(owner)).toMatchObject({ alerts: 'off' })
    await portal.post(PATH, { ...off, alerts: 'all' })
    expect((await portal.post(PATH, { ...off, totp: code })).text).toContain('was used before')
    expect(await accountOf(owner)).toMatchObject({ alerts: 'all' })
  })

  it('is told by SMS', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    await portal.post(PATH, { ...off, totp: totpNow() })
    const message = await eventually('the SMS', () => stage.world.phones.messagesTo(owner.phone)[0])
    expect(message.text).toContain('login alerts were switched off')
  })

  it('is impossible with a wrong code, and guessing ends', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    const statuses: number[] = []
    for (let tries = 0; tries < 6; tries += 1) {
      statuses.push((await portal.post(PATH, { ...off, totp: wrongCode() })).status)
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429])
    expect((await portal.post(PATH, { ...off, totp: totpNow() })).status).toBe(429)
    expect(await accountOf(owner)).toMatchObject({ alerts: 'all' })
  })

  it('takes a code to the number where no authenticator is set up, and takes it once', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner, ['otp'])
    const asked = await portal.post(PATH, off)
    expect(asked.status).toBe(422)
    expect(asked.text).toContain('name="sms_code"')
    const code = await proofCodeSentTo(stage, owner.phone)
    const wrong = code === '000000' ? '000001' : '000000'
    expect((await portal.post(PATH, { ...off, sms_code: wrong })).text).toContain('Tries left: 4')
    expect(await accountOf(owner)).toMatchObject({ alerts: 'all' })
    expect((await portal.post(PATH, { ...off, sms_code: code })).status).toBe(303)
    expect(await accountOf(owner)).toMatchObject({ alerts: 'off' })
    await portal.post(PATH, { ...off, alerts: 'all' })
    expect((await portal.post(PATH, { ...off, sms_code: code })).status).toBe(422)
    expect(await accountOf(owner)).toMatchObject({ alerts: 'all' })
  })

  it('sends no second code before its time, and none of them binds a number', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    await portal.post(PATH, off)
    await portal.post(PATH, off)
    const code = await proofCodeSentTo(stage, owner.phone)
    await stage.settle()
    expect(stage.world.phones.messagesTo(owner.phone)).toHaveLength(1)
    expect((await portal.post('/portal/number/code', { code })).status).toBe(422)
    expect((await portal.get('/portal/number')).text).not.toContain('Type the code')
  })
})
