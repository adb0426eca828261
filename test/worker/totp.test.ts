// Codes of the authenticator app through the real Worker: which are taken, that each counts once, that guessing
// ends, and how an app is set up.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountPath, importOwner, newOwner, type Owner, queryOne } from '../support/owner.ts'
import { enterPortal, type Portal } from '../support/portal.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { STEP_MS, TOTP_SECRET, totpAt, totpNow, wrongCode } from '../support/totp.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

const ENROL = '/portal/authenticator'

/** The Worker's clock stands here, in the middle of a step: none ends between the making of a code and its check. */
const NOW = Math.floor(Date.now() / STEP_MS) * STEP_MS + STEP_MS / 2

const codeOf = (steps: number) => totpAt(NOW + steps * STEP_MS)

async function withAuthenticator(): Promise<{ readonly owner: Owner; readonly portal: Portal }> {
  const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
  return { owner, portal: await enterPortal(stage, owner) }
}

/** An act that takes a code each time and sends no code SMS. */
function removeNumber(portal: Portal, totp: string) {
  return portal.post('/portal/number/remove', { totp })
}

async function accountOf(owner: Owner): Promise<unknown> {
  return (await stage.world.exchange.api('GET', accountPath(owner))).body
}

async function proposed(portal: Portal) {
  const { text } = await portal.get(ENROL)
  const secret = /<code dir="ltr">([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? ''
  const proposal = /name="proposal" value="([^"]+)"/.exec(text)?.[1] ?? ''
  return { text, secret, proposal }
}

describe('a code of the app', () => {
  beforeAll(() => stage.setClock({ standsAt: NOW }))
  afterAll(() => stage.setClock({}))

  it.each([-1, 0, 1])('is taken %i steps from now', async (steps) => {
    const { portal } = await withAuthenticator()
    expect((await removeNumber(portal, codeOf(steps))).status).toBe(303)
  })

  it.each([-2, 2])('is refused %i steps from now', async (steps) => {
    const { owner, portal } = await withAuthenticator()
    const refused = await removeNumber(portal, codeOf(steps))
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('<p role="alert">This code is not correct')
    expect(await accountOf(owner)).toMatchObject({ phone: { state: 'ok' } })
  })

  it('counts once, and none before it counts after it', async () => {
    const { owner, portal } = await withAuthenticator()
    const { phone } = newOwner()
    expect((await portal.post('/portal/number', { phone, totp: codeOf(0) })).status).toBe(303)
    for (const steps of [0, -1]) {
      const used = await removeNumber(portal, codeOf(steps))
      expect(used.text).toContain('This code has already been used')
    }
    expect(await accountOf(owner)).toMatchObject({ phone: { state: 'ok' } })
  })

  it('counts in one of twenty requests at once', async () => {
    const { owner, portal } = await withAuthenticator()
    const totp = codeOf(0)
    const answers = await Promise.all(Array.from({ length: 20 }, () => removeNumber(portal, totp)))
    const done = answers.filter(({ location }) => location?.endsWith('done=removed'))
    expect(done).toHaveLength(1)
    const sql =
      "SELECT count(*) AS count FROM callbacks WHERE account_id = ? AND type = 'phone.changed'"
    expect(await queryOne(stage, sql, owner.id)).toEqual({ count: 1 })
  })

  it('C9 is not looked at after five wrong ones in the same visit, and is in the owner’s next one', async () => {
    const { owner, portal } = await withAuthenticator()
    const statuses: number[] = []
    for (let tries = 0; tries < 6; tries += 1) {
      statuses.push((await removeNumber(portal, wrongCode())).status)
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429])
    const limited = await removeNumber(portal, codeOf(0))
    expect(limited.status).toBe(429)
    expect(limited.text).toContain('Too many attempts. Wait 5 minutes')
    expect(await accountOf(owner)).toMatchObject({ phone: { state: 'ok' } })
    const other = await enterPortal(stage, owner)
    expect((await removeNumber(other, codeOf(0))).status).toBe(303)
  })

  it('of twenty wrong ones at once is looked at five times', async () => {
    const { portal } = await withAuthenticator()
    const wrong = wrongCode()
    const answers = await Promise.all(Array.from({ length: 20 }, () => removeNumber(portal, wrong)))
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(5)
  })

  it('costs no try when it is no code at all', async () => {
    const { portal } = await withAuthenticator()
    for (const typed of ['', '12345', 'abcdef', '1234567', '<b>']) {
      expect((await removeNumber(portal, typed)).status).toBe(422)
    }
    expect((await removeNumber(portal, codeOf(0))).status).toBe(303)
  })

  it('is never shown again', async () => {
    const { portal } = await withAuthenticator()
    const wrong = wrongCode()
    expect((await removeNumber(portal, wrong)).text).not.toContain(wrong)
  })
})

