// The history as its owner sees it: every login beside its alert, what did not arrive, the file, and that a
// page costs the same with a hundred thousand logins behind it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { slotOf } from '../../src/lib/slot.ts'
import { execute, importOwner, loginAndDeliver, newOwner } from '../support/owner.ts'
import { enterPortal } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

const PATH = '/portal/logins'

/** Delivered logins 1 … `last`, written past the Worker; every hundredth was not delivered. */
async function fillHistory(accountId: string, last: number): Promise<void> {
  const now = Date.now()
  await execute(
    stage,
    `WITH RECURSIVE seqs(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM seqs WHERE seq < ?2)
      INSERT INTO logins (slot, account_id, seq, alert_id, session_id, occurred_at, received_at, country, ip_tail,
        is_parallel, live_seqs, session_ended_at, session_end, alert_number, alert_count, state, is_open, attempts)
      SELECT ?4, ?1, seq, ?1 || '-' || seq, ?1 || '-' || seq, ?3 + seq, ?3 + seq, 'DE', '1.1', 0, '[]', ?3, 'ended', seq, seq,
        CASE WHEN seq % 100 = 0 THEN 'undelivered' ELSE 'delivered' END, 0, '[]' FROM seqs`,
    ...[accountId, last, now - last, slotOf(accountId)],
  )
}

async function rowsReadBy(work: () => Promise<unknown>): Promise<number> {
  // Reading the meter sets it back to zero.
  await stage.readMeter()
  await work()
  return (await stage.readMeter()).rowsRead
}

describe('the history', () => {
  it('says that there are no logins yet', async () => {
    const portal = await enterPortal(stage, newOwner())
    expect((await portal.get(PATH)).text).toContain('No logins yet')
  })

  it('shows a login beside its alert, with provider, states and times', async () => {
    const owner = await importOwner(stage)
    await loginAndDeliver(stage, owner, { country: 'DE', city: 'Frankfurt' })
    // The receipt may overtake our own note of the call.
    await stage.settle()
    const portal = await enterPortal(stage, owner)
    const { text } = await portal.get(PATH)
    expect(text).toContain('<strong>#1</strong>')
    expect(text).toContain('<bdi>Frankfurt</bdi>, <bdi>Germany</bdi>')
    expect(text).toContain('\u2066twilio\u2069: delivered')
    expect(text).toMatch(/delivered \d\d:\d\d:\d\d\u00a0UTC/)
    expect(text).toContain('SMS parts: ')
  })

  it('says why nobody was told', async () => {
    const owner = newOwner()
    await stage.world.exchange.login({ account_id: owner.id })
    const portal = await enterPortal(stage, owner)
    const { text } = await portal.get(PATH)
    expect(text).toContain('Not sent: no number was linked')
    expect(text).not.toContain('Compare with your phone')
  })

  it('shows what somebody else wrote as text, kept in its place', async () => {
    const owner = await importOwner(stage)
    const hostile = '<img src=x>\u202egnp.exe'
    await loginAndDeliver(stage, owner, { device_name: hostile, city: '<b>X' })
    const portal = await enterPortal(stage, owner)
    const { text } = await portal.get(PATH)
    expect(text).not.toContain('<img')
    expect(text).not.toContain('<b>X')
    expect(text).toContain('<bdi>')
  })

  it('names the numbers that did not arrive, and finds them alone', async () => {
    const owner = newOwner()
    await fillHistory(owner.id, 500)
    const portal = await enterPortal(stage, owner)
    const first = await portal.get(PATH)
    expect(first.text).toContain('These did not arrive: \u2066#500')
    expect(first.text).toContain('you should have alerts #481 to #499')
    expect(first.text).toContain(`${PATH}?before=481`)
    const problems = await portal.get(`${PATH}?show=problems`)
    expect(problems.text.match(/<strong>#\d+<\/strong>/g)).toEqual([
      '<strong>#500</strong>',
      '<strong>#400</strong>',
    ])
    expect(problems.text).toContain('before=301&amp;show=problems')
  })

  it.each(['0', '-1', 'x', '9'.repeat(40), '1;DROP'])(
    'begins at the newest for ?before=%s',
    async (before) => {
      const owner = newOwner()
      await fillHistory(owner.id, 30)
      const portal = await enterPortal(stage, owner)
      const { text } = await portal.get(`${PATH}?before=${before}`)
      expect(text).toContain('#29')
    },
  )
})

describe('the file', () => {
  it('holds a thousand logins and says where the next are', async () => {
    const owner = newOwner()
    await fillHistory(owner.id, 1_500)
    const portal = await enterPortal(stage, owner)
    const file = await portal.get('/portal/logins.csv')
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="logins.csv"')
    expect(file.text.trimEnd().split('\r\n')).toHaveLength(1_001)
    expect(file.headers.get('link')).toBe('</portal/logins.csv?before=501>; rel="next"')
    const rest = await portal.get('/portal/logins.csv?before=501')
    expect(rest.text.trimEnd().split('\r\n')).toHaveLength(501)
    expect(rest.headers.get('link')).toBeNull()
  })

  it('is the account’s own alone', async () => {
    const [mine, other] = [newOwner(), newOwner()]
    await fillHistory(other.id, 5)
    const portal = await enterPortal(stage, mine)
    expect((await portal.get('/portal/logins.csv')).text.trimEnd().split('\r\n')).toHaveLength(1)
  })
})

