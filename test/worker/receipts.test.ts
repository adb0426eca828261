// Receipts: what a provider reports moves an alert forward and never back; what is not proven to be a
// provider's moves nothing; what failed or never came sends the alert on, once.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  accountPath,
  countRows,
  execute,
  importOwner,
  loginOnce,
  type Owner,
  queryOne,
  readHistory,
  trustEveryProvider,
} from '../support/owner.ts'
import { postReceipt, receiptOf, twilioForm } from '../support/receipts.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import type { CarrierCall } from '../world/carrier.ts'
import type { CarrierMode } from '../world/carrier-modes.ts'
import { CARRIER_NAMES, type CarrierName } from '../world/carrier-protocol.ts'

const FIRST_BY_AREA: Readonly<Record<CarrierName, string>> = {
  twilio: '+1415555',
  infobip: '+1510555',
  vonage: '+1617555',
}

let stage: Stage
let numbers = 100

beforeAll(async () => {
  const receipts = { sentMs: 10, deliveredMs: 30, lateMs: 100, retryMs: 50 }
  stage = await startTestStage({
    world: { knobs: { receipts } },
    settings: {
      SMS_RECEIPT_WAIT_MS: '1',
      // A name could not be answered, so its text would be another one.
      VONAGE_FROM: '12025550102',
      SMS_ROUTES: JSON.stringify({
        '+1510': ['infobip', 'vonage', 'twilio'],
        '+1617': ['vonage', 'twilio', 'infobip'],
      }),
    },
  })
})

afterAll(() => stage.close())

beforeEach(() => setModes('no-receipt'))

async function setModes(mode: CarrierMode): Promise<void> {
  for (const name of CARRIER_NAMES) await stage.world.carriers[name].setMode(mode)
}

function ownerOf(first: CarrierName): Promise<Owner> {
  numbers += 1
  return importOwner(stage, { phone: `${FIRST_BY_AREA[first]}0${numbers}` })
}

function callsTo(owner: Owner) {
  return CARRIER_NAMES.flatMap((name) => stage.world.carriers[name].calls.entries()).filter(
    (call) => call.to === owner.phone,
  )
}

/** A login whose SMS is with `first`, and nothing reported of it yet. */
async function acceptedBy(first: CarrierName) {
  const owner = await ownerOf(first)
  await stage.world.exchange.login({ account_id: owner.id })
  await loginOnce(stage, owner, 'accepted')
  const [call] = callsTo(owner)
  if (call?.provider !== first) throw new Error(`${first} was not called first`)
  return { owner, call }
}

async function alertOf(owner: Owner) {
  const { logins } = await readHistory(stage, owner)
  return logins[0]?.alert
}

describe.each(CARRIER_NAMES)('a receipt of %s', (provider) => {
  it('"sent" and then "delivered" is told apart in the history', async () => {
    const { owner, call } = await acceptedBy(provider)
    expect(await postReceipt(receiptOf(stage, call, 'sent'))).toBe(204)
    const sent = await alertOf(owner)
    expect(await postReceipt(receiptOf(stage, call, 'delivered'))).toBe(204)
    const delivered = await alertOf(owner)
    expect([sent, delivered]).toMatchObject([
      { state: 'sent', attempts: [{ state: 'sent', delivered_at: null }] },
      {
        state: 'delivered',
        attempts: [{ state: 'delivered', sent_at: sent?.attempts[0]?.sent_at }],
      },
    ])
  })

  it('that comes twice, or late, changes nothing', async () => {
    const { owner, call } = await acceptedBy(provider)
    const sent = receiptOf(stage, call, 'sent')
    await postReceipt(sent)
    const onceSent = await alertOf(owner)
    expect(await postReceipt(sent)).toBe(204)
    expect(await alertOf(owner)).toEqual(onceSent)
    const delivered = receiptOf(stage, call, 'delivered')
    await postReceipt(delivered)
    const onceDelivered = await alertOf(owner)
    expect([await postReceipt(delivered), await postReceipt(sent)]).toEqual([204, 204])
    expect(await alertOf(owner)).toEqual(onceDelivered)
  })

  it('that reports failure after delivery is not believed', async () => {
    const { owner, call } = await acceptedBy(provider)
    await postReceipt(receiptOf(stage, call, 'delivered'))
    expect(await postReceipt(receiptOf(stage, call, 'undelivered'))).toBe(204)
    expect(await alertOf(owner)).toMatchObject({
      state: 'delivered',
      attempts: [{ state: 'delivered' }],
    })
    expect(callsTo(owner)).toHaveLength(1)
  })

  it('that is forged is refused and changes nothing', async () => {
    const { owner, call } = await acceptedBy(provider)
    const before = await countRows(stage)
    const forged = receiptOf(stage, call, 'delivered', { forged: true })
    expect(await postReceipt(forged)).toBe(401)
    expect(await alertOf(owner)).toMatchObject({ state: 'accepted' })
    expect(await countRows(stage)).toEqual(before)
  })

  it('whose body was changed after it was signed is refused', async () => {
    // Infobip's bodies are not signed: there the reference inside must open instead.
    const { owner, call } = await acceptedBy(provider)
    const receipt = receiptOf(stage, call, 'sent')
    const expected = provider === 'infobip' ? 404 : 401
    const body =
      provider === 'infobip' ? receipt.body.replaceAll(call.ref ?? '', 'AAAA') : `${receipt.body} `
    expect(await postReceipt({ ...receipt, body })).toBe(expected)
    expect(await alertOf(owner)).toMatchObject({ state: 'accepted' })
  })

  it('larger than any receipt is refused', async () => {
    const { call } = await acceptedBy(provider)
    const receipt = receiptOf(stage, call, 'delivered')
    expect(await postReceipt({ ...receipt, body: 'x'.repeat(256 * 1024 + 1) })).toBe(413)
  })

  it('that reports failure sends the alert on by the next provider, with number and link', async () => {
    await stage.world.carriers[provider].setMode('undelivered')
    const owner = await ownerOf(provider)
    await stage.world.exchange.login({ account_id: owner.id })
    const second = await eventually('the second SMS', () => callsTo(owner).find((c) => c.wentOut))
    const [first] = callsTo(owner).filter((call) => call.provider === provider)
    expect(second.provider).not.toBe(provider)
    expect(second.text).toBe(first?.text)
    const { alert } = await loginOnce(stage, owner, 'accepted')
    expect(alert).toMatchObject({
      number: 1,
      attempts: [
        { number: 1, provider, state: 'failed', failed_at: expect.any(String) },
        { number: 2, provider: second.provider, state: 'accepted' },
      ],
    })
  })
})

