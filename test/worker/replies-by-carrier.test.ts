// The owner answers on the phone, and each carrier brings the text as its vendor does: written from the
// vendors' documents, so that carrier and Worker meet on the wire only.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importOwner, loginAndDeliver, queryOne } from '../support/owner.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

const AREA_CODE_OF = {
  twilio: '415',
  infobip: '510',
  vonage: '617',
  telnyx: '628',
  sinch: '657',
} as const
type Name = keyof typeof AREA_CODE_OF
const NAMES: readonly Name[] = ['twilio', 'infobip', 'vonage', 'telnyx', 'sinch']

let stage: Stage
let numbers = 100

beforeAll(async () => {
  const routes = Object.entries(AREA_CODE_OF).map(([name, area]) => [`+1${area}`, [name]])
  stage = await startTestStage({
    world: { carriers: NAMES },
    settings: {
      SMS_ROUTES: JSON.stringify(Object.fromEntries(routes)),
      // In the world it is a name, which nobody can answer.
      SMS_SENDERS: JSON.stringify({ '+1617': { vonage: '12025550102' } }),
    },
  })
})

afterAll(() => stage.close())

async function alertedBy(name: Name) {
  numbers += 1
  const owner = await importOwner(stage, { phone: `+1${AREA_CODE_OF[name]}5550${numbers}` })
  const { message } = await loginAndDeliver(stage, owner)
  const code = /LOCK ([2-9A-Z]{4})/.exec(message.text)?.[1] ?? ''
  return { owner, message, code }
}

const lockOf = (owner: { readonly id: string }) =>
  queryOne(stage, 'SELECT via FROM locks WHERE account_id = ?', owner.id)

describe.each(NAMES)('a reply that %s brings', (name) => {
  it('locks, and is answered', async () => {
    const { phones } = stage.world
    const { owner, message, code } = await alertedBy(name)
    expect(message.provider).toBe(name)
    const outcome = await phones.reply(message.providerMessageId, `Lock ${code}`)
    expect(outcome).toMatchObject({ kind: 'carried', reply: { status: 204 } })
    expect(await lockOf(owner)).toEqual({ via: 'reply' })
    const answer = await eventually('the answer', () => phones.messagesTo(owner.phone)[1])
    expect(answer).toMatchObject({
      provider: name,
      text: expect.stringContaining('withdrawals'),
    })
  })

  it('locks nothing when somebody else sends it', async () => {
    const { phones } = stage.world
    const { owner, message, code } = await alertedBy(name)
    const { owner: other } = await alertedBy(name)
    const outcome = await phones.reply(message.providerMessageId, `LOCK ${code}`, other.phone)
    expect(outcome).toMatchObject({ kind: 'carried', reply: { status: 204 } })
    expect([await lockOf(owner), await lockOf(other)]).toEqual([null, null])
  })
})

describe('a word that Telnyx answers by itself', () => {
  it('mutes, and gets no second answer', async () => {
    const { exchange, phones } = stage.world
    const { owner, message } = await alertedBy('telnyx')
    await phones.reply(message.providerMessageId, 'STOP')
    const { body } = await exchange.api('GET', `/v1/accounts/${owner.id}`)
    expect(body).toMatchObject({ phone: { state: 'opted_out' } })
    const notices = await queryOne(
      stage,
      'SELECT count(*) AS count FROM notices WHERE account_id = ?',
      owner.id,
    )
    expect(notices).toEqual({ count: 0 })
  })
})

describe('an SMS from a name', () => {
  it('asks for no reply: none could come', async () => {
    const stage = await startTestStage({ world: { carriers: ['vonage'] } })
    try {
      const owner = await importOwner(stage)
      const { message } = await loginAndDeliver(stage, owner)
      expect(message).toMatchObject({ provider: 'vonage', from: 'Lockline' })
      expect(message.text).not.toMatch(/reply/i)
    } finally {
      await stage.close()
    }
  })
})
