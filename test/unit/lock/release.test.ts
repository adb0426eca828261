// What holds withdrawals by itself, ended by its owner: on the page behind a link, by a proof that was his 72 hours before. And
// everything that a thief with the password, a session and the SMS can try there.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readLift } from '../../../examples/exchange/lift.ts'
import { verifySignedLift } from '../../../examples/exchange/signed-lift.ts'
import { findAccount } from '../../../src/account/accounts.ts'
import { listPasskeys, removePasskeyStatements } from '../../../src/account/passkeys.ts'
import type { Db } from '../../../src/lib/db.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { HOUR_MS } from '../../../src/lib/time.ts'
import { findHoldState } from '../../../src/lock/hold-state.ts'
import { lockAccount } from '../../../src/lock/lock-account.ts'
import { findReleasePath } from '../../../src/lock/release/release-path.ts'
import { callbacks, countedActivities, holds, knownMarks } from '../../../src/schema.ts'
import { en } from '../../../src/words/languages/en.ts'
import { readAsked } from '../../support/passkeys.ts'
import { NOW } from '../deliver/fixtures.ts'
import { ID } from '../portal/owner-pages.ts'
import { heldOwner, LONG_AGO, OTHER_SECRET, SECRET, TOO_LATE } from './held-owner.ts'

let lines: string[] = []

beforeEach(() => {
  lines = []
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)))
  vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)))
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** What the exchange is told of each hold that ended. */
async function liftsIn(db: Db) {
  const rows = await db.select().from(callbacks)
  return rows
    .filter(({ type }) => type === 'hold.lifted')
    .map(({ body }) => JSON.parse(body).data)
    .sort((a, b) => a.hold_id.localeCompare(b.hold_id))
}