describe.each(CARRIER_NAMES)('the longest account id there may be, by %s', (provider) => {
  it('fits into what the provider carries back', async () => {
    const { phone } = await ownerOf(provider)
    const owner = { id: provider.padEnd(64, ':'), phone }
    await stage.world.exchange.api('PUT', accountPath(owner), { phone })
    await stage.world.exchange.login({ account_id: owner.id })
    await loginOnce(stage, owner, 'accepted')
    const [call] = callsTo(owner)
    if (call === undefined) throw new Error('no call was made')
    expect(await postReceipt(receiptOf(stage, call, 'delivered'))).toBe(204)
    expect(await alertOf(owner)).toMatchObject({ state: 'delivered', attempts: [{ provider }] })
  })
})

describe('receipts as carriers send them in bad hours', () => {
  it.each<CarrierMode>([
    'duplicate-receipts',
    'reordered-receipts',
    'forged-receipts',
    'late-receipt',
  ])('in the way "%s" still end as one delivery', async (mode) => {
    await setModes(mode)
    const owner = await ownerOf('twilio')
    await stage.world.exchange.login({ account_id: owner.id })
    await loginOnce(stage, owner, 'delivered')
    const posted = () =>
      stage.world.carriers.twilio.receipts.entries().filter((post) => post.to === owner.phone)
    const steps = mode === 'duplicate-receipts' || mode === 'forged-receipts' ? 4 : 2
    await stage.settle()
    expect(posted()).toHaveLength(steps)
    const statuses = posted().map((post) => [post.forged, post.status])
    expect(statuses).toEqual(posted().map((post) => [post.forged, post.forged ? 401 : 204]))
    expect(await alertOf(owner)).toMatchObject({
      state: 'delivered',
      attempts: [{ provider: 'twilio', state: 'delivered' }],
    })
  })
})

describe('a receipt that is not about us', () => {
  it('of a provider nobody configured finds nothing', async () => {
    const { call } = await acceptedBy('twilio')
    const receipt = receiptOf(stage, call, 'sent')
    const url = receipt.url.replace('/twilio/', '/telnyx/')
    expect(await postReceipt({ ...receipt, url })).toBe(404)
  })

  it('with a reference we never made finds nothing, though it is signed', async () => {
    const { call } = await acceptedBy('twilio')
    const url = `${stage.runtime.origin}/v1/receipts/twilio/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`
    expect(await postReceipt(receiptOf(stage, call, 'sent', { url }))).toBe(404)
  })

  it.each<[string, (url: string) => string]>([
    ['provider', (url) => url.replace('/twilio/', '/%74wilio/')],
    ['path', (url) => url.replace('/v1/receipts/', '/v1/%72eceipts/')],
    ['reference', (url) => url.replace(/[^/]$/, (end) => `%${end.charCodeAt(0).toString(16)}`)],
  ])('finds nothing where its %s is spelled percent-encoded', async (_part, spell) => {
    const { owner, call } = await acceptedBy('twilio')
    const url = spell(call.receiptUrl ?? '')
    expect(await postReceipt(receiptOf(stage, call, 'delivered', { url }))).toBe(404)
    expect(await alertOf(owner)).toMatchObject({ state: 'accepted' })
  })

  it('with the reference of another provider changes nothing', async () => {
    const { owner, call } = await acceptedBy('twilio')
    const { call: other } = await acceptedBy('vonage')
    const url = (call.receiptUrl ?? '').replace('/twilio/', '/vonage/')
    const stripped = { ...other, ref: null }
    expect(await postReceipt(receiptOf(stage, stripped, 'delivered', { url }))).toBe(204)
    expect(await alertOf(owner)).toMatchObject({ state: 'accepted' })
  })

  it('is refused when it is signed and makes no sense', async () => {
    const { call } = await acceptedBy('twilio')
    const receipt = twilioForm(stage, call.receiptUrl ?? '', [['Foo', 'bar']])
    expect(await postReceipt(receipt)).toBe(422)
  })

  it('is taken without effect once its account is erased', async () => {
    const { owner, call } = await acceptedBy('twilio')
    await stage.world.exchange.api('DELETE', accountPath(owner))
    expect(await postReceipt(receiptOf(stage, call, 'delivered'))).toBe(204)
    expect((await readHistory(stage, owner)).logins).toEqual([])
  })
})

