// The example's outbox: what happened is told, in the end and once, and nobody waits for it.

import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../../examples/exchange/store.ts'
import { type Said, type Simulated, STORED, simulate } from './simulated.ts'

const SIGN_IN = { accountId: 'a1', ip: '203.0.113.77', userAgent: 'x', deviceName: 'iPhone' }
const ACTOR = { id: 's1', ip: '203.0.113.77', userAgent: 'x' }
const events = ({ asked }: Simulated) =>
  asked
    .filter(({ path }) => path === '/v1/events')
    .map(({ body, headers }) => ({ ...JSON.parse(body), id: headers.get('webhook-id') }))
const givenUp = ({ logged }: Simulated) => logged.filter(({ line }) => line === 'job.given_up')

describe('a login', () => {
  it('is told with what is known of it, and nothing else', async () => {
    const simulated = simulate()
    const { session } = await simulated.exchange.logIn(SIGN_IN)
    await simulated.clock.calm()
    expect(events(simulated)).toEqual([
      {
        id: `login.${session.id}`,
        type: 'login.succeeded',
        timestamp: new Date(session.startedAt).toISOString(),
        data: {
          account_id: 'a1',
          session_id: session.id,
          ip: '203.0.113.77',
          user_agent: 'x',
          device_name: 'iPhone',
        },
      },
    ])
  })

  it.each<[string, Said]>([
    ['hangs', 'never'],
    ['is down', 'down'],
    ['answers 503', { status: 503 }],
    ['answers 401', { status: 401 }],
    ['answers 404', { status: 404 }],
  ])('is told until it is taken while Lockline %s: same id, same instant', async (_how, said) => {
    const simulated = simulate()
    const { exchange, clock, say } = simulated
    say(() => said)
    const { token } = await exchange.logIn(SIGN_IN)
    expect(token).toMatch(/^a1~/)
    await clock.pass(600_000)
    say(() => STORED)
    await clock.pass(60_000)
    const told = events(simulated)
    expect(told.length).toBeGreaterThan(8)
    expect(new Set(told.map(({ id, timestamp }) => `${id} ${timestamp}`)).size).toBe(1)
    clock.sleep(3_600_000)
    await clock.pass(60_000)
    expect(events(simulated)).toHaveLength(told.length)
    expect(givenUp(simulated)).toEqual([])
  })

  it('is repeated after seconds, then minutes', async () => {
    const simulated = simulate()
    const { exchange, clock, say } = simulated
    const at: number[] = []
    say(() => {
      at.push(clock.now())
      return { status: 503 }
    })
    await exchange.logIn(SIGN_IN)
    await clock.pass(200_000)
    expect(at.slice(1).map((when, index) => when - (at[index] ?? 0))).toEqual([
      1_000, 5_000, 30_000, 60_000, 60_000,
    ])
  })

  it('that Lockline refuses is given up with a line in the log, and keeps nothing back', async () => {
    const simulated = simulate()
    const { exchange, clock, say } = simulated
    say(() => ({ status: 422, body: { code: 'invalid_event' } }))
    await exchange.logIn(SIGN_IN)
    await clock.pass(60_000)
    expect(events(simulated)).toHaveLength(1)
    expect(givenUp(simulated)).toMatchObject([{ fields: { why: '422 invalid_event' } }])
    say(() => STORED)
    await exchange.logIn(SIGN_IN)
    await clock.calm()
    expect(events(simulated)).toHaveLength(2)
  })

  it.each([400, 413, 415, 422])(
    'refused by %i stays to be seen, and is told once somebody has it tried again',
    async (status) => {
      const simulated = simulate()
      const { exchange, clock, say } = simulated
      say(() => ({ status, body: { code: 'no' } }))
      const { session } = await exchange.logIn(SIGN_IN)
      await clock.pass(600_000)
      const id = `login.${session.id}`
      expect(await exchange.stuck()).toMatchObject([
        { job: { id }, attempts: 1, why: `${status} no`, isDead: true },
      ])
      say(() => STORED)
      await exchange.tryAgain(id)
      await clock.calm()
      expect(events(simulated)).toHaveLength(2)
      expect(await exchange.stuck()).toEqual([])
    },
  )

  it('of the day before is told still, hourly, is seen to be late, and holds back the money', async () => {
    const simulated = simulate()
    const { exchange, clock, say, store } = simulated
    say(() => 'down')
    const { session } = await exchange.logIn(SIGN_IN)
    await clock.calm()
    expect(await exchange.stuck()).toEqual([])
    clock.sleep(25 * 3_600_000)
    await clock.pass(60_000)
    expect(await exchange.stuck()).toMatchObject([
      { job: { id: `login.${session.id}` }, why: 'fetch failed', isDead: false },
    ])
    expect([givenUp(simulated), await store.isHoldUntold('a1')]).toEqual([[], true])
    const before = events(simulated).length
    await clock.pass(3 * 3_600_000)
    expect(events(simulated).length - before).toBe(3)
    say(() => STORED)
    await clock.pass(3_600_000)
    expect([await exchange.stuck(), await store.isHoldUntold('a1')]).toEqual([[], false])
  })

  it('waits for no other that hangs', async () => {
    const simulated = simulate()
    const { exchange, clock, say } = simulated
    say(() => 'never')
    for (let nth = 0; nth < 3; nth += 1) await exchange.logIn(SIGN_IN)
    await clock.calm()
    expect(events(simulated)).toHaveLength(3)
    say(() => STORED)
    await exchange.logIn({ ...SIGN_IN, accountId: 'a2' })
    await clock.calm()
    expect(events(simulated)).toHaveLength(4)
  })
})

