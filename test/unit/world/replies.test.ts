// A phone of the simulated world replies: each carrier posts the text to the URL the operator entered, in
// the vendor's own form and with its proof. What Lockline makes of it is the Worker tests' matter.

import { createHash, createHmac, createPublicKey, verify } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import type { AnyCarrierName } from '../../world/carrier-protocol.ts'
import { replyAddress } from '../../world/inbound-text.ts'
import { createPhoneNetwork, type PhoneMessage } from '../../world/phone-network.ts'
import { startWorld, type World, type WorldOptions } from '../../world/world.ts'
import { startReceiver } from './helpers.ts'

const PHONE = '+12025550123'
const NUMBER = '+12025550100'
const EVERYBODY = ['twilio', 'infobip', 'vonage', 'telnyx', 'sinch', 'aws'] as const

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function start(options: WorldOptions = {}) {
  const worker = await startReceiver()
  const world = await startWorld({ workerOrigin: worker.origin, carriers: EVERYBODY, ...options })
  closing.push(world.close, worker.close)
  return { worker, world }
}

function sms(provider: AnyCarrierName, from = NUMBER): PhoneMessage {
  return {
    provider,
    from,
    to: PHONE,
    text: 'Reply LOCK 7K3Q',
    at: 0,
    providerMessageId: `${provider}-1`,
    encoding: 'GSM-7',
    segments: 1,
  }
}

/** What the operator's URL was sent, after the phone has answered an SMS of `provider`. */
async function replyTo(provider: AnyCarrierName, text = 'LOCK 7K3Q') {
  const { world, worker } = await start()
  world.phones.receive(sms(provider))
  const outcome = await world.phones.reply(`${provider}-1`, text)
  expect(outcome).toMatchObject({ kind: 'carried', reply: { status: 204, error: null } })
  const [received] = worker.received
  if (received === undefined) throw new Error('nothing was posted')
  const { target, headers, body } = received
  const header = (name: string) => String(headers[name] ?? '')
  return { world, worker, target, header, body }
}

const hmac = (algorithm: string, secret: string, text: string) =>
  createHmac(algorithm, secret).update(text, 'utf8').digest('base64')

test('Twilio posts a form, signed over the URL and every field', async () => {
  const { world, worker, target, header, body } = await replyTo('twilio', 'LOCK 7K3Q & ç')
  const form = new URLSearchParams(body)
  expect(target).toBe('/v1/inbound/twilio')
  expect(form.get('AccountSid')).toBe(world.secrets.twilioAccountSid)
  expect([form.get('From'), form.get('To'), form.get('Body')]).toEqual([
    PHONE,
    NUMBER,
    'LOCK 7K3Q & ç',
  ])
  const fields = [...form].sort(([a], [b]) => (a < b ? -1 : 1)).flat()
  const signed = `${worker.origin}/v1/inbound/twilio${fields.join('')}`
  expect(header('x-twilio-signature')).toBe(hmac('sha1', world.secrets.twilioAuthToken, signed))
})

test('Infobip posts a list of one, proved by the key in the URL alone', async () => {
  const { world, target, body } = await replyTo('infobip')
  const key = createHmac('sha256', world.secrets.infobipReceiptSecret)
    .update('lockline-receipt.infobip')
    .digest('base64url')
  expect(target).toBe(`/v1/inbound/infobip?k=${key}`)
  expect(JSON.parse(body)).toMatchObject({
    results: [{ from: '12025550123', to: '12025550100', text: 'LOCK 7K3Q', smsCount: 1 }],
    messageCount: 1,
    pendingMessageCount: 0,
  })
})

test('Vonage posts JSON under a token that holds the hash of the body', async () => {
  const { world, target, header, body } = await replyTo('vonage')
  expect(target).toBe('/v1/inbound/vonage')
  expect(JSON.parse(body)).toMatchObject({
    channel: 'sms',
    message_type: 'text',
    from: '12025550123',
    to: '12025550100',
    text: 'LOCK 7K3Q',
    sms: { num_messages: '1', keyword: 'LOCK' },
  })
  const [head = '', claims = '', signature] = header('authorization')
    .replace('Bearer ', '')
    .split('.')
  const right = createHmac('sha256', world.secrets.vonageSignatureSecret)
    .update(`${head}.${claims}`)
    .digest('base64url')
  expect(signature).toBe(right)
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    iss: 'Vonage',
    api_key: world.secrets.vonageApiKey,
    payload_hash: createHash('sha256').update(body).digest('hex'),
  })
})

test('Sinch posts a mo_text, signed over body, nonce and time', async () => {
  const { world, target, header, body } = await replyTo('sinch')
  expect(target).toBe('/v1/inbound/sinch')
  expect(JSON.parse(body)).toMatchObject({
    type: 'mo_text',
    from: '12025550123',
    to: '12025550100',
    body: 'LOCK 7K3Q',
  })
  const nonce = header('x-sinch-webhook-signature-nonce')
  const timestamp = header('x-sinch-webhook-signature-timestamp')
  const signed = `${body}.${nonce}.${timestamp}`
  expect(header('x-sinch-webhook-signature')).toBe(
    hmac('sha256', world.secrets.sinchCallbackSecret, signed),
  )
})

