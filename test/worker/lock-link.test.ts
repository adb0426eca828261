// The lock link: looking never locks, pressing always does, once, and the page says only what is known.

import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type LinkClaims, mintLink, mintOldLink } from '../support/lock-links.ts'
import {
  accountPath,
  countRows,
  execute,
  importOwner,
  loginAndDeliver,
  newOwner,
  pathOf,
  queryOne,
  readHistory,
} from '../support/owner.ts'
import { enterPortal } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterEach(() => stage.world.exchange.setCallbackMode('ok'))
afterAll(() => stage.close())

async function openLink(link: string, init: RequestInit = {}) {
  const response = await stage.runtime.fetch(pathOf(link), { redirect: 'manual', ...init })
  return { status: response.status, headers: response.headers, html: await response.text() }
}

/** As a browser does: what the answer leads to. */
const press = (link: string) => openLink(link, { method: 'POST', redirect: 'follow' })
const lookAtState = (link: string) => openLink(`${link}/status`)

async function freshLink() {
  const owner = await importOwner(stage)
  return { owner, ...(await loginAndDeliver(stage, owner)) }
}

function lockRow(accountId: string) {
  return queryOne(stage, 'SELECT * FROM locks WHERE account_id = ?', accountId)
}

function locked(accountId: string) {
  const { exchange } = stage.world
  return exchange.waitForCallback(
    ({ event }) => event?.type === 'account.locked' && event.accountId === accountId,
  )
}

function mint(claims: LinkClaims, secret?: string): string {
  return mintLink(stage, claims, secret)
}

const inSeconds = (offsetMs: number) => Math.floor((Date.now() + offsetMs) / 1000)

