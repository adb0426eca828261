// Money goes out on a clear answer alone; a lift that the owner has not signed ends no hold where the exchange is strict.

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyAccount } from '../../../examples/exchange/account.ts'
import { liftChallenge } from '../../../examples/exchange/signed-lift.ts'
import { decideRelease } from '../../../examples/exchange/withdrawals.ts'
import {
  digIn,
  HOUR_MS,
  lockData,
  OPEN,
  ORIGIN,
  type Said,
  type Simulated,
  STORED,
  simulate,
  withdrawalOf,
} from './simulated.ts'

const HELD: Said = { status: 200, body: { held: true, until: null, known: true, reason: 'lock' } }

describe('a withdrawal', () => {
  it.each<[string, Said, string]>([
    ['is held', HELD, 'held: lock'],
    ['gets no answer', 'never', 'no answer: no answer in 2000 ms'],
    ['meets a database that is away', { status: 503 }, 'no answer: answered 503'],
    ['meets garbage', { status: 200, body: '<html>' }, 'no answer: answered 200'],
    ['meets nobody', 'down', 'no answer: fetch failed'],
    [
      'is of an account that is not known',
      { status: 200, body: { held: false, known: false } },
      'Lockline does not know this account',
    ],
  ])('that %s waits, and goes out once it may', async (_what, said, why) => {
    const simulated = simulate()
    await digIn(simulated)
    const { clock, say } = simulated
    say(({ path }) => (path === '/v1/events' ? STORED : said))
    await clock.pass(600_000)
    expect(await withdrawalOf(simulated)).toMatchObject({ state: 'pending', waitsFor: why })
    say(({ path }) => (path === '/v1/events' ? STORED : OPEN))
    await clock.pass(120_000)
    expect(await withdrawalOf(simulated)).toMatchObject({ state: 'sent', waitsFor: null })
  })

  it.each<[string, Said]>([
    ['does not take events', { status: 503 }],
    ['does not know the secret', { status: 401 }],
    ['hangs', 'never'],
  ])('waits until what the thief did is told, where Lockline %s', async (_what, said) => {
    const simulated = simulate()
    const { clock, say, asked } = simulated
    await digIn(simulated, said)
    say(({ path }) => (path === '/v1/events' ? said : OPEN))
    await clock.pass(120_000)
    expect(await withdrawalOf(simulated)).toMatchObject({
      state: 'pending',
      waitsFor: 'Lockline has not heard of all yet',
    })
    expect(asked.filter(({ path }) => path === '/v1/accounts/a1/hold')).toEqual([])
    say(({ path }) => (path === '/v1/events' ? STORED : HELD))
    await clock.pass(120_000)
    expect(await withdrawalOf(simulated)).toMatchObject({ waitsFor: 'held: lock' })
  })

  it('waits for no event that holds nothing, nor for another account’s', async () => {
    const simulated = simulate()
    await digIn(simulated)
    const { exchange, clock, say } = simulated
    await clock.pass(120_000)
    say(({ path }) => (path === '/v1/events' ? { status: 503 } : OPEN))
    const actor = { id: null, ip: null, userAgent: null }
    await exchange.changeCredential('a1', 'password_reset', actor)
    await exchange.changeCredential('a2', 'password_changed', actor)
    await clock.pass(120_000)
    expect(await withdrawalOf(simulated)).toMatchObject({ state: 'sent' })
  })

  it('is asked for each time, and once more than it goes out', async () => {
    const simulated = simulate()
    const { addressId } = await digIn(simulated)
    const { exchange, clock, say, asked } = simulated
    say(({ path }) => (path === '/v1/events' ? STORED : OPEN))
    await clock.pass(120_000)
    const before = asked.length
    const actor = { id: null, ip: null, userAgent: null }
    await exchange.requestWithdrawal('a1', { addressId, amount: 1 }, actor)
    await clock.calm()
    const paths = asked.slice(before).map(({ path }) => path)
    expect(paths.sort()).toEqual(['/v1/accounts/a1/hold', '/v1/events'])
  })

  it('is asked for at once when a hold is lifted', async () => {
    const simulated = simulate()
    await digIn(simulated)
    const { clock, say, callback } = simulated
    say(({ path }) => (path === '/v1/events' ? STORED : HELD))
    await clock.pass(90_000)
    say(({ path }) => (path === '/v1/events' ? STORED : OPEN))
    await callback('hold.lifted', { hold_id: 'h1', hold_reason: 'cooling_off' })
    await clock.pass(0)
    expect(await withdrawalOf(simulated)).toMatchObject({ state: 'sent' })
  })

  it('does not go out when a lock comes between the question and the answer', async () => {
    const simulated = simulate()
    await digIn(simulated)
    const { clock, say, callback } = simulated
    let locking: Promise<unknown> | null = null
    say(({ path }) => {
      if (path !== '/v1/events') {
        locking ??= callback('account.locked', lockData(clock, ['withdrawals.hold']))
        return OPEN
      }
      return STORED
    })
    await clock.pass(6_000)
    expect(locking).not.toBeNull()
    expect(await withdrawalOf(simulated)).toMatchObject({ waitsFor: 'held here: lock' })
  })

  it('is refused to an address that is frozen or unknown, or of no amount', async () => {
    const simulated = simulate()
    const { addressId } = await digIn(simulated)
    const { exchange, clock, callback } = simulated
    await callback('account.locked', lockData(clock))
    const actor = { id: null, ip: null, userAgent: null }
    const ask = (id: string, amount: number) =>
      exchange.requestWithdrawal('a1', { addressId: id, amount }, actor)
    expect(await ask(addressId, 1)).toEqual({ kind: 'refused', why: 'address_frozen' })
    expect(await ask('nowhere', 1)).toEqual({ kind: 'refused', why: 'unknown_address' })
    for (const amount of [0, -1, 0.5, Number.NaN, 2 ** 60]) {
      expect(await ask(addressId, amount)).toEqual({ kind: 'refused', why: 'amount' })
    }
  })

  it('goes out on `open` and nothing else, whatever the account', () => {
    const address = { id: 'x', name: '', address: '', addedAt: 0, state: 'usable' } as const
    const account = { ...emptyAccount('a1'), addresses: [address] }
    const withdrawal = {
      id: 'w',
      addressId: 'x',
      amount: 1,
      requestedAt: 0,
      state: 'pending',
      waitsFor: null,
      settledAt: null,
    } as const
    const answers = fc.oneof(
      fc.constant({ kind: 'open' } as const),
      fc.constant({ kind: 'unknown_account' } as const),
      fc.record({ kind: fc.constant('unanswered' as const), why: fc.string() }),
      fc.record({
        kind: fc.constant('held' as const),
        holdId: fc.string(),
        reason: fc.string(),
        until: fc.option(fc.string()),
      }),
    )
    fc.assert(
      fc.property(answers, fc.constantFrom('told', 'signed'), (answer, policy) => {
        const release = decideRelease(account, withdrawal, { answer, askedAt: 0 }, policy, 1)
        expect(release.kind).toBe(answer.kind === 'open' ? 'out' : 'waits')
      }),
    )
  })
})