describe('setting an app up', () => {
  it('keeps the secret and its picture after a wrong code, and stores nothing', async () => {
    const owner = newOwner()
    const portal = await enterPortal(stage, owner)
    const { text, secret, proposal } = await proposed(portal)
    const picture = (page: string) => /<svg.*<\/svg>/s.exec(page)?.[0]
    const wrong = await portal.post(ENROL, { proposal, totp: wrongCode(secret) })
    expect(wrong.status).toBe(422)
    expect(wrong.text.replaceAll(' ', '')).toContain(secret)
    expect(picture(wrong.text)).toBe(picture(text))
    expect(await accountOf(owner)).toMatchObject({ has_totp_secret: false })
  })

  it('needs no style that the policy of the page would refuse', async () => {
    const { text } = await proposed(await enterPortal(stage, newOwner()))
    expect(text).toContain('<svg')
    expect(text).not.toMatch(/\sstyle=|\son[a-z]+=|<script|<img/)
  })

  it('takes no secret that another visit was shown', async () => {
    const owner = newOwner()
    const mine = await proposed(await enterPortal(stage, owner))
    const portal = await enterPortal(stage, owner)
    await portal.post(ENROL, { proposal: mine.proposal, totp: totpNow(mine.secret) })
    expect(await accountOf(owner)).toMatchObject({ has_totp_secret: false })
  })

  it('stores one of two secrets whose codes come at the same moment', async () => {
    const owner = newOwner()
    const portal = await enterPortal(stage, owner)
    const both = await Promise.all([proposed(portal), proposed(portal)])
    const answers = await Promise.all(
      both.map(({ secret, proposal }) => portal.post(ENROL, { proposal, totp: totpNow(secret) })),
    )
    const done = answers.filter(({ location }) => location?.endsWith('done=set_up'))
    expect(done).toHaveLength(1)
  })

  it('never replaces what is there', async () => {
    const owner = newOwner()
    const portal = await enterPortal(stage, owner)
    const late = await proposed(portal)
    await stage.world.exchange.api('PUT', accountPath(owner), { totp_secret: TOTP_SECRET })
    const sealed = () =>
      queryOne(stage, 'SELECT totp_sealed FROM accounts WHERE account_id = ?', owner.id)
    const before = await sealed()
    await portal.post(ENROL, { proposal: late.proposal, totp: totpNow(late.secret) })
    expect(await sealed()).toEqual(before)
    expect((await portal.get(ENROL)).text).not.toContain('name="proposal"')
  })

  it('ends guessing together with all other codes', async () => {
    const portal = await enterPortal(stage, newOwner())
    const { secret, proposal } = await proposed(portal)
    const statuses: number[] = []
    for (let tries = 0; tries < 6; tries += 1) {
      const totp = wrongCode(secret)
      statuses.push((await portal.post(ENROL, { proposal, totp })).status)
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429])
    expect((await portal.post(ENROL, { proposal, totp: totpNow(secret) })).status).toBe(429)
  })
})
