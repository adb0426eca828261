// A burst of logins of known devices becomes one SMS that names them all; whatever is new is told at
// once, whatever else is going on.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accountPath,
  execute,
  importOwner,
  linkIn,
  loginAndDeliver,
  loginOnce,
  type Owner,
  pathOf,
  readHistory,
} from '../support/owner.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage({ settings: { ALERTS_PER_10_MINUTES: '2', ALERTS_PER_DAY: '20' } })
})

afterAll(() => stage.close())

const HOME = { ip: '203.0.113.77', country: 'DE', user_agent: 'Mozilla/5.0 Chrome/130.0' }

function login(owner: Owner, change: Readonly<Record<string, string>> = {}) {
  return stage.world.exchange.login({ account_id: owner.id, ...HOME, ...change })
}

function textsTo(owner: Owner): readonly string[] {
  return stage.world.phones.messagesTo(owner.phone).map((message) => message.text)
}

async function states(owner: Owner): Promise<readonly string[]> {
  const { logins } = await readHistory(stage, owner)
  return logins.map(({ alert }) => `${alert.number} ${alert.state}`)
}

/** The first login, then as many of the same device as go out one by one. */
async function inABurst(): Promise<Owner> {
  const owner = await importOwner(stage)
  await loginAndDeliver(stage, owner, HOME)
  await loginAndDeliver(stage, owner, HOME)
  return owner
}

/** As if the ten minutes were over, and half a minute more. */
async function endWindow(owner: Owner): Promise<void> {
  await execute(
    stage,
    'UPDATE logins SET lease_until = ? WHERE account_id = ? AND merged_into = seq',
    Date.now() - 60_000,
    owner.id,
  )
  await stage.runtime.tick()
}

describe('a burst of a known device', () => {
  it('is told in one SMS, with how many and which', async () => {
    const owner = await inABurst()
    for (let count = 0; count < 3; count += 1) await login(owner)
    expect(await states(owner)).toEqual([
      '5 merged',
      '4 merged',
      '3 queued',
      '2 delivered',
      '1 delivered',
    ])
    await stage.settle()
    expect(textsTo(owner)).toHaveLength(2)

    await endWindow(owner)
    const digest = await eventually('the SMS', () => textsTo(owner)[2])
    expect(digest).toContain('3 logins (#3-#5) on known devices')
    const locked = await stage.runtime.fetch(pathOf(linkIn(digest)), { method: 'POST' })
    expect(locked.status).toBe(200)
  })

  it('waits, whoever nudges', async () => {
    const owner = await inABurst()
    await login(owner)
    await stage.runtime.tick()
    await stage.settle()
    expect((await states(owner))[0]).toBe('3 queued')
    expect(textsTo(owner)).toHaveLength(2)
  })

  it.each([
    ['device', { user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari' }],
    ['country', { country: 'BR' }],
    ['network', { ip: '198.51.100.9' }],
  ])('never hides an unseen %s', async (_what, change) => {
    const owner = await inABurst()
    await login(owner)
    await loginAndDeliver(stage, owner, { ...HOME, ...change })
    expect((await states(owner)).slice(0, 2)).toEqual(['4 delivered', '3 queued'])
  })

  it('is new again after a lock: one of the devices was not its owner', async () => {
    const owner = await inABurst()
    await stage.world.exchange.api('POST', accountPath(owner, '/lock'))
    await login(owner)
    expect((await loginOnce(stage, owner, 'delivered')).alert.number).toBe(3)
  })

  it('counts every account by itself', async () => {
    await inABurst()
    const other = await importOwner(stage)
    await loginAndDeliver(stage, other, HOME)
    expect(textsTo(other)).toHaveLength(1)
  })
})

describe('A12 a flood of new devices', () => {
  it('A12 costs twenty SMS and a digest, hides no new country, and is told to the exchange once', async () => {
    const owner = await importOwner(stage)
    const flood = Array.from({ length: 30 }, (_, nth) => ({ device_name: `Phone ${nth}` }))
    for (const device of flood) await login(owner, device)
    await stage.settle()
    expect(textsTo(owner)).toHaveLength(20)
    await loginAndDeliver(stage, owner, { ...HOME, country: 'VN' })
    expect(textsTo(owner)[20]).toContain('login #31')

    await endWindow(owner)
    const digest = await eventually('the SMS', () => textsTo(owner)[21])
    expect(digest).toContain('10 logins (#21-#30), some on new devices. Most unusual: ')
    const told = stage.world.exchange.callbacks
      .entries()
      .filter(
        ({ event }) => event?.type === 'alert.budget_used' && event.data.account_id === owner.id,
      )
    expect(told.map(({ event }) => event?.data)).toEqual([
      expect.objectContaining({ alerts: 20, resumes_at: expect.stringMatching(/T00:00:00/) }),
    ])
  })
})

describe('alerts of unusual logins only', () => {
  it('A2 keep what is known for the history, and tell another network as well as another country', async () => {
    const owner = await importOwner(stage, { alerts: 'unusual' })
    await loginAndDeliver(stage, owner, HOME)
    await login(owner)
    const { logins } = await readHistory(stage, owner)
    expect(logins[0]?.alert).toMatchObject({ number: null, state: 'suppressed', reason: 'usual' })
    await loginAndDeliver(stage, owner, { ...HOME, country: 'BR' })
    // The same kind of browser in the same country, as any thief's may be.
    await loginAndDeliver(stage, owner, { ...HOME, ip: '198.51.100.9' })
    expect(textsTo(owner)).toHaveLength(3)
  })
})
