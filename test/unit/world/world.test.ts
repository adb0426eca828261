// The world in one piece: its settings lead to its carriers, and its secrets can be kept.

import { expect, test } from 'vitest'
import { createSecrets, startWorld } from '../../world/world.ts'
import { basic, send } from './helpers.ts'

test('what the settings name is where the carriers answer', async () => {
  const world = await startWorld({ workerOrigin: 'http://localhost:8787' })
  const settings = world.settings()
  const sid = settings.TWILIO_ACCOUNT_SID ?? ''
  const url = `${settings.TWILIO_BASE_URL}/2010-04-01/Accounts/${sid}/Messages.json`
  const headers = {
    authorization: basic(sid, settings.TWILIO_AUTH_TOKEN ?? ''),
    'content-type': 'application/x-www-form-urlencoded',
  }
  const form = { To: '+12025550123', From: settings.TWILIO_FROM ?? '', Body: 'Demo #1' }
  const reply = await send(url, headers, new URLSearchParams(form).toString())
  expect(reply.status).toBe(201)
  expect(world.phones.messagesTo('+12025550123')).toMatchObject([{ text: 'Demo #1' }])
  expect(settings.SMS_PROVIDERS).toBe('twilio infobip vonage')
  expect(settings.PUBLIC_ORIGIN).toBe('http://localhost:8787')
  await world.close()
  await expect(send(url, headers, '')).rejects.toThrow()
})

test('given secrets are used, lists joined by spaces, the first one current', async () => {
  const { callbackSecrets } = createSecrets()
  const [first = ''] = callbackSecrets
  const world = await startWorld({
    publicOrigin: 'https://alerts.example',
    secrets: { callbackSecrets: [first, 'whsec_AAAA'], vonageApiKey: 'abc' },
  })
  expect(world.settings()).toMatchObject({
    CALLBACK_SECRETS: `${first} whsec_AAAA`,
    VONAGE_API_KEY: 'abc',
    PUBLIC_ORIGIN: 'https://alerts.example',
  })
  await world.close()
})

test('the extra carriers run only when asked for, and the order is kept', async () => {
  const plain = await startWorld()
  expect(plain.extraCarriers).toEqual({})
  expect(
    Object.keys(plain.settings()).filter((name) => /^(TELNYX|SINCH|AWS|HTTP)_/.test(name)),
  ).toEqual([])
  await plain.close()

  const world = await startWorld({ carriers: ['aws', 'twilio', 'telnyx'] })
  const settings = world.settings()
  expect(settings.SMS_PROVIDERS).toBe('aws twilio telnyx')
  expect(Object.keys(world.extraCarriers)).toEqual(['telnyx', 'aws'])
  expect(Object.keys(world.carriers)).toEqual(['twilio', 'infobip', 'vonage'])
  expect(Buffer.from(settings.TELNYX_PUBLIC_KEY ?? '', 'base64')).toHaveLength(32)
  expect(settings.SINCH_API_TOKEN).toBeUndefined()
  const telnyxUrl = `${settings.TELNYX_BASE_URL}/v2/messages`
  await world.close()
  await expect(send(telnyxUrl, {}, '')).rejects.toThrow()
})

test('what the settings of the extra carriers name is where they answer', async () => {
  const world = await startWorld({ carriers: ['telnyx', 'sinch', 'aws'] })
  const settings = world.settings()
  const json = { 'content-type': 'application/json' }
  const telnyx = await send(
    `${settings.TELNYX_BASE_URL}/v2/messages`,
    { ...json, authorization: `Bearer ${settings.TELNYX_API_KEY}` },
    JSON.stringify({ to: '+12025550123', from: settings.TELNYX_FROM, text: 'Demo #1' }),
  )
  const sinch = await send(
    `${settings.SINCH_BASE_URL}/xms/v1/${settings.SINCH_SERVICE_PLAN_ID}/batches`,
    { ...json, authorization: `Bearer ${settings.SINCH_API_TOKEN}` },
    JSON.stringify({ to: ['+12025550123'], from: settings.SINCH_FROM, body: 'Demo #2' }),
  )
  const aws = await send(`${settings.AWS_BASE_URL}/`, {}, '')
  expect([telnyx.status, sinch.status, aws.status]).toEqual([200, 201, 404])
  expect(world.phones.messagesTo('+12025550123').map(({ provider }) => provider)).toEqual([
    'telnyx',
    'sinch',
  ])
  await world.close()
})

test('generated secrets have the lengths that the settings ask for', () => {
  const secrets = createSecrets()
  for (const secret of [...secrets.webhookSecrets, ...secrets.callbackSecrets]) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  }
  for (const secret of [...secrets.linkSecrets, ...secrets.dataSecrets]) {
    expect(Buffer.from(secret, 'base64')).toHaveLength(32)
  }
})
