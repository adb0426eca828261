// Whoever has the exchange's keys, or talks its support into using them: what an API can do to an account whose withdrawals are
// held. With LIFT_POLICY=owner, every road but the owner's own passkey, none of which may end a hold early.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findAccount, saveAccountStatement, sealField } from '../../../src/account/accounts.ts'
import { proofsBefore, totpSince } from '../../../src/account/owner-proofs.ts'
import { removePasskeyStatements } from '../../../src/account/passkeys.ts'
import { accountRoutes } from '../../../src/api/account-routes.ts'
import { keysUnder, parseApiKeys } from '../../../src/api/api-keys.ts'
import { holdRoutes } from '../../../src/api/hold-routes.ts'
import { importRoutes } from '../../../src/api/import-routes.ts'
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts'
import { lockAccount } from '../../../src/lock/lock-account.ts'
import { isRefusedAsHeld, refuseHeldStatement } from '../../../src/lock/refuse-held.ts'
import { accounts, holds, logins } from '../../../src/schema.ts'
import { randomBytes } from '../../support/ports.ts'
import { NOW } from '../deliver/fixtures.ts'
import { heldOwner, LONG_AGO, OTHER_SECRET, SECRET } from '../lock/held-owner.ts'
import { ID } from '../portal/owner-pages.ts'

const PHONE = '+12025550177'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

