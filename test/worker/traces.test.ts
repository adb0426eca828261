// What an operator can count: one line each for what is refused and for what is changed, with why and by which key or visit,
// and never a value.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountPath, importOwner, loginAndDeliver } from '../support/owner.ts'
import { enterPortal, portalLink } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { TOTP_SECRET, wrongCode } from '../support/totp.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

/** The one new line of this event that `act` leaves. */
async function lineOf(event: string, act: () => Promise<unknown>): Promise<unknown> {
  const lines = () => stage.logs.filter((line) => line.startsWith(`{"event":"${event}"`))
  const before = lines().length
  await act()
  await eventually(`a line of ${event}`, () => lines().length > before)
  const [line = '', ...more] = lines().slice(before)
  expect(more).toEqual([])
  return JSON.parse(line)
}

const HASH = expect.stringMatching(/^[0-9a-f]{8}$/)

const raw = (path: string, init?: RequestInit) => fetch(stage.runtime.origin + path, init)

describe('C1 a line is left by', () => {
  it('a wrong API key, which it does not show', async () => {
    const headers = { authorization: 'Bearer not-a-key' }
    const line = await lineOf('api.refused', () => raw('/v1/accounts/x', { headers }))
    expect(line).toEqual({ event: 'api.refused', reason: 'unknown_key', key: HASH })
    const none = await lineOf('api.refused', () => raw('/v1/accounts/x'))
    expect(none).toEqual({ event: 'api.refused', reason: 'no_key' })
  })

  it('an import, a lift and an erasure, each with its key', async () => {
    const owner = await importOwner(stage)
    const of = { account_id: owner.id, key: HASH }
    const { exchange } = stage.world
    const change = { locale: 'de', alerts: 'all' }
    const imported = await lineOf('account.imported', () =>
      exchange.api('PUT', accountPath(owner), change),
    )
    expect(imported).toEqual({ event: 'account.imported', ...of, fields: 'locale alerts' })
    await exchange.api('POST', accountPath(owner, '/lock'), {})
    const lifted = await lineOf('hold.lifted', () =>
      exchange.api('DELETE', accountPath(owner, '/hold'), { reason: 'a call' }),
    )
    expect(lifted).toEqual({ event: 'hold.lifted', ...of })
    const erased = await lineOf('account.erased', () => exchange.api('DELETE', accountPath(owner)))
    expect(erased).toEqual({ event: 'account.erased', ...of })
  })

  it('an end of sessions, a lock and an entry link, by the pages and by API', async () => {
    const owner = await importOwner(stage)
    const { exchange } = stage.world
    const of = { account_id: owner.id }
    const [first, second, third] = await Promise.all(
      [1, 2, 3].map(() => loginAndDeliver(stage, owner)),
    )
    const portal = await enterPortal(stage, owner)
    const end = `/sessions/${first?.sessionId}`
    const ended = await lineOf('session.revoked', () =>
      exchange.api('DELETE', accountPath(owner, end)),
    )
    expect(ended).toEqual({ event: 'session.revoked', ...of, key: HASH, count: 1 })
    const session = { session_id: second?.sessionId ?? '' }
    const one = await lineOf('session.revoked', () =>
      portal.post('/portal/sessions/revoke', session),
    )
    expect(one).toEqual({ event: 'session.revoked', ...of, visit: HASH, count: 1 })
    const all = await lineOf('session.revoked', () => portal.post('/portal/sessions/revoke-all'))
    expect(all).toEqual({ event: 'session.revoked', ...of, visit: HASH, count: 1 })
    expect(third?.sessionId).toBeDefined()
    const link = await lineOf('portal_link.made', () => portalLink(stage, owner, ['otp']))
    const made = { key: HASH, visit: HASH, has_otp: true }
    expect(link).toEqual({ event: 'portal_link.made', ...of, ...made })
    const byVisit = await lineOf('lock.used', () => portal.post('/portal/lock'))
    expect(byVisit).toMatchObject({ ...of, visit: HASH, via: 'portal' })
    const byKey = await lineOf('lock.used', () =>
      exchange.api('POST', accountPath(owner, '/lock'), {}),
    )
    expect(byKey).toMatchObject({ ...of, key: HASH, via: 'api' })
  })

  it('a wrong code of the app, and the limit on them', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    const press = () => portal.post('/portal/number/remove', { totp: wrongCode() })
    const refused = await lineOf('totp.refused', press)
    expect(refused).toMatchObject({ account_id: owner.id, visit: HASH, reason: 'refused' })
    for (let tries = 1; tries < 5; tries += 1) await press()
    const limited = await lineOf('limit.reached', press)
    expect(limited).toEqual({
      event: 'limit.reached',
      limit: 'totp-visit',
      scope: expect.any(String),
    })
  })

  it('a code that does not fit, on the lock page', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const type = (fields: Readonly<Record<string, string>>) =>
      raw('/lock', { method: 'POST', headers, body: new URLSearchParams(fields).toString() })
    const wrong = await lineOf('typed_code.refused', () =>
      type({ phone: '+12125550199', code: '7K3Q M2WX' }),
    )
    expect(wrong).toMatchObject({ via: 'code', reason: 'no_match' })
    const none = await lineOf('typed_code.refused', () => type({ phone: 'x', code: '' }))
    expect(none).toMatchObject({ via: 'code', reason: 'malformed' })
  })

  it('a code that does not fit, of a number to be bound', async () => {
    const owner = await importOwner(stage, { phone: '+12125550198' })
    const portal = await enterPortal(stage, owner)
    await portal.post('/portal/settings', { alerts: 'off', language: '', phrase: '' })
    const press = () => portal.post('/portal/settings', { alerts: 'off', sms_code: '000000' })
    expect(await lineOf('typed_code.refused', press)).toMatchObject({
      visit: HASH,
      reason: 'wrong',
    })
  })

  it('a POST of another site, without the path’s token', async () => {
    const owner = await importOwner(stage)
    const { link } = await loginAndDeliver(stage, owner)
    const headers = { origin: 'https://evil.example' }
    const post = (url: string) => () => fetch(url, { method: 'POST', headers })
    const confirm = await lineOf('request.cross_site', post(`${link}/confirm`))
    expect(confirm).toEqual({ event: 'request.cross_site', route: '/l/:token/confirm' })
    const entry = await lineOf('request.cross_site', post(await portalLink(stage, owner)))
    expect(entry).toEqual({ event: 'request.cross_site', route: '/enter/:token' })
    const portal = await enterPortal(stage, owner)
    const page = await lineOf('request.cross_site', () =>
      portal.post('/portal/settings', {}, headers),
    )
    expect(page).toMatchObject({ route: expect.stringMatching(/^\/portal/) })
  })

  it('a forged link of a lock or an entry, and a used one', async () => {
    const lock = await lineOf('link.refused', () => raw('/l/forged.token'))
    expect(lock).toMatchObject({ kind: 'lock', reason: 'forged' })
    const entry = await lineOf('link.refused', () => raw('/enter/forged'))
    expect(entry).toEqual({ event: 'link.refused', kind: 'entry', reason: 'invalid' })
    const owner = await importOwner(stage)
    const link = await portalLink(stage, owner)
    const { origin } = stage.runtime
    const enter = () => fetch(link, { method: 'POST', headers: { origin }, redirect: 'manual' })
    await enter()
    expect(await lineOf('link.refused', enter)).toMatchObject({ kind: 'entry', reason: 'used' })
  })

  it('a cookie that is forged, made up or over, not one that is missing', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    const come = (cookie: string) => () => raw('/portal', { headers: { cookie } })
    const name = portal.cookie.split('=')[0] ?? ''
    const forged = portal.cookie.replace(/~[^~]*$/, '~AAAA')
    const refused = async (cookie: string) => await lineOf('cookie.refused', come(cookie))
    expect(await refused(forged)).toEqual({ event: 'cookie.refused', reason: 'forged' })
    expect(await refused(`${name}=x`)).toEqual({ event: 'cookie.refused', reason: 'malformed' })
    expect(await refused(`${name}=nobody~vis_1~AAAA`)).toMatchObject({ reason: 'forged' })
    await portal.post('/portal/leave')
    expect(await refused(portal.cookie)).toMatchObject({ reason: 'over' })
    const before = stage.logs.filter((line) => line.includes('cookie.refused')).length
    await raw('/portal')
    await stage.settle()
    expect(stage.logs.filter((line) => line.includes('cookie.refused'))).toHaveLength(before)
  })

  it('an export of the history', async () => {
    const owner = await importOwner(stage)
    await loginAndDeliver(stage, owner)
    const portal = await enterPortal(stage, owner)
    const line = await lineOf('history.exported', () => portal.get('/portal/logins.csv'))
    expect(line).toEqual({ event: 'history.exported', account_id: owner.id, visit: HASH, rows: 1 })
  })

  it('a visit, by the name its changes are logged with', async () => {
    const owner = await importOwner(stage)
    const line = await lineOf('visit.started', () => enterPortal(stage, owner))
    expect(line).toMatchObject({ account_id: owner.id, visit: HASH, has_otp: false })
  })
})

describe('C1 no line of these', () => {
  it('holds a number, a token or a typed value', () => {
    const numbers = stage.world.phones.numbers()
    const leaks = stage.logs.filter(
      (line) =>
        numbers.some((number) => line.includes(number)) || /not-a-key|000000|~AAAA/.test(line),
    )
    expect(leaks).toEqual([])
  })
})