describe('A4 a receipt of a failure for good', () => {
  const failureOf = (call: CarrierCall, code: string) =>
    twilioForm(stage, call.receiptUrl ?? '', [
      ['AccountSid', stage.world.secrets.twilioAccountSid],
      ['MessageSid', call.providerMessageIds[0] ?? ''],
      ['MessageStatus', 'undelivered'],
      ['ErrorCode', code],
    ])

  // "Message blocked", "landline or unreachable carrier", "not a mobile number".
  it.each(['30004', '30006', '21614'])(
    'of code %s is one provider’s word: another is asked, and the next login is told too',
    async (code) => {
      const { owner, call } = await acceptedBy('twilio')
      expect(await postReceipt(failureOf(call, code))).toBe(204)
      const second = await eventually('the next provider', () => callsTo(owner)[1])
      expect(second.provider).not.toBe('twilio')
      expect(await alertOf(owner)).not.toMatchObject({ state: 'undelivered' })
      const { exchange } = stage.world
      const account = await exchange.api('GET', accountPath(owner))
      expect(account.body).toMatchObject({ phone: { state: 'ok' } })
      await exchange.login({ account_id: owner.id })
      await eventually('the next alert', () => callsTo(owner)[2])
    },
  )

  it('of an opt-out stops the alert, tells the exchange, and mutes nothing by itself', async () => {
    const { owner, call } = await acceptedBy('twilio')
    expect(await postReceipt(failureOf(call, '21610'))).toBe(204)
    const { exchange } = stage.world
    const told = await exchange.waitForCallback(({ event }) => event?.accountId === owner.id)
    expect(told.event).toMatchObject({
      type: 'alert.undelivered',
      data: { reason: 'opted_out', alert_number: 1 },
    })
    expect(callsTo(owner)).toHaveLength(1)
    const account = await exchange.api('GET', accountPath(owner))
    expect(account.body).toMatchObject({ phone: { state: 'ok' } })
  })

  it('heals a mark when the text arrives after all', async () => {
    const { owner, call } = await acceptedBy('twilio')
    const mark =
      "UPDATE accounts SET phone_state = 'invalid', phone_state_code = '21614', phone_state_until = ? WHERE account_id = ?"
    await execute(stage, mark, Date.now() + 3_600_000, owner.id)
    expect(await postReceipt(receiptOf(stage, call, 'delivered'))).toBe(204)
    const account = await stage.world.exchange.api('GET', accountPath(owner))
    expect(account.body).toMatchObject({ phone: { state: 'ok', state_code: null } })
  })
})

describe('an alert without a receipt', () => {
  beforeEach(async () => {
    await trustEveryProvider(stage)
    // What other tests left open would be swept along.
    await execute(stage, 'UPDATE logins SET is_open = 0')
  })

  it('goes out once more by another provider, and never a third time', async () => {
    const { owner } = await acceptedBy('twilio')
    await stage.runtime.tick()
    await eventually('the second SMS', () => callsTo(owner).length === 2)
    const second = await loginOnce(stage, owner, 'accepted')
    expect(second.alert).toMatchObject({
      wave: 2,
      attempts: [
        { provider: 'twilio', state: 'accepted' },
        { provider: 'infobip', state: 'accepted' },
      ],
    })
    const [first, next] = callsTo(owner)
    expect(next?.text).toBe(first?.text)
    await stage.runtime.tick()
    await stage.runtime.tick()
    await stage.settle()
    const row = await queryOne(
      stage,
      'SELECT is_open, wave FROM logins WHERE account_id = ?',
      owner.id,
    )
    expect(row).toEqual({ is_open: 0, wave: 2 })
    expect(callsTo(owner)).toHaveLength(2)
  })

  it('is left alone when its receipt comes before the sweep', async () => {
    const { owner, call } = await acceptedBy('twilio')
    await postReceipt(receiptOf(stage, call, 'delivered'))
    await stage.runtime.tick()
    await stage.settle()
    expect(await alertOf(owner)).toMatchObject({ state: 'delivered', wave: 1 })
    expect(callsTo(owner)).toHaveLength(1)
  })
})
