// A graded lock at the example exchange: each action is confirmed by itself, once it is done; what takes longer or fails is
// tried again and reported. A callback that comes twice is done once.

import { describe, expect, it } from 'vitest'
import { createOwnDesk } from '../../../examples/exchange/lock-actions.ts'
import { LOCK_ACTION_NAMES } from '../../../src/lock/lock-actions.ts'
import { digIn, lockData, type Simulated, STORED, simulate } from './simulated.ts'

const reports = ({ asked }: Simulated) =>
  asked.filter(({ path }) => path.endsWith('/actions')).map(({ body }) => JSON.parse(body))
const sorted = (actions: unknown) => [...Object(actions)].sort()

describe('a lock', () => {
  it('leaves nothing of the thief, and confirms each action', async () => {
    const simulated = simulate()
    await digIn(simulated)
    const { exchange, clock, callback, asked, say } = simulated
    const { status, body } = await callback('account.locked', lockData(clock))
    expect(status).toBe(200)
    expect(sorted(Object(body).done)).toEqual([...LOCK_ACTION_NAMES].sort())
    expect(Object(body).failed).toEqual([])
    const account = await exchange.read('a1')
    const states = (items: readonly { readonly state: string }[]) => items.map(({ state }) => state)
    expect(states(account.sessions)).toEqual(['revoked'])
    expect(states(account.apiKeys)).toEqual(['revoked'])
    expect(states(account.addresses)).toEqual(['frozen'])
    expect(states(account.withdrawals)).toEqual(['cancelled'])
    expect(states(account.orders)).toEqual(['cancelled'])
    // What was cancelled does not go out, however open Lockline is.
    say(() => ({ status: 200, body: { held: false, known: true } }))
    const before = asked.length
    await clock.pass(3_600_000)
    expect(states((await exchange.read('a1')).withdrawals)).toEqual(['cancelled'])
    expect(asked.slice(before).map(({ path }) => path)).toEqual(['/v1/accounts/a1/hold'])
  })

  it('does what it asks and no more', async () => {
    const simulated = simulate()
    await digIn(simulated)
    const actions = ['sessions.revoke', 'withdrawals.hold']
    const { body } = await simulated.callback('account.locked', lockData(simulated.clock, actions))
    expect(body).toEqual({ done: actions, failed: [] })
    const { apiKeys, addresses, withdrawals } = await simulated.exchange.read('a1')
    expect([apiKeys[0]?.state, addresses[0]?.state, withdrawals[0]?.state]).toEqual([
      'live',
      'usable',
      'pending',
    ])
  })

  it('leaves the owner’s old addresses alone, and freezes what the thief adds later', async () => {
    const simulated = simulate()
    const { exchange, clock, callback } = simulated
    const address = { name: 'old', address: 'bc1q3nvd6yvzzqgm9h2w0t5x8s4k7e6r2p9a0' }
    const actor = { id: null, ip: null, userAgent: null }
    await exchange.addAddress('a1', address, actor)
    await clock.pass(8 * 24 * 3_600_000)
    await callback('account.locked', lockData(clock))
    await exchange.addAddress('a1', { ...address, name: 'new' }, actor)
    const { addresses } = await exchange.read('a1')
    expect(addresses.map(({ name, state }) => [name, state])).toEqual([
      ['old', 'usable'],
      ['new', 'frozen'],
    ])
    const changed = await exchange.changeCredential('a1', 'password_changed', actor)
    expect(changed).toEqual({ kind: 'refused', why: 'credentials_frozen' })
  })

  it('answers in time, and reports later what took longer', async () => {
    const finish = Promise.withResolvers<void>()
    const simulated = simulate({
      desk: (store) => async (action, accountId, lock) => {
        if (action === 'api_keys.revoke') await finish.promise
        return createOwnDesk(store, Date.now)(action, accountId, lock)
      },
    })
    await digIn(simulated)
    const { clock, callback, say } = simulated
    say(({ path }) => (path === '/v1/events' ? STORED : { status: 200, body: {} }))
    const actions = ['sessions.revoke', 'api_keys.revoke']
    const answered = callback('account.locked', lockData(clock, actions))
    await clock.pass(2_000)
    expect(await answered).toEqual({
      status: 200,
      body: { done: ['sessions.revoke'], failed: [] },
    })
    expect(reports(simulated)).toEqual([])
    finish.resolve()
    await clock.pass(10_000)
    expect(reports(simulated)).toEqual([{ done: actions, failed: [] }])
    await clock.pass(3_600_000)
    expect(reports(simulated)).toHaveLength(1)
  })

  it('says what failed, tries it again, and reports it until Lockline has heard', async () => {
    let fails = true
    const simulated = simulate({
      desk: (store) => async (action, accountId, lock) => {
        if (fails && action === 'orders.cancel') throw new Error('the engine is away')
        return createOwnDesk(store, Date.now)(action, accountId, lock)
      },
    })
    await digIn(simulated)
    const { clock, callback, say } = simulated
    const actions = ['sessions.revoke', 'orders.cancel']
    const first = await callback('account.locked', lockData(clock, actions))
    expect(first.body).toEqual({ done: ['sessions.revoke'], failed: ['orders.cancel'] })
    fails = false
    say(({ path }) => (path === '/v1/events' ? STORED : { status: 503 }))
    await clock.pass(6_000)
    expect(reports(simulated).length).toBeGreaterThan(0)
    say(({ path }) => (path === '/v1/events' ? STORED : { status: 200, body: {} }))
    await clock.pass(120_000)
    expect(reports(simulated).at(-1)).toEqual({ done: actions, failed: [] })
    expect((await simulated.exchange.read('a1')).orders[0]?.state).toBe('cancelled')
  })

  it('is finished though Lockline takes no reports', async () => {
    let fails = true
    const simulated = simulate({
      desk: (store) => async (action, accountId, lock) => {
        if (fails) throw new Error('away')
        return createOwnDesk(store, Date.now)(action, accountId, lock)
      },
    })
    await digIn(simulated)
    const { clock, callback, say, logged } = simulated
    say(({ path }) => (path === '/v1/events' ? STORED : { status: 404, body: {} }))
    await callback('account.locked', lockData(clock, ['orders.cancel']))
    await clock.pass(60_000)
    fails = false
    await clock.pass(120_000)
    expect((await simulated.exchange.read('a1')).orders[0]?.state).toBe('cancelled')
    const givenUp = logged.filter(({ line }) => line === 'job.given_up')
    expect(givenUp).toMatchObject([{ fields: { job: 'lock' } }])
    const before = reports(simulated).length
    await clock.pass(600_000)
    expect(reports(simulated)).toHaveLength(before)
  })

  it('cannot do what it does not know, and says so', async () => {
    const simulated = simulate()
    const { callback, clock } = simulated
    const { body } = await callback('account.locked', lockData(clock, ['cards.block', '__proto__']))
    expect(body).toEqual({ done: [], failed: ['cards.block', '__proto__'] })
  })

  it('is done once, however often it is told, and answered alike', async () => {
    const simulated = simulate()
    const { exchange, clock, callback } = simulated
    const data = lockData(clock)
    const first = await callback('account.locked', data, 'cbk_lock')
    // The owner is back in; the repetition of before does not throw them out.
    await exchange.logIn({ accountId: 'a1', ip: null, userAgent: null })
    expect(await callback('account.locked', data, 'cbk_lock')).toEqual(first)
    expect((await exchange.read('a1')).sessions.map(({ state }) => state)).toEqual(['live'])
    await callback('account.locked', data, 'cbk_lock_2')
    expect((await exchange.read('a1')).sessions.map(({ state }) => state)).toEqual(['revoked'])
    expect((await exchange.read('a1')).locks).toHaveLength(1)
  })

  it.each([{ lock_id: 1 }, { hold_until: 'soon' }, { account_id: null }])(
    'that cannot be read (%o) is not confirmed',
    async (change) => {
      const { callback, clock } = simulate()
      const { status } = await callback('account.locked', { ...lockData(clock), ...change })
      expect(status).toBe(422)
    },
  )
})

