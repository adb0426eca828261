// A login becomes an SMS, and what is stored says how.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

describe('a login', () => {
  it('reaches the phone of the account by the first provider, and is delivered', async () => {
    const { exchange, phones } = stage.world
    const put = await exchange.api('PUT', '/v1/accounts/1001', { phone: '+12025550123' })
    expect(put.status).toBe(200)
    const login = await exchange.login({ account_id: '1001' })
    expect(login.status).toBe(202)
    await phones.waitForMessage('+12025550123', () => true, 5000)
    await eventually('delivery', async () => {
      const history = await exchange.api('GET', '/v1/accounts/1001/logins')
      return JSON.stringify(history.body).includes('"state":"delivered"')
    })
  })
})
