// Receipts become samples, samples a weight, the weight another first provider: the whole way through
// the Worker. How much is learnt from what is the unit tests' business.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  execute,
  importOwner,
  loginAndDeliver,
  loginOnce,
  queryOne,
  trustEveryProvider,
} from '../support/owner.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage({
    settings: { SMS_RECEIPT_WAIT_MS: '300' },
  })
})

afterAll(() => stage.close())

async function deliverBy(count: number): Promise<readonly string[]> {
  const providers: string[] = []
  for (let login = 0; login < count; login += 1) {
    const owner = await importOwner(stage)
    const { message } = await loginAndDeliver(stage, owner)
    await loginOnce(stage, owner, 'delivered')
    providers.push(message.provider)
  }
  return providers
}

const weight = () => queryOne(stage, 'SELECT scope, kept_percent, reason FROM route_weights')

describe('a provider whose texts do not arrive', () => {
  it('loses its place at the next minute, and has it again when the row is gone', async () => {
    const { twilio } = stage.world.carriers
    expect(await deliverBy(2)).toEqual(['twilio', 'twilio'])
    await twilio.setMode('undelivered')
    await deliverBy(13)
    expect(await weight()).toBe(null)
    // All that was met is among the samples by then.
    await stage.settle()
    await stage.runtime.tick()
    const lowered = await eventually('the weight', weight)
    expect(lowered).toEqual({ scope: 'twilio/US', kept_percent: 25, reason: 'receipts' })

    await twilio.setMode('ok')
    await execute(stage, 'UPDATE route_weights SET kept_percent = 2')
    // The board is read once a second.
    await eventually('another first', async () => (await deliverBy(1))[0] === 'infobip')
    const after = await deliverBy(8)
    // The probes are two of a hundred; which alerts they are, their ids say.
    expect(after.filter((provider) => provider === 'infobip').length).toBeGreaterThan(4)

    await execute(stage, 'DELETE FROM route_weights')
    // By the lowered weight three in a row would be one of 125,000; the board may be a second old.
    const isFirst = async () => (await deliverBy(3)).every((provider) => provider === 'twilio')
    await eventually('its old place', isFirst)
  })
})

describe('a receipt that never comes', () => {
  it('is noted with the second wave', async () => {
    await trustEveryProvider(stage)
    const { twilio } = stage.world.carriers
    await twilio.setMode('no-receipt')
    const owner = await importOwner(stage)
    await stage.world.exchange.login({ account_id: owner.id })
    await loginOnce(stage, owner, 'accepted')
    await eventually('the missing receipt', async () => {
      await stage.runtime.tick()
      return queryOne(stage, `SELECT 1 FROM route_samples WHERE cells LIKE '%"missing":1%'`)
    })
    const { alert } = await loginOnce(stage, owner, 'delivered')
    expect(alert.attempts.map(({ provider }) => provider)).toEqual(['twilio', 'infobip'])
  })
})
