// Binding a number as its owner does it, through the real Worker, its queue and a simulated phone: what is
// sent, what is refused, who is told, and that of many at once one wins.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accountPath,
  importOwner,
  linkIn,
  newOwner,
  type Owner,
  trustEveryProvider,
} from '../support/owner.ts'
import { enterPortal, type Portal } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { TOTP_SECRET, totpNow, wrongCode } from '../support/totp.ts'

let stage: Stage

// All fictional numbers lie in one block, which the guard would soon take for an attack: it only records
// here, and has a stage of its own below.
beforeAll(async () => {
  stage = await startTestStage({
    settings: { CODE_GUARD: 'record', SMS_ATTEMPT_TIMEOUT_MS: '1500' },
  })
})

afterAll(() => stage.close())

const PATH = '/portal/number'

async function textTo(phone: string, pattern: RegExp, after = 0): Promise<string> {
  const message = await eventually(`an SMS with ${pattern}`, () =>
    stage.world.phones
      .messagesTo(phone)
      .slice(after)
      .find(({ text }) => pattern.test(text)),
  )
  return message.text
}

async function codeSentTo(phone: string): Promise<string> {
  const text = await textTo(phone, /is your code/)
  return /\b\d{6}\b/.exec(text)?.[0] ?? ''
}

function otherThan(code: string): string {
  return code === '000000' ? '000001' : '000000'
}

async function phoneOf(owner: Pick<Owner, 'id' | 'phone'>): Promise<unknown> {
  const { body } = await stage.world.exchange.api('GET', accountPath(owner))
  return body
}

function callbacksOf(owner: Pick<Owner, 'id'>, type: string) {
  return stage.world.exchange.callbacks
    .entries()
    .flatMap(({ event }) => (event?.type === type && event.accountId === owner.id ? [event] : []))
}

/** An owner without a number whom the exchange has just asked for a one-time code. */
async function freshPortal(): Promise<{ readonly owner: Owner; readonly portal: Portal }> {
  const owner = newOwner()
  return { owner, portal: await enterPortal(stage, owner, ['otp']) }
}

async function bind(portal: Portal, phone: string, fields: Readonly<Record<string, string>> = {}) {
  const asked = await portal.post(PATH, { phone, ...fields })
  expect(asked.status).toBe(303)
  const done = await portal.post(`${PATH}/code`, { code: await codeSentTo(phone) })
  expect(done.location).toBe(`${PATH}?done=bound`)
}

