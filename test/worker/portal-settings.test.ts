// Preferences through the real Worker: what is saved, what is refused, and that switching alerts off takes
// the owner's authenticator and is told.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accountPath,
  importOwner,
  loginAndDeliver,
  newOwner,
  type Owner,
} from '../support/owner.ts'
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
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    const fields = { alerts: 'all', language: '', phrase: 'blue tram 7', totp: totpNow() }
    await portal.post(PATH, fields)
    await stage.world.exchange.login({ account_id: owner.id })
    const message = await eventually('the SMS', () =>
      stage.world.phones.messagesTo(owner.phone).find(({ text }) => text.includes('login #')),
    )
    expect(message.text).toContain('blue tram 7')
  })

  it('C10 show the phrase on the page of a lock, to whoever pressed the button and nobody else', async () => {
    const owner = await importOwner(stage, { phrase: 'blue tram 7' })
    const { link } = await loginAndDeliver(stage, owner)
    expect(await (await fetch(`${link}/status`)).text()).not.toContain('blue tram 7')
    await fetch(link, { method: 'POST' })
    const page = await fetch(`${link}/status`)
    expect(await page.text()).toContain('Anti-Phishing: blue tram 7')
  })

  it('A2 take a code for the first phrase too: it writes into every SMS', async () => {
    const owner = await importOwner(stage)
    const thief = await enterPortal(stage, owner)
    const fields = { alerts: 'all', language: '', phrase: 'It was you. Reply STOP' }
    expect((await thief.post(PATH, fields)).status).toBe(422)
    expect(await accountOf(owner)).toMatchObject({ has_phrase: false })
    const code = await proofCodeSentTo(stage, owner.phone)
    expect((await thief.post(PATH, { ...fields, sms_code: code })).status).toBe(303)
    await eventually('the notice', () =>
      stage.world.phones.messagesTo(owner.phone).find(({ text }) => text.includes('anti-phishing')),
    )
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

  it('say how long a phrase may be where one is too long', async () => {
    const portal = await enterPortal(stage, await importOwner(stage))
    const refused = await portal.post(PATH, { alerts: 'all', language: '', phrase: 'x'.repeat(60) })
    expect(refused.status).toBe(422)
    expect(refused.text).toMatch(/role="alert"[^<]*>[^<]*\b24\b/)
  })

  it('show a phrase with markup as text', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    await portal.post(PATH, { alerts: 'all', language: '', phrase: '<b>x', totp: totpNow() })
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
    expect((await portal.post(PATH, { ...off, totp: code })).text).toContain('already been used')
    expect(await accountOf(owner)).toMatchObject({ alerts: 'all' })
  })

  it('is told by SMS', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    await portal.post(PATH, { ...off, totp: totpNow() })
    const message = await eventually('the SMS', () => stage.world.phones.messagesTo(owner.phone)[0])
    expect(message.text).toContain('login alerts were turned off')
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
    expect((await portal.post(PATH, { ...off, sms_code: wrong })).text).toContain(
      'Attempts left: 4',
    )
    expect(await accountOf(owner)).toMatchObject({ alerts: 'all' })
    expect((await portal.post(PATH, { ...off, sms_code: code })).status).toBe(303)
    expect(await accountOf(owner)).toMatchObject({ alerts: 'off' })
    await portal.post(PATH, { ...off, alerts: 'all' })
    expect((await portal.post(PATH, { ...off, sms_code: code })).status).toBe(422)
    expect(await accountOf(owner)).toMatchObject({ alerts: 'all' })
  })

  it('A13 names no code where none was sent', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    for (let sent = 0; sent < 3; sent += 1) {
      expect((await portal.post(PATH, off)).text).toContain('name="sms_code"')
      // A code that is gone, as one that was typed or has expired.
      await portal.post('/portal/number/cancel', {})
    }
    const limited = await portal.post(PATH, off)
    expect(limited.status).toBe(429)
    expect(limited.text).toContain('Too many attempts')
    expect(limited.text).not.toMatch(/on its way|being sent|name="sms_code"/)
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
    expect((await portal.get('/portal/number')).text).not.toContain('Enter the code')
  })
})

describe('C9 a stranger beside the owner', () => {
  const off = { alerts: 'off', language: '', phrase: '' }

  it('does not spend the code that the owner holds', async () => {
    const owner = await importOwner(stage)
    const thief = await enterPortal(stage, owner)
    await thief.post(PATH, off)
    const code = await proofCodeSentTo(stage, owner.phone)
    const wrong = code === '482913' ? '482914' : '482913'
    for (let tries = 0; tries < 8; tries += 1) {
      await thief.post(PATH, { ...off, sms_code: wrong })
    }
    const late = await thief.post(PATH, { ...off, sms_code: code })
    expect([late.status, await accountOf(owner)]).toMatchObject([422, { alerts: 'all' }])
    const portal = await enterPortal(stage, owner)
    expect((await portal.post(PATH, { ...off, sms_code: code })).status).toBe(303)
  })

  it('who has codes sent to the number from his own account keeps its owner from none', async () => {
    const owner = await importOwner(stage)
    const evil = newOwner()
    await stage.world.exchange.api('PUT', accountPath(evil), { locale: 'en' })
    for (let asked = 0; asked < 6; asked += 1) {
      const visit = await enterPortal(stage, evil, ['otp'])
      await visit.post('/portal/number', { phone: owner.phone })
    }
    const portal = await enterPortal(stage, owner)
    expect((await portal.post(PATH, off)).status).toBe(422)
    const code = await proofCodeSentTo(stage, owner.phone)
    expect((await portal.post(PATH, { ...off, sms_code: code })).status).toBe(303)
  })

  it('who asks for a code in visit after visit leaves the owner’s next one its first', async () => {
    const owner = await importOwner(stage)
    const statuses: number[] = []
    let aheadMs = 0
    for (let visit = 0; visit < 6; visit += 1) {
      const thief = await enterPortal(stage, owner)
      // Each later than a code lives, so that each is sent anew; two in each visit.
      for (let asked = 0; asked < 2; asked += 1) {
        statuses.push((await thief.post(PATH, off)).status)
        aheadMs += 11 * 60_000
        await stage.setClock({ aheadMs })
      }
    }
    const portal = await enterPortal(stage, owner)
    const asked = await portal.post(PATH, off)
    await stage.setClock({})
    expect([statuses.includes(429), asked.status]).toEqual([true, 422])
  })
})
