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

test('generated secrets have the lengths that the settings ask for', () => {
  const secrets = createSecrets()
  for (const secret of [...secrets.webhookSecrets, ...secrets.callbackSecrets]) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  }
  for (const secret of [...secrets.linkSecrets, ...secrets.dataSecrets]) {
    expect(Buffer.from(secret, 'base64')).toHaveLength(32)
  }
})