describe('activities', () => {
  it('are told: what may hold withdrawals, and what strangers can cause', async () => {
    const simulated = simulate()
    const { exchange, clock } = simulated
    const address = { name: 'x', address: 'bc1q3nvd6yvzzqgm9h2w0t5x8s4k7e6r2p9a0' }
    for (const kind of [
      'password_changed',
      'two_factor_disabled',
      'two_factor_changed',
      'email_changed',
      'phone_changed',
      'password_reset',
    ] as const) {
      await exchange.changeCredential('a1', kind, ACTOR)
    }
    await exchange.makeApiKey('a1', 'k', ACTOR)
    const added = await exchange.addAddress('a1', address, ACTOR)
    const addressId = added.kind === 'done' ? added.id : ''
    await exchange.requestWithdrawal('a1', { addressId, amount: 5 }, ACTOR)
    for (let nth = 0; nth < 6; nth += 1) await exchange.failLogin('a1', ACTOR)
    await clock.calm()
    const told = events(simulated)
    expect(told.map(({ data }) => data.kind).sort()).toEqual([
      'address_added',
      'api_key_created',
      'email_changed',
      'logins_failed',
      'password_changed',
      'password_reset',
      'phone_changed',
      'two_factor_changed',
      'two_factor_disabled',
      'withdrawal_requested',
    ])
    expect(told.every(({ type }) => type === 'activity.occurred')).toBe(true)
    expect(new Set(told.map(({ id }) => id)).size).toBe(10)
    const key = told.find(({ data }) => data.kind === 'api_key_created')
    expect(key?.data).toEqual({
      account_id: 'a1',
      kind: 'api_key_created',
      session_id: 's1',
      ip: ACTOR.ip,
      user_agent: 'x',
      detail: 'k',
    })
  })

  it('that this Lockline does not know stop nothing', async () => {
    const simulated = simulate()
    const { exchange, clock, say } = simulated
    say(({ body }) =>
      body.includes('activity.occurred')
        ? { status: 422, body: { code: 'invalid_event' } }
        : STORED,
    )
    await exchange.makeApiKey('a1', 'k', ACTOR)
    await exchange.logIn(SIGN_IN)
    await clock.pass(60_000)
    expect(events(simulated)).toHaveLength(2)
    expect(givenUp(simulated)).toHaveLength(1)
  })
})

describe('the end of a session', () => {
  it('is told', async () => {
    const simulated = simulate()
    const { exchange, clock } = simulated
    const { session } = await exchange.logIn(SIGN_IN)
    await exchange.logOut('a1', session.id)
    await clock.calm()
    const told = events(simulated).find(({ type }) => type === 'session.ended')
    expect(told?.data).toEqual({ account_id: 'a1', session_id: session.id })
  })
})

describe('a job', () => {
  it('is taken by one process at a time, and by another once its lease is over', async () => {
    const store = createMemoryStore()
    const event = { id: 'e1', type: 't', at: 0, data: {} }
    await store.update('a1', 0, (account) => ({
      account,
      jobs: [{ kind: 'event', id: 'e1', dueAt: 0, event }],
      result: null,
    }))
    expect(await store.takeJobs(0, 1_000, 10)).toHaveLength(1)
    expect(await store.takeJobs(999, 1_000, 10)).toEqual([])
    expect(await store.takeJobs(1_000, 1_000, 10)).toMatchObject([{ attempts: 2 }])
  })
})