test('Telnyx posts the event message.received, signed over time and body', async () => {
  const { world, target, header, body } = await replyTo('telnyx')
  expect(target).toBe('/v1/inbound/telnyx')
  expect(JSON.parse(body).data).toMatchObject({
    event_type: 'message.received',
    payload: {
      direction: 'inbound',
      from: { phone_number: PHONE },
      to: [{ phone_number: NUMBER }],
      text: 'LOCK 7K3Q',
      autoresponse_type: null,
    },
  })
  const x = Buffer.from(world.settings().TELNYX_PUBLIC_KEY ?? '', 'base64').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const signature = Buffer.from(header('telnyx-signature-ed25519'), 'base64')
  const signed = Buffer.from(`${header('telnyx-timestamp')}|${body}`)
  expect(verify(null, signed, key, signature)).toBe(true)
})

test.each([
  ['Stop', 'STOP'],
  ['stop all', 'STOP'],
  ['UNSTOP', 'START'],
  ['help', 'HELP'],
  ['please stop', null],
])('Telnyx marks %j as answered: %s', async (text, type) => {
  const { body } = await replyTo('telnyx', text)
  expect(JSON.parse(body).data.payload.autoresponse_type).toBe(type)
})

test('the URL has the public origin, however the Worker is reached', async () => {
  const worker = await startReceiver()
  const world = await startWorld({
    publicOrigin: 'https://lock.example.com',
    callbackOrigin: worker.origin,
  })
  closing.push(world.close, worker.close)
  world.phones.receive(sms('twilio'))
  await world.phones.reply('twilio-1', 'LOCK')
  expect(worker.received).toMatchObject([
    { target: '/v1/inbound/twilio', headers: { host: 'lock.example.com' } },
  ])
})

test('a reply may claim to be from another number; the phone it was typed on is kept', async () => {
  const { world, worker } = await start()
  world.phones.receive(sms('twilio'))
  await world.phones.reply('twilio-1', 'STOP', '+12025550199')
  expect(new URLSearchParams(worker.received[0]?.body).get('From')).toBe('+12025550199')
  expect(world.phones.replies.entries()).toMatchObject([
    { provider: 'twilio', phone: PHONE, from: '+12025550199', to: NUMBER, text: 'STOP' },
  ])
})

test('what is refused, or not answered at all, is kept with its answer', async () => {
  const { world, worker } = await start()
  world.phones.receive(sms('twilio'))
  worker.say('', 401)
  await world.phones.reply('twilio-1', 'LOCK')
  await worker.close()
  await world.phones.reply('twilio-1', 'LOCK')
  expect(world.phones.replies.entries()).toMatchObject([
    { status: 401, error: null },
    { status: null, error: expect.any(String) },
  ])
})

type Uncarried = [what: string, id: string, world: (world: World) => void, kind: string]
test.each<Uncarried>([
  ['to no message', 'nobody-1', () => {}, 'no_message'],
  ['to a name', 'vonage-1', (w) => w.phones.receive(sms('vonage', 'Lockline')), 'no_number'],
  ['where texts are not simulated', 'aws-1', (w) => w.phones.receive(sms('aws')), 'no_carrier'],
])('a reply %s is carried nowhere', async (_what, id, prepare, kind) => {
  const { world, worker } = await start()
  prepare(world)
  expect(await world.phones.reply(id, 'LOCK')).toEqual({ kind })
  expect(worker.received).toEqual([])
  expect(world.phones.replies.total()).toBe(0)
})

test('a network without carriers carries nothing', async () => {
  const phones = createPhoneNetwork()
  phones.receive(sms('twilio'))
  expect(await phones.reply('twilio-1', 'LOCK')).toEqual({ kind: 'no_carrier' })
})

test.each([
  ['+12025550100', '+12025550100'],
  ['12025550101', '+12025550101'],
  ['72345', '72345'],
  [`MG${'0'.repeat(32)}`, '+12025550107'],
  ['Lockline', null],
  ['24 Exchange', null],
  ['', null],
])('an SMS from %j is answered to %s', (sender, address) => {
  expect(replyAddress(sender)).toBe(address)
})

test('the world has senders that can be answered, and one that cannot', async () => {
  const { world } = await start()
  const { TWILIO_FROM = '', INFOBIP_FROM = '', VONAGE_FROM = '' } = world.settings()
  expect([TWILIO_FROM, INFOBIP_FROM, VONAGE_FROM].map(replyAddress)).toEqual([
    '+12025550100',
    '+12025550101',
    null,
  ])
})