describe('a lift', () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const passkey = (publicKey: KeyObject, credentialId = 'Y3JlZA') => ({
    credential_id: credentialId,
    jwk: publicKey.export({ format: 'jwk' }),
    alg: -7,
    rp_id: 'lock.example.com',
  })

  async function assertion(
    { clock }: Simulated,
    holdIds: readonly string[],
    privateKey: KeyObject,
  ) {
    const expiresAt = new Date(clock.now() + 300_000).toISOString()
    const challenge = await liftChallenge({ accountId: 'a1', holdIds, expiresAt })
    const clientData = Buffer.from(
      JSON.stringify({ type: 'webauthn.get', challenge, origin: ORIGIN, crossOrigin: false }),
    )
    const sha256 = async (bytes: Buffer) =>
      Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
    const rpIdHash = await sha256(Buffer.from('lock.example.com'))
    const authenticatorData = Buffer.concat([rpIdHash, Buffer.from([0x05, 0, 0, 0, 1])])
    const signed = Buffer.concat([authenticatorData, await sha256(clientData)])
    return {
      credential_id: 'Y3JlZA',
      authenticator_data: authenticatorData.toString('base64url'),
      client_data_json: clientData.toString('base64url'),
      signature: sign('sha256', signed, privateKey).toString('base64url'),
      expires_at: expiresAt,
    }
  }

  /** A locked account whose owner has a passkey of that age; Lockline says "open" from then on. */
  async function locked(policy: 'told' | 'signed', passkeyAgeMs: number | null) {
    const simulated = simulate({ liftPolicy: policy })
    const { clock, callback, say } = simulated
    if (passkeyAgeMs !== null) await callback('passkey.added', passkey(key.publicKey))
    await clock.pass(passkeyAgeMs ?? 0)
    await digIn(simulated)
    await callback('account.locked', lockData(clock, ['withdrawals.hold']))
    say(({ path }) => (path === '/v1/events' ? STORED : OPEN))
    return simulated
  }
  const lifted = { hold_id: 'l1', lock_id: 'l1', reason: 'Owner identified by support' }
  const OLD_MS = 73 * HOUR_MS

  it('that the owner signed lets money out, under either policy', async () => {
    for (const policy of ['told', 'signed'] as const) {
      const simulated = await locked(policy, OLD_MS)
      const signedBy = await assertion(simulated, ['l1'], key.privateKey)
      await simulated.callback('hold.lifted', { ...lifted, assertion: signedBy })
      await simulated.clock.pass(120_000)
      expect((await withdrawalOf(simulated))?.state).toBe('sent')
    }
  })

  it('that Lockline alone tells of lets it out if the exchange trusts it, or the owner has no passkey', async () => {
    for (const [policy, age] of [
      ['told', OLD_MS],
      ['signed', null],
      ['signed', 71 * HOUR_MS],
    ] as const) {
      const simulated = await locked(policy, age)
      await simulated.callback('hold.lifted', lifted)
      await simulated.clock.pass(120_000)
      expect((await withdrawalOf(simulated))?.state).toBe('sent')
    }
  })

  it('that nobody signed releases nothing where the exchange is strict, until the hold is over', async () => {
    const simulated = await locked('signed', OLD_MS)
    const { callback, clock, exchange } = simulated
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const attempts = [
      lifted,
      { ...lifted, assertion: await assertion(simulated, ['l1'], other.privateKey) },
      { ...lifted, assertion: await assertion(simulated, ['l2'], key.privateKey) },
      { account_id: 'a1' },
    ]
    // Nor with a key that is put in place of the owner's, or beside it.
    await callback('passkey.added', passkey(other.publicKey))
    await callback('passkey.added', passkey(other.publicKey, 'b3RoZXI'))
    const planted = await assertion(simulated, ['l1'], other.privateKey)
    for (const data of [
      ...attempts,
      { ...lifted, assertion: planted },
      { ...lifted, assertion: { ...planted, credential_id: 'b3RoZXI' } },
    ]) {
      expect((await callback('hold.lifted', data)).status).toBe(204)
    }
    clock.sleep(23 * HOUR_MS)
    await clock.pass(120_000)
    expect(await withdrawalOf(simulated)).toMatchObject({
      state: 'pending',
      waitsFor: 'held here: lock',
    })
    const { notes } = await exchange.read('a1')
    expect(notes.map(({ text }) => /\((.*)\)/.exec(text)?.[1])).toEqual([
      'none',
      'signature',
      'client_data',
      'none',
      'signature',
      'by an unknown or a new passkey',
    ])
    clock.sleep(HOUR_MS)
    await clock.pass(120_000)
    expect((await withdrawalOf(simulated))?.state).toBe('sent')
  })

  it('that the owner signed of all that held at once ends each of them once, and no other', async () => {
    const simulated = await locked('signed', OLD_MS)
    const { callback, clock, exchange } = simulated
    await callback('hold.lifted', {
      ...lifted,
      assertion: await assertion(simulated, ['l1'], key.privateKey),
    })
    const until = new Date(clock.now() + 12 * HOUR_MS).toISOString()
    const begin = (hold_id: string, reason: string) =>
      callback('hold.started', { hold_id, reason, cause: 'device', until })
    for (const id of ['h1', 'h2', 'h3']) await begin(id, `${id} holds`)
    const named = ['h1', 'h2']
    const signedBy = await assertion(simulated, named, key.privateKey)
    const lift = (hold_id: string, signed_hold_ids?: readonly string[]) =>
      callback('hold.lifted', {
        ...{ hold_id, lock_id: null, reason: 'owner', assertion: signedBy },
        ...(signed_hold_ids && { signed_hold_ids }),
      })
    await lift('h3', named)
    await lift('h3', ['h3'])
    await lift('h1')
    await lift('h1', named)
    const held = async () => (await exchange.read('a1')).holds.map(({ id }) => id)
    expect(await held()).toEqual(['h2', 'h3'])
    await lift('h2', named)
    expect(await held()).toEqual(['h3'])
    await begin('h2', 'told again')
    expect(await held()).toEqual(['h3'])
  })

  it('lifts once: the same signature does not lift the next hold', async () => {
    const simulated = await locked('signed', OLD_MS)
    const { callback, clock, exchange } = simulated
    const data = { ...lifted, assertion: await assertion(simulated, ['l1'], key.privateKey) }
    await callback('hold.lifted', data)
    expect((await exchange.read('a1')).holds).toEqual([])
    // The same lock again, by another press of the same link.
    await callback('account.locked', { ...lockData(clock, ['withdrawals.hold']) })
    await callback('hold.lifted', data)
    const { holds, notes } = await exchange.read('a1')
    expect(notes.at(-1)?.text).toContain('(used before)')
    expect(holds).toHaveLength(1)
  })
})