describe('looking at a lock link', () => {
  it('shows which alert of whom it is about, without asking the database', async () => {
    const { link } = await freshLink()
    await stage.readMeter()
    const page = await openLink(link)
    const meter = await stage.readMeter()
    expect(page.status).toBe(200)
    expect(page.html).toContain('About alert #1 from Demo Exchange.')
    // Without an action a form is sent to the page's own address.
    expect(page.html).toContain('<form method="post"><button type="submit">Lock my account')
    expect(meter).toEqual({ rowsRead: 0, rowsWritten: 0, d1Calls: 0, queueSends: 0 })
  })

  it('answers HEAD like GET, without a body', async () => {
    const { link } = await freshLink()
    const page = await openLink(link, { method: 'HEAD' })
    expect([page.status, page.html]).toEqual([200, ''])
  })

  it.each<Record<string, string>>([
    { purpose: 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { 'x-moz': 'prefetch' },
    { 'user-agent': 'facebookexternalhit/1.1' },
    { 'user-agent': 'Mozilla/5.0 (compatible; BingPreview/1.0b)' },
  ])('does nothing else for a scanner or a preview: %o', async (headers) => {
    const { link } = await freshLink()
    const before = await countRows(stage)
    expect((await openLink(link, { headers })).status).toBe(200)
    expect(await countRows(stage)).toEqual(before)
  })

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is not possible by %s', async (method) => {
    const { link } = await freshLink()
    const before = await countRows(stage)
    const page = await openLink(link, { method })
    expect([page.status, page.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    const state = await openLink(`${link}/status`, { method })
    expect([state.status, state.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await countRows(stage)).toEqual(before)
  })

  it('shows a small page without script, picture or address of anybody else', async () => {
    const { link } = await freshLink()
    const pages = [await openLink(link), await press(link), await lookAtState(link)]
    for (const { html, status } of pages) {
      expect(status).toBe(200)
      expect(Buffer.byteLength(html)).toBeLessThan(14 * 1024)
      expect(html).not.toMatch(/<script|<img|<link|<iframe|javascript:|https?:\/\//i)
    }
  })

  it('keeps the address out of caches, referrers, frames and search engines', async () => {
    const { link } = await freshLink()
    for (const page of [await openLink(link), await press(link), await lookAtState(link)]) {
      const style = /<style>([^<]*)<\/style>/.exec(page.html)?.[1] ?? ''
      const hash = createHash('sha256').update(style).digest('base64')
      const policy = page.headers.get('content-security-policy')
      expect(policy).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      )
      expect(Object.fromEntries(page.headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'content-type': expect.stringMatching(/^text\/html; charset=utf-8$/i),
      })
    }
  })
})

describe('a link that does not work', () => {
  const wrong: Record<string, (good: string) => string> = {
    'a signature changed by a bit': (good) =>
      good.slice(0, -2) + (good.at(-2) === 'A' ? 'B' : 'A') + good.slice(-1),
    'the facts of another account': (good) => {
      const [, signature = ''] = good.split('/l/')[1]?.split('.') ?? []
      return `${mint({ sub: 'other', jti: '1', exp: inSeconds(HOUR_MS) })
        .split('.')
        .slice(0, -1)
        .join('.')}.${signature}`
    },
    'another key': () =>
      mint({ sub: 'a', jti: '1', exp: inSeconds(HOUR_MS) }, Buffer.alloc(32, 7).toString('base64')),
    'no alert number': () => mintOldLink(stage, { sub: 'a', exp: inSeconds(HOUR_MS) }),
    'no end': () => mintOldLink(stage, { sub: 'a', jti: '1' }),
    'padding after it': (good) => `${good}=`,
    'something after it': (good) => `${good}.x`,
    nonsense: () => `${stage.runtime.origin}/l/hello`,
  }

  it.each(Object.entries(wrong))(
    'is nobody’s, with %s: 404 and one page for all',
    async (_how, spoil) => {
      const { link } = await freshLink()
      const before = await countRows(stage)
      const nonsense = await openLink(`${stage.runtime.origin}/l/nonsense`)
      const answers = [await openLink(spoil(link)), await press(spoil(link))]
      expect(answers.map(({ status }) => status)).toEqual([404, 404])
      expect(answers.map(({ html }) => html)).toEqual([nonsense.html, nonsense.html])
      expect(await countRows(stage)).toEqual(before)
    },
  )

  it('is gone 24 h after its login: 410, and pressing does nothing', async () => {
    const { owner } = await freshLink()
    const link = mint({ sub: owner.id, jti: '1', exp: inSeconds(-1000) })
    expect((await openLink(link)).status).toBe(410)
    expect((await press(link)).status).toBe(410)
    expect((await lookAtState(link)).status).toBe(410)
    expect(await lockRow(owner.id)).toBeNull()
  })

  it('B6 its lock can be looked at for as long as the hold runs, and until it is confirmed', async () => {
    const { exchange } = stage.world
    await exchange.setCallbackMode('500')
    const { owner, link } = await freshLink()
    await press(link)
    // The link is a day old, and nobody has confirmed.
    await stage.setClock({ aheadMs: DAY_MS + HOUR_MS })
    const opened = await openLink(link)
    expect([opened.status, opened.html]).toEqual([410, expect.stringContaining('Already locked?')])
    expect((await press(link)).status).toBe(410)
    const state = await lookAtState(link)
    expect([state.status, state.html]).toEqual([200, expect.stringContaining('Lock requested')])
    await execute(
      stage,
      "UPDATE callbacks SET state = 'confirmed', confirmed_at = 1 WHERE account_id = ?",
      owner.id,
    )
    expect((await lookAtState(link)).status).toBe(410)
    await stage.setClock({})
    expect((await lookAtState(link)).status).toBe(200)
  })

  it('has one spelling only: percent-encoded it is any broken link, looked at or pressed', async () => {
    const { owner, link } = await freshLink()
    const at = link.indexOf('/l/') + 3
    const code = link.charCodeAt(at).toString(16)
    const encoded = `${link.slice(0, at)}%${code}${link.slice(at + 1)}`
    const broken = await openLink(`${stage.runtime.origin}/l/hello`)
    const answers = [
      await openLink(encoded),
      await press(encoded),
      await lookAtState(encoded),
      await openLink(`${encoded}/confirm`),
      await openLink(link.replace('/l/', '/%6c/'), { method: 'POST' }),
    ]
    expect(answers.slice(0, 4).map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(answers.slice(0, 4).map(({ html }) => html)).toEqual(Array(4).fill(broken.html))
    expect(answers[4]?.status).toBe(404)
    expect((await openLink(encoded, { method: 'HEAD' })).status).toBe(404)
    expect(await lockRow(owner.id)).toBeNull()
    expect((await press(link)).status).toBe(200)
  })

  it('has one spelling only: stray bits in its last character are refused', async () => {
    const { owner, link } = await freshLink()
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet[alphabet.indexOf(link.slice(-1)) + 1] ?? ''
    expect((await press(link.slice(0, -1) + last)).status).toBe(404)
    expect(await lockRow(owner.id)).toBeNull()
  })
})

describe('pressing the button', () => {
  it('says at once that the lock is requested, and holds withdrawals for 24 h', async () => {
    // An exchange that confirmed at once would be shown as that.
    await stage.world.exchange.setCallbackMode('500')
    const { owner, link } = await freshLink()
    const before = Date.now()
    const page = await press(link)
    expect(page.status).toBe(200)
    expect(page.html).toContain('<h1>Lock requested</h1>')
    expect(page.html).toContain(`content="3; url=${pathOf(link)}/status"`)
    const { body } = await stage.world.exchange.api('GET', accountPath(owner, '/hold'))
    const { held, until, lock_id: lockId } = Object(body)
    expect([held, lockId]).toEqual([true, (await lockRow(owner.id))?.lock_id])
    expect(Date.parse(until)).toBeGreaterThanOrEqual(before + DAY_MS)
    expect(Date.parse(until)).toBeLessThanOrEqual(Date.now() + DAY_MS)
  })

  it('tells the exchange, which ends the sessions and freezes the account', async () => {
    const owner = await importOwner(stage)
    const first = await loginAndDeliver(stage, owner)
    const second = await loginAndDeliver(stage, owner)
    await press(second.link)
    const told = await locked(owner.id)
    const lock = await lockRow(owner.id)
    const { logins } = await readHistory(stage, owner)
    expect([told.valid, told.event?.data]).toEqual([
      true,
      {
        account_id: owner.id,
        lock_id: lock?.lock_id,
        alert_id: logins[0]?.alert_id,
        via: 'link',
        hold_until: new Date(Number(lock?.hold_until)).toISOString(),
        session_ids: [second.sessionId, first.sessionId],
        actions: ['sessions.revoke', 'withdrawals.hold'],
      },
    ])
    const account = stage.world.exchange.account(owner.id)
    expect(account.holdUntil).toBe(lock?.hold_until)
    expect(account.sessions.map((session) => session.state)).toEqual(['revoked', 'revoked'])
  })

  it('revokes every session here too', async () => {
    const { owner, link, sessionId } = await freshLink()
    await press(link)
    const { exchange } = stage.world
    const token = new URLSearchParams({ token: sessionId })
    expect((await exchange.api('POST', '/v1/introspect', token)).body).toEqual({ active: false })
    const sessions = await exchange.api('GET', accountPath(owner, '/sessions'))
    expect(sessions.body).toEqual({ sessions: [], next_cursor: null })
    const { logins } = await readHistory(stage, owner)
    expect(logins[0]?.session.end).toBe('revoked')
  })

  it('leads to a page that says when the exchange confirmed, and then rests', async () => {
    const { owner, link } = await freshLink()
    await press(link)
    await locked(owner.id)
    const page = await eventually('the confirmation', async () => {
      const state = await lookAtState(link)
      return state.html.includes('<h1>Your account is locked</h1>') && state
    })
    expect(page.html).toMatch(/Confirmed by Demo Exchange on \d{1,2}\s\w+,\s\d\d:\d\d\sUTC\./)
    expect(page.html).toMatch(/Withdrawals are on hold until \d{1,2}\s\w+,\s\d\d:\d\d\sUTC/)
    expect(page.html).not.toContain('http-equiv="refresh"')
  })

  it('twice at the same instant locks once and tells once', async () => {
    const { owner, link } = await freshLink()
    const pages = await Promise.all([press(link), press(link), press(link)])
    expect(pages.map((page) => page.status)).toEqual([200, 200, 200])
    await locked(owner.id)
    await press(link)
    await stage.settle()
    const counts = await queryOne(
      stage,
      `SELECT (SELECT count(*) FROM locks WHERE account_id = ?1) AS locks,
        (SELECT count(*) FROM callbacks WHERE account_id = ?1) AS callbacks`,
      owner.id,
    )
    expect(counts).toEqual({ locks: 1, callbacks: 1 })
    const received = stage.world.exchange.callbacks.entries()
    expect(received.filter(({ event }) => event?.accountId === owner.id)).toHaveLength(1)
  })

  it('again later changes nothing: neither the hold nor a session begun after', async () => {
    const { owner, link } = await freshLink()
    await press(link)
    await locked(owner.id)
    const before = await eventually('what the exchange says of each action', async () => {
      const row = await lockRow(owner.id)
      return row?.answers !== null && row
    })
    // Beyond what the clocks of two machines may differ by.
    await stage.setClock({ aheadMs: 6_000 })
    const later = await loginAndDeliver(stage, owner, {}, { at: Date.now() + 6_000 })
    expect((await press(link)).status).toBe(200)
    expect(await lockRow(owner.id)).toEqual(before)
    const token = new URLSearchParams({ token: later.sessionId })
    const introspected = await stage.world.exchange.api('POST', '/v1/introspect', token)
    expect(introspected.body).toMatchObject({ active: true })
    await stage.setClock({})
  })

  it('again later shows the confirmation when there is one', async () => {
    const { owner, link } = await freshLink()
    await press(link)
    await locked(owner.id)
    await eventually('the confirmation', async () =>
      (await lookAtState(link)).html.includes('Your account is locked'),
    )
    expect((await press(link)).html).toContain('<h1>Your account is locked</h1>')
  })

  it('works for an account that was erased after its alert', async () => {
    const { owner, link } = await freshLink()
    await stage.world.exchange.api('DELETE', accountPath(owner))
    expect((await press(link)).status).toBe(200)
    const told = await locked(owner.id)
    expect(told.event?.data).toMatchObject({ alert_id: null, session_ids: [] })
  })

  it('works behind what messengers append to a link', async () => {
    const { owner, link } = await freshLink()
    const page = await stage.runtime.fetch(`${pathOf(link)}?fbclid=x`, { method: 'POST' })
    expect(page.status).toBe(200)
    expect(await lockRow(owner.id)).toMatchObject({ via: 'link' })
  })

  it('from a page of another site is refused nothing and asked nothing', async () => {
    const { owner, link } = await freshLink()
    const headers = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }
    expect((await openLink(link, { method: 'POST', redirect: 'follow', headers })).status).toBe(200)
    expect(await lockRow(owner.id)).toMatchObject({ via: 'link' })
  })
})

describe('the state page before anything is recorded', () => {
  it('claims no lock', async () => {
    const { link } = await freshLink()
    const page = await lookAtState(link)
    expect([page.status, page.html]).toEqual([
      200,
      expect.stringContaining('<h1>No lock recorded yet</h1>'),
    ])
  })
})

describe('a link of the form before', () => {
  /** The claims behind a link's bytes, for ids that are text. */
  function oldFormOf(accountId: string, link: string): string {
    const [facts = ''] = link.slice(link.indexOf('/l/') + 3).split('.')
    const exp = Buffer.from(facts, 'base64url').readUInt32BE(2 + accountId.length + 1)
    return mintOldLink(stage, { sub: accountId, jti: '1', exp })
  }

  it('locks as the link of today does: once, whichever is pressed', async () => {
    const { owner, link } = await freshLink()
    const old = oldFormOf(owner.id, link)
    expect((await openLink(old)).status).toBe(200)
    expect((await press(old)).status).toBe(200)
    const lock = await lockRow(owner.id)
    expect(lock).toMatchObject({ via: 'link' })
    expect((await press(link)).status).toBe(200)
    await locked(owner.id)
    const count = 'SELECT count(*) AS locks FROM locks WHERE account_id = ?'
    expect(await queryOne(stage, count, owner.id)).toEqual({ locks: 1 })
    expect(await lockRow(owner.id)).toMatchObject({ lock_id: lock?.lock_id })
  })

  it('dies at its own end, with nothing more to wait for', async () => {
    const { owner } = await freshLink()
    const link = mintOldLink(stage, { sub: owner.id, jti: '1', exp: inSeconds(-1000) })
    expect((await press(link)).status).toBe(410)
    expect(await lockRow(owner.id)).toBeNull()
  })
})

describe('a link of a rotated key', () => {
  it('is refused once its key is gone', async () => {
    const owner = newOwner()
    const gone = Buffer.alloc(32, 9).toString('base64')
    const link = mint({ sub: owner.id, jti: '1', exp: inSeconds(HOUR_MS) }, gone)
    expect((await press(link)).status).toBe(404)
  })
})

describe('what a person sees', () => {
  const asPerson = { headers: { accept: 'text/html,application/xhtml+xml' } }

  it('B13 leads from the press to the state, so that Back and Reload press nothing', async () => {
    const { link } = await freshLink()
    const pressed = await openLink(link, { method: 'POST' })
    expect([pressed.status, pressed.headers.get('location')]).toEqual([
      303,
      `${pathOf(link)}/status`,
    ])
    expect(pressed.html).toBe('')
    const opened = await openLink(link)
    expect(opened.html).toContain(`<a href="${pathOf(link)}/status">Already locked?`)
  })

  it.each(['/', '/l/', '/nothing'])(
    'B13 is a page at %s, and a problem for machines',
    async (path) => {
      const page = await stage.runtime.fetch(path, asPerson)
      expect([page.status, page.headers.get('content-type')]).toEqual([
        404,
        'text/html; charset=utf-8',
      ])
      expect(await page.text()).toContain('href="/lock"')
      const problem = await stage.runtime.fetch(path)
      expect(problem.headers.get('content-type')).toBe('application/problem+json')
    },
  )

  it('B13 is a page while D1 refuses, not JSON', async () => {
    // Of ours: one that is forged is refused without D1.
    const { cookie } = await enterPortal(stage, await importOwner(stage))
    await stage.setFaults({ database: true })
    const page = await stage.runtime.fetch('/portal', {
      headers: { ...asPerson.headers, cookie },
    })
    await stage.setFaults({})
    expect([page.status, page.headers.get('content-type')]).toEqual([
      503,
      'text/html; charset=utf-8',
    ])
  })
})