describe('other callbacks', () => {
  it('end the one session that is named', async () => {
    const { exchange, callback } = simulate()
    const one = await exchange.logIn({ accountId: 'a1', ip: null, userAgent: null })
    await exchange.logIn({ accountId: 'a1', ip: null, userAgent: null })
    const { status } = await callback('session.revoked', { session_id: one.session.id })
    expect(status).toBe(204)
    const { sessions } = await exchange.read('a1')
    expect(sessions.map(({ state }) => state)).toEqual(['revoked', 'live'])
  })

  it('of a kind that is not known are filed, not refused', async () => {
    const { exchange, callback } = simulate()
    expect(await callback('alert.burnt', { reason: 'new' })).toEqual({ status: 204, body: null })
    expect((await exchange.read('a1')).notes).toMatchObject([{ text: 'alert.burnt reason=new' }])
  })

  it('that are forged change nothing', async () => {
    const { exchange, clock } = simulate()
    const body = JSON.stringify({ type: 'account.locked', data: lockData(clock) })
    const { status } = await exchange.takeCallback({ 'webhook-id': 'x' }, body)
    expect(status).toBe(401)
    expect((await exchange.read('a1')).locks).toEqual([])
  })

  it('about a hold that began after it ended start none', async () => {
    const { exchange, clock, callback } = simulate()
    const until = new Date(clock.now() + 3_600_000).toISOString()
    const hold = { hold_id: 'h1', reason: 'cooling_off', cause: 'device', until }
    await callback('hold.lifted', { hold_id: 'h1', reason: 'cooling_off' })
    await callback('hold.started', hold)
    expect((await exchange.read('a1')).holds).toEqual([])
    await callback('hold.started', { ...hold, hold_id: 'h2' })
    expect((await exchange.read('a1')).holds).toMatchObject([{ id: 'h2', cause: 'device' }])
  })
})