/** In the last slot, behind every owner's. */
const LAST_ACCOUNT =
  Array.from({ length: 10_000 }, (_, number) => `zz-${number}`).find((id) => slotOf(id) === 255) ??
  ''

describe('a hundred thousand logins', () => {
  it('cost no page more rows than thirty do', async () => {
    const [few, many] = [newOwner(), newOwner()]
    await fillHistory(few.id, 30)
    await fillHistory(many.id, 100_000)
    const [short, long] = [await enterPortal(stage, few), await enterPortal(stage, many)]
    // A scan of an account's visits looks at the row behind them, of whichever account: both have one.
    await enterPortal(stage, { id: LAST_ACCOUNT })
    const paths = [PATH, '/portal', '/portal/sessions']
    for (const path of paths) {
      const expected = await rowsReadBy(() => short.get(path))
      expect(await rowsReadBy(() => long.get(path))).toBe(expected)
    }
    expect(await rowsReadBy(() => long.get(`${PATH}?before=50000`))).toBeLessThan(40)
    expect(await rowsReadBy(() => long.get(`${PATH}?show=problems`))).toBeLessThan(220)
    expect(await rowsReadBy(() => long.get('/portal/logins.csv'))).toBeLessThan(1_020)
  })
})

describe('open sessions', () => {
  const SESSIONS = '/portal/sessions'

  it('are shown, ended one by one, and confirmed by the exchange', async () => {
    const owner = await importOwner(stage)
    const { sessionId } = await loginAndDeliver(stage, owner)
    await loginAndDeliver(stage, owner, { country: 'TW', city: 'Taipei' })
    const portal = await enterPortal(stage, owner)
    expect((await portal.get(SESSIONS)).text.match(/name="session_id"/g)).toHaveLength(2)
    const ended = await portal.post(`${SESSIONS}/revoke`, { session_id: sessionId })
    expect(ended.location).toBe(SESSIONS)
    const page = await eventually('the confirmation', async () => {
      const { text } = await portal.get(SESSIONS)
      return text.includes('Signed out, confirmed') && text
    })
    expect(page.match(/name="session_id"/g)).toHaveLength(1)
    expect(page).not.toContain('http-equiv="refresh"')
  })

  it('are ended all at once', async () => {
    const owner = await importOwner(stage)
    const first = await loginAndDeliver(stage, owner)
    const second = await loginAndDeliver(stage, owner)
    // Whoever logs in often hides none.
    for (let later = 0; later < 20; later += 1) {
      await stage.world.exchange.login({ account_id: owner.id, session_id: `later_${later}` })
    }
    const portal = await enterPortal(stage, owner)
    const older = /href="([^"]*\?before=\d+)"/.exec((await portal.get(SESSIONS)).text)?.[1] ?? ''
    expect((await portal.get(older)).text).toContain(first.sessionId)
    await portal.post(`${SESSIONS}/revoke-all`)
    const revoked = () =>
      stage.world.exchange.callbacks
        .entries()
        .flatMap(({ event }) => (event?.type === 'session.revoked' ? [event.data.session_id] : []))
    await eventually('both callbacks', () =>
      [first, second].every(({ sessionId }) => revoked().includes(sessionId)),
    )
    await eventually('the confirmation', async () =>
      (await portal.get(SESSIONS)).text.includes('No open sessions'),
    )
  })

  it('C6 are not gone because their end was asked for, nor where the exchange takes no more of it', async () => {
    const { exchange } = stage.world
    const owner = await importOwner(stage)
    const { sessionId } = await loginAndDeliver(stage, owner)
    const portal = await enterPortal(stage, owner)
    await exchange.setCallbackMode('410')
    await portal.post(`${SESSIONS}/revoke`, { session_id: sessionId })
    const asked = (await portal.get('/portal')).text
    await eventually('the refusal', async () =>
      (await portal.get(SESSIONS)).text.includes('did not confirm'),
    )
    await exchange.setCallbackMode('ok')
    const overview = (await portal.get('/portal')).text
    for (const page of [asked, overview]) {
      expect(page).toContain('Sign-out requested, not confirmed: 1')
      expect(page).not.toContain('Open sessions: 0')
    }
    const page = (await portal.get(SESSIONS)).text
    expect(page).not.toMatch(/No open sessions|http-equiv="refresh"/)
  })

  it('of another account are not there to be ended', async () => {
    const other = await importOwner(stage)
    const { sessionId } = await loginAndDeliver(stage, other)
    const portal = await enterPortal(stage, await importOwner(stage))
    const refused = await portal.post(`${SESSIONS}/revoke`, { session_id: sessionId })
    expect(refused.status).toBe(404)
    const theirs = await enterPortal(stage, other)
    expect((await theirs.get(SESSIONS)).text).toContain('name="session_id"')
  })
})