describe('the owner ends the wait', () => {
  it('by a passkey of 72 hours, told on every channel, and the login is confirmed with it', async () => {
    const { link, ask, sign, isHeld, told, posted, nudged, db } = await heldOwner({
      passkeyAt: LONG_AGO,
    })
    expect((await ask(link)).text).toContain('All of this was me')
    const done = await sign(link)
    expect([done.status, await isHeld()]).toEqual([200, false])
    expect(done.text).toContain('We are telling BitEx')
    expect((await told()).sort()).toEqual(['hold.lifted', 'session.confirmed'])
    expect(await posted()).toEqual(['hold_lifted'])
    expect(nudged).toHaveLength(2)
    expect(lines.join()).toContain('"event":"hold.released"')
    expect(await liftsIn(db)).toMatchObject([
      {
        account_id: ID,
        hold_id: 'hld_1',
        hold_reason: 'cooling_off',
        reason: 'owner',
        lock_id: null,
      },
    ])
  })

  it('by a signature that the exchange’s own verifier takes, of each hold that it ends', async () => {
    const { link, sign, hold, happened, db, device, clock } = await heldOwner({
      passkeyAt: LONG_AGO,
    })
    await happened({ activity: 'address_added', sessionId: '' })
    await hold({ holdId: 'hld_2', reason: 'activity', cause: 'address_added', alertId: 'alr_2' })
    expect((await sign(link)).status).toBe(200)
    const lifts = await liftsIn(db)
    expect(lifts.map(({ hold_id }) => hold_id)).toEqual(['hld_1', 'hld_2'])
    for (const data of lifts) {
      const lift = readLift(ID, data.hold_id, data)
      if (!lift) throw new Error('nothing is signed')
      expect(lift.holdIds).toEqual(['hld_1', 'hld_2'])
      const { credentialId } = lift
      const key = { credentialId, jwk: device.publicJwk, alg: -7, rpId: 'lock.example.com' }
      const rules = { origin: 'https://lock.example.com', now: clock.now, lateMs: 0 }
      expect((await verifySignedLift(lift, key, rules)).kind).toBe('signed')
    }
  })

  it('by a code of an authenticator app of 72 hours, which is used up by it and confirms no session', async () => {
    const { link, typeCode, isHeld, told, hold, happened, ask, codeOf, shownOn, db } =
      await heldOwner({ totpAt: LONG_AGO })
    const done = await typeCode(link)
    expect([done.status, await isHeld(), await told()]).toEqual([200, false, ['hold.lifted']])
    const [lifted] = await liftsIn(db)
    expect([lifted?.reason, lifted?.assertion]).toEqual(['owner', undefined])
    const next = await happened()
    await hold({ holdId: 'hld_2', alertId: 'alr_2' })
    const shown = shownOn((await ask(next)).text)
    expect((await ask(next, { shown, totp: codeOf(SECRET) })).status).toBe(422)
    expect(await isHeld()).toBe(true)
  })

  it('once, of five presses at the same moment', async () => {
    const { link, ask, codeOf, shownOn, told, posted } = await heldOwner({ totpAt: LONG_AGO })
    const fields = { shown: shownOn((await ask(link)).text), totp: codeOf(SECRET) }
    await Promise.all(Array.from({ length: 5 }, () => ask(link, fields)))
    expect([await told(), await posted()]).toEqual([['hold.lifted'], ['hold_lifted']])
  })

  it('twice by a double tap, or by a page loaded again: both say that it has ended', async () => {
    const { link, ask, codeOf, shownOn, device, happened, hold } = await heldOwner({
      passkeyAt: LONG_AGO,
      totpAt: LONG_AGO,
    })
    const fields = { shown: shownOn((await ask(link)).text), totp: codeOf(SECRET) }
    const both = await Promise.all([ask(link, fields), ask(link, fields)])
    const again = await ask(link, fields)
    for (const { status, text } of [...both, again]) {
      expect([status, text.includes('The wait has ended')]).toEqual([200, true])
    }
    const next = await happened({ activity: 'password_changed', sessionId: '' })
    await hold({ holdId: 'hld_2', reason: 'activity', cause: 'password_changed', alertId: 'alr_2' })
    const page = (await ask(next)).text
    const { challenge, sealed } = readAsked(page)
    const credential = device.assert({ challenge })
    const signed = { shown: shownOn(page), challenge: sealed, credential }
    const taps = await Promise.all([ask(next, signed), ask(next, signed)])
    expect(taps.map(({ text }) => text.includes('The wait has ended'))).toEqual([true, true])
    // Nothing of it is said to whoever names a hold that runs.
    await hold({ holdId: 'hld_3' })
    expect((await ask(next, { shown: '1 hld_1 hld_3' })).text).not.toContain('The wait has ended')
  })

  it.each([
    ['passkey_added', en.portal.passkey.heading],
    ['passkey_removed', en.portal.passkey.heading],
    ['two_factor_changed', en.portal.authenticator.heading],
  ])(
    'of %s a moment ago, though logins long before it were not recognised either',
    async (cause, shown) => {
      const { link, ask, sign, hold, clock, db, isHeld } = await heldOwner({ passkeyAt: LONG_AGO })
      await db.update(holds).set({ liftedAt: clock.now, liftReason: 'support' })
      clock.now += 1
      const own = { reason: 'activity', cause, alertId: null } as const
      await hold({ holdId: 'hld_own', ...own })
      expect((await ask(link)).text).toContain(`<li>${shown} · `)
      expect([(await sign(link)).status, await isHeld()]).toEqual([200, false])
    },
  )

  it('of all that holds at once, shown one by one', async () => {
    const { link, ask, sign, hold, happened, isHeld, told } = await heldOwner({
      passkeyAt: LONG_AGO,
    })
    await happened({ activity: 'address_added', sessionId: '' })
    await hold({ holdId: 'hld_2', reason: 'activity', cause: 'address_added', alertId: 'alr_2' })
    const { text } = await ask(link)
    expect(text).toContain('withdrawal address added')
    expect([(await sign(link)).status, await isHeld()]).toEqual([200, false])
    expect((await told()).filter((type) => type === 'hold.lifted')).toHaveLength(2)
  })

  it('and what the logins were known by is known from then on, of those that were shown', async () => {
    const { link, sign, db } = await heldOwner({ passkeyAt: LONG_AGO })
    const pendingMarks = { alr_1: { 'd:new': 20_000 }, alr_unseen: { 'd:thief': 20_000 } }
    await db.update(holds).set({ pendingMarks })
    await sign(link)
    expect((await db.select().from(knownMarks)).map(({ marks }) => marks)).toEqual([
      { 'd:new': 20_000 },
    ])
  })

  it('by the link of an activity too, which is no session to confirm', async () => {
    const { sign, happened, hold, isHeld, told } = await heldOwner({ passkeyAt: LONG_AGO })
    const link = await happened({ activity: 'password_changed', sessionId: '' })
    await hold({ holdId: 'hld_2', reason: 'activity', cause: 'password_changed', alertId: 'alr_2' })
    expect([(await sign(link)).status, await isHeld()]).toEqual([200, false])
    expect(await told()).not.toContain('session.confirmed')
  })

  it('also by the link of a session that has ended', async () => {
    const { sign, happened, isHeld } = await heldOwner({ passkeyAt: LONG_AGO })
    const ended = await happened({ sessionEndedAt: NOW, sessionEnd: 'ended' })
    expect([(await sign(ended)).status, await isHeld()]).toEqual([200, false])
  })

  it('also by a link that is over, for as long as something holds that it told of', async () => {
    const { ask, sign, link, hold, isHeld, clock } = await heldOwner({ passkeyAt: LONG_AGO })
    clock.now = NOW + 25 * HOUR_MS
    expect([(await ask(link)).status, await isHeld()]).toEqual([410, false])
    const times = { startedAt: NOW, until: NOW + 72 * HOUR_MS }
    await hold({ holdId: 'hld_2', reason: 'activity', cause: 'password_changed', ...times })
    expect([(await sign(link)).status, await isHeld()]).toEqual([200, false])
    expect((await ask(link)).status).toBe(410)
  })

  it('by the way from his pages, which leads there only where he can', async () => {
    const pathOf = async ({ db, context, clock }: Awaited<ReturnType<typeof heldOwner>>) => {
      const account = await findAccount(db, ID)
      if (!account) throw new Error('it is there')
      const { stored } = await findHoldState(db, ID, clock.now)
      const passkeys = await listPasskeys(db, ID)
      return findReleasePath(db, context.config, { account, passkeys }, stored)
    }
    const able = await heldOwner({ passkeyAt: LONG_AGO })
    expect(await pathOf(able)).toBe(able.link)
    expect(await pathOf(await heldOwner({ passkeyAt: TOO_LATE }))).toBeNull()
    await able.sign(able.link)
    expect(await pathOf(able)).toBeNull()
  })
})

