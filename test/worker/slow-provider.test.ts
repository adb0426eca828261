// A first provider that answers, but late: within a few logins the others are asked before it, nothing
// is refused, and a quick answer brings it back. Who got which message is asserted, never how long.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  convict,
  execute,
  importOwner,
  loginAndDeliver,
  queryOne,
  trustEveryProvider,
} from '../support/owner.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

// Slow by a good margin, and as far from the deadline: the machine may be busy.
const SLOW_MS = 1_200
const DEADLINE_MS = 2_500

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage({
    settings: { SMS_ATTEMPT_TIMEOUT_MS: String(DEADLINE_MS) },
  })
})

afterAll(() => stage.close())

beforeEach(() => trustEveryProvider(stage))

async function deliverBy(count: number): Promise<readonly string[]> {
  const providers: string[] = []
  for (let login = 0; login < count; login += 1) {
    const { message } = await loginAndDeliver(stage, await importOwner(stage))
    providers.push(message.provider)
  }
  return providers
}

/** The only row of the table, if any. */
const breaker = () => queryOne(stage, 'SELECT scope, code, trips FROM breakers')

/** Three that meet it at once are evidence; who reads it convicts. */
async function becomesSlow() {
  const owners = [await importOwner(stage), await importOwner(stage), await importOwner(stage)]
  await Promise.all(owners.map((owner) => loginAndDeliver(stage, owner)))
  return eventually('the conviction', async () => {
    await deliverBy(1)
    return breaker()
  })
}

describe('a slow first provider', () => {
  it('is asked after the others, until a text finds it quick again', async () => {
    const { twilio } = stage.world.carriers
    await twilio.setMode('slow', { slowMs: SLOW_MS })
    expect(await becomesSlow()).toEqual({ scope: 'twilio/slow', code: 'slow', trips: 1 })
    expect(await deliverBy(3)).toEqual(['infobip', 'infobip', 'infobip'])

    await execute(stage, 'UPDATE breakers SET open_until = ?', Date.now() - 1)
    const again = await eventually('a slow probe', async () => {
      await deliverBy(1)
      const row = await breaker()
      return row?.trips === 2 && row
    })
    expect(again).toEqual({ scope: 'twilio/slow', code: 'slow', trips: 2 })

    await twilio.setMode('ok')
    await execute(stage, 'UPDATE breakers SET open_until = ?', Date.now() - 1)
    await eventually('a quick probe', async () => {
      await deliverBy(1)
      return (await breaker()) === null
    })
    // Only what the isolate itself demoted still waits its seconds, which are the simulated road's to prove.
    await stage.newIsolate()
    expect(await deliverBy(3)).toEqual(['twilio', 'twilio', 'twilio'])
  })

  it('takes over when those before it fail: slow is not refused', async () => {
    const { twilio, infobip, vonage } = stage.world.carriers
    await Promise.all([
      twilio.setMode('slow', { slowMs: SLOW_MS }),
      infobip.setMode('rejected'),
      vonage.setMode('rejected'),
    ])
    await convict(stage, 'twilio/slow', 'slow')
    expect(await deliverBy(1)).toEqual(['twilio'])
  })
})