describe('a first number', () => {
  it('is bound by the code in its SMS, and alerts go there', async () => {
    const { owner, portal } = await freshPortal()
    await bind(portal, owner.phone)
    expect(await phoneOf(owner)).toMatchObject({ phone: { country: 'US', state: 'ok' } })
    expect((await portal.get(PATH)).text).toContain('Login alerts go to')
    await stage.world.exchange.login({ account_id: owner.id })
    expect(await textTo(owner.phone, /login #1/)).toContain('http')
    await eventually('the callback', () => callbacksOf(owner, 'phone.bound')[0])
    expect(callbacksOf(owner, 'phone.bound')[0]?.data).toMatchObject({ country: 'US' })
  })

  it('gets its code through the next provider when the first one hangs', async () => {
    const { owner, portal } = await freshPortal()
    await stage.world.carriers.twilio.setMode('hang')
    await bind(portal, owner.phone)
    await stage.world.carriers.twilio.setMode('ok')
    expect(await phoneOf(owner)).toMatchObject({ phone: { state: 'ok' } })
  })

  it('asks for an authenticator where the exchange has checked nothing', async () => {
    const owner = newOwner()
    const portal = await enterPortal(stage, owner)
    expect((await portal.post(PATH, { phone: owner.phone })).location).toBe('/portal/authenticator')
  })

  it.each([
    ['02071234567', 'plus sign'],
    ['+442071234567', 'not a valid mobile number'],
    ['<script>', 'plus sign'],
  ])('is refused as %j, which stays typed and escaped', async (phone, words) => {
    const { portal } = await freshPortal()
    const refused = await portal.post(PATH, { phone })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain(words)
    expect(refused.text).not.toContain('<script>')
  })

  it('is not bound by a wrong code, and after five tries not by the right one', async () => {
    const { owner, portal } = await freshPortal()
    await portal.post(PATH, { phone: owner.phone })
    const code = await codeSentTo(owner.phone)
    const short = await portal.post(`${PATH}/code`, { code: code.slice(0, 5) })
    expect(short.text).toContain('The code has six digits')
    for (const left of [4, 3, 2, 1]) {
      const wrong = await portal.post(`${PATH}/code`, { code: otherThan(code) })
      expect(wrong.text).toContain(`Attempts left: ${left}`)
    }
    await portal.post(`${PATH}/code`, { code: otherThan(code) })
    const dead = await portal.post(`${PATH}/code`, { code })
    expect(dead.status).toBe(422)
    expect(dead.text).toContain('no longer valid')
    expect(await phoneOf(owner)).toMatchObject({ phone: null })
  })

  it('is bound once by twenty right codes at the same moment', async () => {
    const { owner, portal } = await freshPortal()
    await portal.post(PATH, { phone: owner.phone })
    const code = await codeSentTo(owner.phone)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => portal.post(`${PATH}/code`, { code })),
    )
    expect(answers.filter(({ status }) => status === 303).length).toBeGreaterThan(0)
    await stage.settle()
    expect(callbacksOf(owner, 'phone.bound')).toHaveLength(1)
  })

  it('has its code looked at five times of twenty wrong ones at once', async () => {
    const { owner, portal } = await freshPortal()
    await portal.post(PATH, { phone: owner.phone })
    const code = await codeSentTo(owner.phone)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => portal.post(`${PATH}/code`, { code: otherThan(code) })),
    )
    expect(answers.filter(({ text }) => text.includes('Attempts left')).length).toBe(4)
    expect((await portal.post(`${PATH}/code`, { code })).status).toBe(422)
  })

  it('is sent its code again only after a while, and can be given up', async () => {
    const { owner, portal } = await freshPortal()
    await portal.post(PATH, { phone: owner.phone })
    expect((await portal.get(PATH)).text).toContain('You can have the code sent again in')
    expect((await portal.post(`${PATH}/resend`)).status).toBe(429)
    const code = await codeSentTo(owner.phone)
    expect((await portal.post(`${PATH}/cancel`)).status).toBe(303)
    expect((await portal.post(`${PATH}/code`, { code })).status).toBe(422)
    expect((await portal.get(PATH)).text).toContain('No number is linked yet')
  })

  it('gets no more than five codes an hour, whichever account asks', async () => {
    const { phone } = newOwner()
    const statuses: number[] = []
    for (let asked = 0; asked < 6; asked += 1) {
      const { portal } = await freshPortal()
      statuses.push((await portal.post(PATH, { phone })).status)
    }
    expect(statuses).toEqual([303, 303, 303, 303, 303, 429])
  })
})