describe('a thief with password, session and SMS', () => {
  it.each([
    ['a passkey', { passkeyAt: TOO_LATE }],
    ['an authenticator app', { totpAt: TOO_LATE }],
    ['neither', {}],
  ] as const)(
    'ends nothing with %s that was added 72 hours before and a moment',
    async (_, has) => {
      const { link, ask, codeOf, isHeld } = await heldOwner(has)
      const page = await ask(link)
      expect(page.text).toContain('you need a passkey or an authenticator app')
      expect(page.text).not.toContain('All of this was me')
      const shown = { shown: '1 hld_1', totp: codeOf(SECRET) }
      expect((await ask(link, shown)).status).toBe(422)
      expect(await isHeld()).toBe(true)
    },
  )

  it('plants a passkey, and the page still asks for none but the owner’s', async () => {
    const { link, sign, addPasskey, isHeld } = await heldOwner({ passkeyAt: LONG_AGO })
    const planted = await addPasskey(NOW + 1)
    expect([(await sign(link, planted)).status, await isHeld()]).toEqual([422, true])
  })

  it('changes the authenticator’s secret in the exchange’s name: it counts from that moment', async () => {
    const { link, ask, setTotp, shownOn, codeOf, isHeld } = await heldOwner({ totpAt: LONG_AGO })
    const shown = shownOn((await ask(link)).text)
    await setTotp(OTHER_SECRET, NOW + 30_000)
    expect((await ask(link, { shown, totp: codeOf(OTHER_SECRET) })).status).toBe(422)
    await setTotp(null, NOW + 31_000)
    await setTotp(SECRET, NOW + 32_000)
    expect((await ask(link, { shown, totp: codeOf(SECRET) })).status).toBe(422)
    expect(await isHeld()).toBe(true)
  })

  it('does something while the owner reads: the page is shown again, with it', async () => {
    const { link, ask, happened, device, codeOf, shownOn, isHeld } = await heldOwner({
      passkeyAt: LONG_AGO,
      totpAt: LONG_AGO,
    })
    const before = (await ask(link)).text
    const { challenge, sealed } = readAsked(before)
    await happened({ activity: 'address_added', sessionId: '' })
    const credential = device.assert({ challenge })
    const signed = await ask(link, { challenge: sealed, credential })
    expect([signed.status, signed.text.includes('withdrawal address added')]).toEqual([422, true])
    const typed = await ask(link, { shown: shownOn(before), totp: codeOf(SECRET) })
    expect([typed.status, await isHeld()]).toEqual([422, true])
  })

  it('has the owner’s passkey removed between the page and the answer', async () => {
    const { link, ask, db, device, isHeld } = await heldOwner({ passkeyAt: LONG_AGO })
    const { challenge, sealed } = readAsked((await ask(link)).text)
    await db.batch(
      removePasskeyStatements(db, { accountId: ID, credentialId: device.credentialId }, NOW),
    )
    const credential = device.assert({ challenge })
    expect((await ask(link, { challenge: sealed, credential })).status).toBe(422)
    expect(await isHeld()).toBe(true)
  })

  it('logs in more often than anybody reads: then nothing is said to be the owner’s', async () => {
    const { link, ask, happened, isHeld } = await heldOwner({ passkeyAt: LONG_AGO })
    for (let nth = 0; nth < 20; nth += 1) await happened()
    const { text } = await ask(link)
    expect([text.includes('All of this was me'), await isHeld()]).toEqual([false, true])
  })

  it('has so much happen after his login that nobody looks back as far: nothing is ended then', async () => {
    const { link, sign, ask, happened, isHeld } = await heldOwner({ passkeyAt: LONG_AGO })
    // The owner's own login began the hold; this is the thief's.
    await happened()
    for (let nth = 0; nth < 1_000; nth += 1) {
      await happened({ activity: 'withdrawal_requested', sessionId: '', alertNumber: null })
    }
    const own = await happened()
    expect((await ask(own)).text).not.toContain('All of this was me')
    await sign(link)
    expect(await isHeld()).toBe(true)
  })

  it('makes changes that are only counted, before the owner looks or while he reads', async () => {
    const { link, ask, db, device, isHeld, clock } = await heldOwner({ passkeyAt: LONG_AGO })
    const { challenge, sealed } = readAsked((await ask(link)).text)
    const change = { ...inSlot(ID), activity: 'address_added' } as const
    await db
      .insert(countedActivities)
      .values({ ...change, alertId: 'alr_c', receivedAt: clock.now })
    const credential = device.assert({ challenge })
    expect((await ask(link, { challenge: sealed, credential })).status).toBe(422)
    expect((await ask(link)).text).not.toContain('All of this was me')
    expect(await isHeld()).toBe(true)
  })

  it('guesses codes: five tries of a link, and the owner’s right one is refused as well', async () => {
    const { link, typeCode, isHeld } = await heldOwner({ totpAt: LONG_AGO })
    const wrong = Array.from({ length: 5 }, () => typeCode(link, '000000'))
    expect((await Promise.all(wrong)).map(({ status }) => status)).toEqual(Array(5).fill(422))
    expect([(await typeCode(link)).status, await isHeld()]).toEqual([429, true])
  })

  it('posts answers without end by the owner’s link: from his own place, which takes none of the owner’s tries', async () => {
    const { link, ask, device, isHeld } = await heldOwner({ passkeyAt: LONG_AGO })
    const { challenge, sealed } = readAsked((await ask(link)).text)
    const credential = device.assert({ challenge })
    const junk = { challenge: sealed, credential: '{}' }
    for (let nth = 0; nth < 20; nth += 1) await ask(link, junk, '203.0.113.7')
    const answer = { challenge: sealed, credential }
    expect((await ask(link, answer, '203.0.113.7')).status).toBe(429)
    expect([(await ask(link, answer, '198.51.100.2')).status, await isHeld()]).toEqual([200, false])
  })
})

