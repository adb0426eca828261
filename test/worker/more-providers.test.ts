// Sinch, Telnyx and AWS, each as the first provider of the real Worker: the simulated carriers are
// written from the vendors' documents, so the two sides meet on the wire only.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importOwner, loginAndDeliver, readHistory } from '../support/owner.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import type { ExtraCarrierName } from '../world/carrier-protocol.ts'

const RECEIPTS = { sentMs: 20, deliveredMs: 60, lateMs: 1000, retryMs: 50 }

describe.each([
  ['telnyx', 'delivered'],
  ['sinch', 'delivered'],
  // Its reports go to an event destination, not to us: no more is ever known.
  ['aws', 'accepted'],
] as const)('%s', (name: ExtraCarrierName, reached) => {
  let stage: Stage

  beforeAll(async () => {
    stage = await startTestStage({
      world: { carriers: [name, 'twilio'], knobs: { receipts: RECEIPTS } },
    })
  })

  afterAll(() => stage.close())

  it(`carries an alert to the phone, and it is known to be ${reached}`, async () => {
    const owner = await importOwner(stage)
    const { exchange, phones } = stage.world
    await exchange.login({ account_id: owner.id })
    await phones.waitForMessage(owner.phone, () => true, 5_000)
    const alert = await eventually('the last receipt', async () => {
      const { logins } = await readHistory(stage, owner)
      return logins[0]?.alert.state === reached ? logins[0].alert : null
    })
    expect(alert.attempts).toMatchObject([{ provider: name, state: reached }])
  })

  it.each(['500', 'garbage', 'rejected'] as const)(
    'is passed over when it answers %s',
    async (mode) => {
      const carrier = stage.world.extraCarriers[name]
      await carrier?.setMode(mode)
      const owner = await importOwner(stage)
      await loginAndDeliver(stage, owner)
      await carrier?.setMode('ok')
      const { logins } = await readHistory(stage, owner)
      expect(logins[0]?.alert.attempts.map((attempt) => attempt.provider).at(-1)).toBe('twilio')
    },
  )
})
