// The door to the owner's pages: one entry per link, one visit per cookie, no POST from elsewhere.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS_PAGES } from '../../src/portal/pages.ts'
import { importOwner, newOwner } from '../support/owner.ts'
import { enterPortal, portalLink } from '../support/portal.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

const enter = (url: string, headers: Readonly<Record<string, string>>) =>
  fetch(url, { method: 'POST', redirect: 'manual', headers })

describe('an entry link', () => {
  it('is not used up by looking at it, and works once', async () => {
    const owner = await importOwner(stage)
    const url = await portalLink(stage, owner)
    const { origin } = stage.runtime
    expect((await fetch(url)).status).toBe(200)
    expect((await fetch(url)).status).toBe(200)
    expect((await enter(url, { origin })).status).toBe(303)
    expect((await enter(url, { origin })).status).toBe(410)
  })

  it('lets one in of twenty at the same moment', async () => {
    const url = await portalLink(stage, await importOwner(stage))
    const { origin } = stage.runtime
    const answers = await Promise.all(Array.from({ length: 20 }, () => enter(url, { origin })))
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(19)
  })

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin at all', {}],
    ['another site, says the browser', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses a POST of %s, and is not used up by it', async (_, headers) => {
    const url = await portalLink(stage, await importOwner(stage))
    expect((await enter(url, headers)).status).toBe(403)
    expect((await enter(url, { origin: stage.runtime.origin })).status).toBe(303)
  })

  it('is refused when one character of it is another', async () => {
    const url = await portalLink(stage, await importOwner(stage))
    const forged = url.replace(/[^.](?=[^.]*$)/, (letter) => (letter === 'A' ? 'B' : 'A'))
    expect((await fetch(forged)).status).toBe(410)
  })

  it('is broken when it is spelled percent-encoded, and not used up by it', async () => {
    const url = await portalLink(stage, await importOwner(stage))
    const { origin } = stage.runtime
    const encoded = url.replace(/\/enter\/(.)/, (_, letter: string) => {
      return `/enter/%${letter.charCodeAt(0).toString(16)}`
    })
    expect((await fetch(encoded)).status).toBe(410)
    expect((await enter(encoded, { origin })).status).toBe(410)
    expect((await enter(url, { origin })).status).toBe(303)
  })

  it('is no lock link, though the same keys sign both', async () => {
    const url = await portalLink(stage, await importOwner(stage))
    const [, payload, signature] = url.slice(url.lastIndexOf('/') + 1).split('.')
    expect((await fetch(`${stage.runtime.origin}/l/${payload}.${signature}`)).status).toBe(404)
  })

  it('needs no imported account', async () => {
    const portal = await enterPortal(stage, newOwner())
    expect((await portal.get('/portal')).status).toBe(200)
  })

  it('leads to what a lock does, and for how long', async () => {
    const portal = await enterPortal(stage, newOwner())
    expect((await portal.get('/portal')).text).toContain('Put withdrawals on hold: 24 hours')
  })
})

describe('a visit', () => {
  it('has a cookie that no script and no other site gets', async () => {
    const url = await portalLink(stage, await importOwner(stage))
    const entered = await enter(url, { origin: stage.runtime.origin })
    const [cookie = ''] = entered.headers.getSetCookie()
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Strict')
    expect(cookie).toContain('Max-Age=1800')
  })

  it.each(OWNERS_PAGES)('is needed for $path', async ({ path }) => {
    expect((await fetch(stage.runtime.origin + path)).status).toBe(401)
  })

  it('ends when the owner leaves', async () => {
    const portal = await enterPortal(stage, await importOwner(stage))
    expect((await portal.post('/portal/leave')).status).toBe(200)
    expect((await portal.get('/portal')).status).toBe(401)
  })

  it('ends with a lock from outside: a thief may be the visitor', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    await stage.world.exchange.api('POST', `/v1/accounts/${owner.id}/lock`, {})
    expect((await portal.get('/portal')).status).toBe(401)
    const again = await enterPortal(stage, owner)
    expect((await again.get('/portal')).status).toBe(200)
  })

  it.each(['/portal/lock', '/portal/sessions/revoke-all'])(
    'B9 ends by %s of another visit, which stays',
    async (path) => {
      const owner = await importOwner(stage)
      const [owners, thief] = [await enterPortal(stage, owner), await enterPortal(stage, owner)]
      const link = await portalLink(stage, owner)
      expect((await owners.post(path)).status).toBe(303)
      expect((await owners.get('/portal')).status).toBe(200)
      expect((await thief.get('/portal')).status).toBe(401)
      expect((await enter(link, { origin: stage.runtime.origin })).status).toBe(410)
      const again = await enterPortal(stage, owner)
      expect((await again.get('/portal')).status).toBe(200)
    },
  )

  it('B9 is not started by a link from before a lock, whoever the exchange has checked and though it was lifted', async () => {
    const owner = await importOwner(stage)
    const link = await portalLink(stage, owner, ['otp'])
    await stage.world.exchange.api('POST', `/v1/accounts/${owner.id}/lock`, {})
    await stage.world.exchange.api('DELETE', `/v1/accounts/${owner.id}/hold`, { reason: 'a call' })
    expect((await enter(link, { origin: stage.runtime.origin })).status).toBe(410)
    expect((await (await enterPortal(stage, owner)).get('/portal')).status).toBe(200)
  })

  it('B9 is not started by a link from before an erasure, used or not, and the account stays unknown', async () => {
    const owner = await importOwner(stage)
    const [used, unused] = [await portalLink(stage, owner), await portalLink(stage, owner)]
    const press = async (url: string) => (await enter(url, { origin: stage.runtime.origin })).status
    expect(await press(used)).toBe(303)
    await stage.world.exchange.api('DELETE', `/v1/accounts/${owner.id}`)
    expect([await press(used), await press(unused)]).toEqual([410, 410])
    const hold = await stage.world.exchange.api('GET', `/v1/accounts/${owner.id}/hold`)
    expect(hold.body).toMatchObject({ known: false })
    expect(await press(await portalLink(stage, owner))).toBe(303)
  })

  it('takes no POST of another site', async () => {
    const portal = await enterPortal(stage, await importOwner(stage))
    const foreign = await portal.post('/portal/lock', {}, { origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
  })

  it('does not take the cookie of another account', async () => {
    const [mine, other] = [await importOwner(stage), await importOwner(stage)]
    const { cookie } = await enterPortal(stage, mine)
    const forged = cookie.replace(mine.id, other.id)
    const answer = await fetch(`${stage.runtime.origin}/portal`, { headers: { cookie: forged } })
    expect(answer.status).toBe(401)
  })
})