describe('another number', () => {
  it('takes an authenticator code even after the exchange has checked one', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner, ['otp'])
    const { phone } = newOwner()
    expect((await portal.post(PATH, { phone })).status).toBe(422)
    expect((await portal.post(PATH, { phone: owner.phone, totp: totpNow() })).status).toBe(422)
    await bind(portal, phone, { totp: totpNow() })
    await eventually('the callback', () => callbacksOf(owner, 'phone.changed')[0])
    expect(callbacksOf(owner, 'phone.changed')[0]?.data).toMatchObject({
      change: 'changed',
      via: 'portal',
    })
  })

  it('is told to the number before, whose link locks and which hears of the next login too', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    const { phone } = newOwner()
    await bind(portal, phone, { totp: totpNow() })
    const told = await textTo(owner.phone, /the number for your login alerts was changed/)
    expect((await portal.get(PATH)).text).toContain('also gets every alert until')

    await stage.world.exchange.login({ account_id: owner.id })
    const [toNew, toOld] = [await textTo(phone, /login #1/), await textTo(owner.phone, /login #1/)]
    expect(linkIn(toOld)).toBe(linkIn(toNew))

    const page = await (await fetch(linkIn(told))).text()
    expect(page).toContain('About a message from Demo Exchange')
    await fetch(linkIn(told), { method: 'POST' })
    const hold = await stage.world.exchange.api('GET', accountPath(owner, '/hold'))
    expect(hold.body).toMatchObject({ held: true })
  })

  it('is bound once of twenty requests with one authenticator code', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    const { phone } = newOwner()
    const totp = totpNow()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => portal.post(PATH, { phone, totp })),
    )
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
  })

  it('does not silence the first of three by a second change', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    await bind(portal, newOwner().phone, { totp: totpNow() })
    await bind(portal, newOwner().phone, { totp: totpNow(TOTP_SECRET, 1) })
    await stage.world.exchange.login({ account_id: owner.id })
    expect(await textTo(owner.phone, /login #1/)).toContain('http')
  })

  it('does not silence the one before by muting itself', async () => {
    // The code comes from the first of the route, which takes replies, whatever happened above.
    await trustEveryProvider(stage)
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    const { phone } = newOwner()
    await bind(portal, phone, { totp: totpNow() })
    const [message] = stage.world.phones.messagesTo(phone)
    const reply = await stage.world.phones.reply(message?.providerMessageId ?? '', 'STOP')
    expect(reply.kind).toBe('carried')
    await eventually('the opt-out', async () => {
      const { body } = await stage.world.exchange.api('GET', accountPath(owner))
      return JSON.stringify(body).includes('opted_out')
    })
    await stage.world.exchange.login({ account_id: owner.id })
    expect(await textTo(owner.phone, /login #1/)).toContain('http')
  })
})

describe('removing the number', () => {
  it('takes a code, is told to the number, which hears of the next login all the same', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner, ['otp'])
    expect((await portal.post(`${PATH}/remove`)).status).toBe(422)
    const removed = await portal.post(`${PATH}/remove`, { totp: totpNow() })
    expect(removed.location).toBe(`${PATH}?done=removed`)
    expect(await phoneOf(owner)).toMatchObject({ phone: null })
    await textTo(owner.phone, /the number for your login alerts was changed/)
    await stage.world.exchange.login({ account_id: owner.id })
    expect(await textTo(owner.phone, /login #1/)).toContain('http')
  })
})

describe('an authenticator', () => {
  const ENROL = '/portal/authenticator'

  async function proposed(portal: Portal) {
    const { text } = await portal.get(ENROL)
    expect(text).toContain(`<a href="otpauth://totp/`)
    const secret = /<code dir="ltr">([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? ''
    const proposal = /name="proposal" value="([^"]+)"/.exec(text)?.[1] ?? ''
    return { secret, proposal }
  }

  it('is set up with a code of the new secret, which counts once', async () => {
    const owner = newOwner()
    const portal = await enterPortal(stage, owner)
    const { secret, proposal } = await proposed(portal)
    const totp = totpNow(secret)
    const done = await portal.post(ENROL, { proposal, totp })
    expect(done.location).toBe('/portal/number?done=set_up')
    expect(await phoneOf(owner)).toMatchObject({ has_totp_secret: true })
    expect((await portal.get(ENROL)).text).toContain('is set up')
    expect((await portal.post('/portal/settings', { alerts: 'off', totp })).text).toContain(
      'already been used',
    )
  })

  it('keeps the secret after a wrong code, and stores nothing', async () => {
    const owner = newOwner()
    const portal = await enterPortal(stage, owner)
    const { secret, proposal } = await proposed(portal)
    const wrong = await portal.post(ENROL, { proposal, totp: wrongCode(secret) })
    expect(wrong.status).toBe(422)
    expect(wrong.text.replaceAll(' ', '')).toContain(secret)
    expect(await phoneOf(owner)).toMatchObject({ has_totp_secret: false })
  })

  it('takes no secret that another visit was shown', async () => {
    const mine = await proposed(await enterPortal(stage, newOwner()))
    const portal = await enterPortal(stage, newOwner())
    const answer = await portal.post(ENROL, { proposal: mine.proposal, totp: totpNow(mine.secret) })
    expect(answer.text).not.toContain('is set up')
  })

  it('is never replaced', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    expect((await portal.get(ENROL)).text).not.toContain('name="proposal"')
  })
})

describe('the guard against pumping', () => {
  let guarded: Stage

  beforeAll(async () => {
    guarded = await startTestStage({ settings: { CODE_COUNTRIES: 'DE' } })
  })

  afterAll(() => guarded.close())

  it('lets no code out to a country that is not allowed, and does not say why', async () => {
    const owner = newOwner()
    const portal = await enterPortal(guarded, owner, ['otp'])
    const refused = await portal.post(PATH, { phone: owner.phone })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('cannot send a code to this number at the moment')
    expect((await portal.get(PATH)).text).toContain('No number is linked yet')
    expect(guarded.world.phones.messagesTo(owner.phone)).toEqual([])
  })

  it('stops whoever asks for codes to one block and types none', async () => {
    const german = (last: number) => `+49151234567${String(last).padStart(2, '0')}`
    const statuses: number[] = []
    for (let asked = 0; asked < 7; asked += 1) {
      const portal = await enterPortal(guarded, newOwner(), ['otp'])
      statuses.push((await portal.post(PATH, { phone: german(asked) })).status)
    }
    expect(statuses).toEqual([303, 303, 303, 303, 303, 422, 422])
  })
})