async function insider(beginning: Parameters<typeof heldOwner>[0]) {
  const owner = await heldOwner(beginning)
  const { context, db } = owner
  async function call(method: string, path: string, body?: unknown) {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer a-key-of-theirs' }
    const request = {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    const routes = path.endsWith('/hold') ? holdRoutes : accountRoutes
    const response = await routes.request(path, request, { context })
    const text = await response.text()
    const answer: unknown = text === '' ? null : JSON.parse(text)
    return { status: response.status, answer }
  }
  async function importLine(line: Readonly<Record<string, unknown>>) {
    const headers = { 'content-type': 'application/x-ndjson' }
    const request = { method: 'POST', headers, body: `${JSON.stringify(line)}\n` }
    const response = await importRoutes.request('/v1/accounts/import', request, { context })
    const [first = ''] = (await response.text()).split('\n')
    const answer: unknown = JSON.parse(first)
    return answer
  }
  const put = (body: unknown) => call('PUT', `/v1/accounts/${ID}`, body)
  const lift = () => call('DELETE', `/v1/accounts/${ID}/hold`, { reason: 'a call' })
  const erase = () => call('DELETE', `/v1/accounts/${ID}`)
  const account = () => findAccount(db, ID)
  return { ...owner, put, lift, erase, importLine, account }
}

const HELD = { status: 409, answer: expect.objectContaining({ code: 'account_held' }) }
const OWNERS = { status: 409, answer: expect.objectContaining({ code: 'owner_required' }) }

describe('while any hold runs', () => {
  it.each([
    ['a number', { phone: PHONE }],
    ['an authenticator', { totp_secret: OTHER_SECRET }],
    ['no authenticator', { totp_secret: null }],
  ])('the API gives the account %s only once it is over', async (_, body) => {
    const { put, importLine, account, clock } = await insider({ totpAt: LONG_AGO })
    const before = await account()
    expect(await put({ ...body, locale: 'de' })).toEqual(HELD)
    expect(await importLine({ account_id: ID, ...body })).toEqual({
      ...{ line: 1, status: 409, code: 'account_held', account_id: ID },
    })
    expect(await account()).toEqual(before)
    clock.now = NOW + 12 * HOUR_MS
    expect((await put(body)).status).toBe(200)
    expect(await account()).not.toEqual(before)
  })

  it('says what is so already, and what gives nobody the account', async () => {
    const { put, importLine, account } = await insider({ totpAt: LONG_AGO })
    expect((await put({ totp_secret: SECRET, locale: 'de' })).status).toBe(200)
    expect(await importLine({ account_id: ID, totp_secret: SECRET, locale: 'fr' })).toMatchObject({
      status: 200,
    })
    const after = await account()
    expect([after?.totpSince, after?.locale]).toEqual([LONG_AGO, 'fr'])
  })

  it('nothing is erased, and an account that is imported anew has no hold less', async () => {
    const { erase, isHeld, db, clock, context } = await insider({})
    expect(await erase()).toEqual(HELD)
    expect([await isHeld(), (await db.select().from(logins)).length]).toEqual([true, 1])
    const lock = { accountId: ID, lockId: 'lck_1', alertId: null, alertNumber: null }
    clock.now = NOW + 13 * HOUR_MS
    await lockAccount(context, { ...lock, via: 'portal', lockedAt: clock.now })
    expect(await erase()).toEqual(HELD)
    clock.now += DAY_MS
    expect((await erase()).status).toBe(204)
    expect(await db.select().from(holds)).toEqual([])
  })

  it('a batch fails that would do it, though it was asked a moment before the hold began', async () => {
    const { db, clock } = await insider({})
    const write = (id: string, now: number) =>
      db.batch([
        db.update(accounts).set({ locale: 'fr' }),
        refuseHeldStatement(db, ['another', id], now),
      ])
    const refused: unknown = await write(ID, clock.now).catch((error: unknown) => error)
    expect(isRefusedAsHeld(refused)).toBe(true)
    expect((await findAccount(db, ID))?.locale).toBeNull()
    await write(ID, NOW + 12 * HOUR_MS)
    await write('nobody', clock.now)
    expect(isRefusedAsHeld(new Error('D1_ERROR: malformed JSON: SQLITE_ERROR'))).toBe(false)
  })

  it('an account that only its logins have named is imported for the first time', async () => {
    const { db, put } = await insider({})
    await db.delete(accounts)
    expect((await put({ phone: PHONE, totp_secret: SECRET })).status).toBe(200)
  })
})

describe('LIFT_POLICY=owner', () => {
  const OWNER = { LIFT_POLICY: 'owner', passkeyAt: LONG_AGO, totpAt: LONG_AGO } as const

  it('leaves no early lift to anybody but the owner’s passkey', async () => {
    const made = await insider(OWNER)
    const { lift, put, erase, importLine, isHeld, db, device, addPasskey, link, sign, ask } = made
    const planted = await addPasskey(NOW + 1)
    const roads: readonly (() => Promise<unknown>)[] = [
      lift,
      () => put({ totp_secret: OTHER_SECRET }),
      () => put({ phone: PHONE, former_phone_told: true }),
      () => importLine({ account_id: ID, totp_secret: OTHER_SECRET }),
      erase,
      () => put({ phone: PHONE }),
      () => sign(link, planted),
      () => ask(link, { shown: '1 hld_1', totp: made.codeOf(SECRET) }),
      () => ask(link, { shown: '1 hld_1', totp: made.codeOf(OTHER_SECRET) }),
      () => ask(link, {}),
      () =>
        db.batch(
          removePasskeyStatements(
            db,
            { accountId: ID, credentialId: device.credentialId },
            made.clock.now,
          ),
        ),
      lift,
      () => ask(link, { shown: '1 hld_1', totp: made.codeOf(SECRET) }),
    ]
    for (const road of roads) {
      await road()
      expect(await isHeld()).toBe(true)
    }
    expect(await lift()).toEqual(OWNERS)
  })

  it('holds for a lock’s hold too, and for one beside it', async () => {
    const { lift, context, clock, isHeld } = await insider(OWNER)
    const lock = { accountId: ID, lockId: 'lck_1', alertId: null, alertNumber: null }
    await lockAccount(context, { ...lock, via: 'api', lockedAt: clock.now })
    expect(await lift()).toEqual(OWNERS)
    clock.now = NOW + 13 * HOUR_MS
    expect([await lift(), await isHeld()]).toEqual([OWNERS, true])
  })

  it.each([
    ['has none', {}],
    ['has one that is too young', { passkeyAt: LONG_AGO + 1 }],
  ])('leaves it to the exchange where the owner %s', async (_, has) => {
    const { lift, isHeld } = await insider({ LIFT_POLICY: 'owner', ...has })
    expect([(await lift()).status, await isHeld()]).toEqual([200, false])
  })

  it('takes the scope from keys that name none', () => {
    const parsed = parseApiKeys(['a-key-of-the-exchange', 'a-key-of-its-support:holds.lift'])
    if (!parsed.ok) throw new Error(parsed.error)
    const mayLift = (policy: 'api' | 'owner') =>
      keysUnder(policy, parsed.value).map(({ scopes }) => scopes.has('holds.lift'))
    expect([mayLift('api'), mayLift('owner')]).toEqual([
      [true, true],
      [false, true],
    ])
  })
})

describe('since when an authenticator is the account’s', () => {
  it('is the import that brought another secret, and the last change before that was kept', async () => {
    const { db, account, context } = await insider({ totpAt: LONG_AGO })
    // As a version before this one has left it.
    await db.update(accounts).set({ totpSince: null, updatedAt: LONG_AGO + 5 })
    const old = await account()
    expect(old && totpSince(old)).toBe(LONG_AGO + 5)
    await saveAccountStatement(db, ID, { locale: 'fr' }, NOW)
    expect((await account())?.totpSince).toBe(LONG_AGO + 5)
    const { dataKeys } = context.config
    const totpSealed = await sealField(randomBytes, dataKeys, ID, 'totp', OTHER_SECRET)
    await saveAccountStatement(db, ID, { totpSealed }, NOW)
    expect((await account())?.totpSince).toBe(NOW)
    await saveAccountStatement(db, ID, { totpSealed: null }, NOW)
    const without = await account()
    expect(without && proofsBefore(without, [], NOW + 365 * DAY_MS, 'api').hasTotp).toBe(false)
  })
})