describe('what is not the owner’s to end here', () => {
  it('a lock’s hold, also one that comes at the same moment', async () => {
    const { link, ask, context, device, isHeld, told } = await heldOwner({ passkeyAt: LONG_AGO })
    const { challenge, sealed } = readAsked((await ask(link)).text)
    const lock = { accountId: ID, lockId: 'lck_1', alertId: null, alertNumber: null }
    await lockAccount(context, { ...lock, via: 'portal', lockedAt: NOW + 60_000 })
    const credential = device.assert({ challenge })
    expect((await ask(link, { challenge: sealed, credential })).status).toBe(409)
    expect([await isHeld(), (await told()).includes('hold.lifted')]).toEqual([true, false])
  })

  it('a planned one, and what else runs beside it', async () => {
    const { link, ask, hold, isHeld } = await heldOwner({ passkeyAt: LONG_AGO })
    await hold({ holdId: 'hld_p', reason: 'planned', alertId: null, cause: 'owner' })
    expect((await ask(link)).text).not.toContain('All of this was me')
    expect(await isHeld()).toBe(true)
  })
})

describe('LIFT_POLICY=owner', () => {
  it('takes the passkey alone of whoever has one: the exchange knows the authenticator’s secret', async () => {
    const { link, ask, sign, codeOf, isHeld } = await heldOwner({
      ...{ LIFT_POLICY: 'owner', passkeyAt: LONG_AGO, totpAt: LONG_AGO },
    })
    const page = await ask(link)
    expect(page.text).not.toContain('name="totp"')
    expect((await ask(link, { shown: '1 hld_1', totp: codeOf(SECRET) })).status).toBe(422)
    expect(await isHeld()).toBe(true)
    expect([(await sign(link)).status, await isHeld()]).toEqual([200, false])
  })

  it('takes the code of whoever has no passkey', async () => {
    const { link, typeCode, isHeld } = await heldOwner({ LIFT_POLICY: 'owner', totpAt: LONG_AGO })
    expect([(await typeCode(link)).status, await isHeld()]).toEqual([200, false])
  })

  it('takes no code where the passkey was removed a moment ago', async () => {
    const { link, ask, db, device, codeOf, isHeld } = await heldOwner({
      ...{ LIFT_POLICY: 'owner', passkeyAt: LONG_AGO, totpAt: LONG_AGO },
    })
    const key = { accountId: ID, credentialId: device.credentialId }
    await db.batch(removePasskeyStatements(db, key, NOW + 1))
    expect((await ask(link, { shown: '1 hld_1', totp: codeOf(SECRET) })).status).toBe(422)
    expect(await isHeld()).toBe(true)
  })
})
