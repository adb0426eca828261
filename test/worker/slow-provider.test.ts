// A first provider that answers, but late: within a few logins the others are asked before it, nothing
// is refused, and a quick answer brings it back. Who got which message is asserted, never how long.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execute, importOwner, loginAndDeliver, queryOne } from '../support/owner.ts'
import type { Stage } from '../support/stage.ts'
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

describe('a slow first provider', () => {
  it('is asked after the others, until a text finds it quick again', async () => {
    const { twilio } = stage.world.carriers
    await twilio.setMode('slow', { slowMs: SLOW_MS })
    expect(await deliverBy(6)).toEqual([
      ...['twilio', 'twilio', 'twilio'],
      ...['infobip', 'infobip', 'infobip'],
    ])
    expect(await breaker()).toEqual({ scope: 'twilio/slow', code: 'slow', trips: 1 })

    await execute(stage, 'UPDATE breakers SET open_until = ?', Date.now() - 1)
    expect(await deliverBy(2)).toEqual(['twilio', 'infobip'])
    expect(await breaker()).toEqual({ scope: 'twilio/slow', code: 'slow', trips: 2 })

    await twilio.setMode('ok')
    await execute(stage, 'UPDATE breakers SET open_until = ?', Date.now() - 1)
    expect(await deliverBy(2)).toEqual(['twilio', 'twilio'])
    expect(await breaker()).toBe(null)
  })

  it('takes over when those before it fail: slow is not refused', async () => {
    const { twilio, infobip, vonage } = stage.world.carriers
    await twilio.setMode('slow', { slowMs: SLOW_MS })
    await deliverBy(3)
    await Promise.all([infobip.setMode('rejected'), vonage.setMode('rejected')])
    expect(await deliverBy(1)).toEqual(['twilio'])
  })
})
