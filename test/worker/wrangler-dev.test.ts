// A team's own settings with plain `wrangler dev`, as docs/integration.md describes it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, freePort } from '../support/stage.ts'
import { startWranglerDev, type WranglerDev } from '../support/wrangler-dev.ts'
import { ANY_CARRIER_NAMES } from '../world/carrier-kits.ts'
import { startWorld, type World } from '../world/world.ts'

let world: World
let dev: WranglerDev

beforeAll(async () => {
  const port = await freePort()
  const workerOrigin = `http://127.0.0.1:${port}`
  world = await startWorld({ workerOrigin, carriers: ANY_CARRIER_NAMES })
  dev = await startWranglerDev(port, world.settings())
})

afterAll(async () => {
  await dev.stop()
  await world.close()
})

describe('C5 wrangler dev with .dev.vars', () => {
  it('has the settings of every provider', async () => {
    const answer = await fetch(`${dev.origin}/healthz`)
    expect(await answer.json()).toMatchObject({ status: 'well' })
  })

  it('tells an owner of a login', async () => {
    const phone = '+12025550143'
    await world.exchange.api('PUT', '/v1/accounts/dev-1', { phone })
    const { status } = await world.exchange.login({ account_id: 'dev-1' })
    expect(status).toBe(202)
    const message = await eventually('the SMS', () => world.phones.messagesTo(phone)[0])
    expect(message.text).toContain(`${dev.origin}/l/`)
  })

  it('runs the cron when it is asked to', async () => {
    const answer = await fetch(`${dev.origin}/cdn-cgi/handler/scheduled`)
    expect([answer.status, await answer.text()]).toEqual([200, 'ok'])
  })
})
