// The sandbox: it accepts without a network, and its magic numbers fail as Twilio's do.

import { describe, expect, test } from 'vitest'
import { callProvider } from '../../src/sms/call-provider.ts'
import { sandbox } from '../../src/sms/sandbox/sandbox.ts'
import { after } from '../support/ports.ts'
import { bytes, messageFor, NOW, REF, receiptUrlOf, response } from './provider-contract.ts'

const call = (to: string) =>
  callProvider(
    {
      fetch: () => Promise.reject(new Error('the sandbox touched the network')),
      after,
      now: () => NOW,
    },
    sandbox(),
    { ...messageFor('sandbox'), to },
    1000,
  )

describe('sandbox', () => {
  test('accepts any number without a network', async () => {
    const { outcome } = await call('+12025550123')
    expect(outcome).toEqual({ class: 'accepted', providerMessageId: `sandbox-${REF}` })
  })

  test.each([
    ['+15005550001', { class: 'recipient_permanent', code: '21211' }],
    ['+15005550002', { class: 'provider_config', code: '21612', scope: 'country' }],
    ['+15005550003', { class: 'provider_config', code: '21408', scope: 'country' }],
    ['+15005550004', { class: 'opted_out', code: '21610' }],
    ['+15005550009', { class: 'recipient_permanent', code: '21614' }],
  ])('refuses the magic number %s', async (to, outcome) => {
    expect((await call(to)).outcome).toEqual(outcome)
  })

  test('keeps the text to itself', async () => {
    const { body } = await sandbox().buildRequest(messageFor('sandbox'))
    expect(JSON.parse(body)).toEqual({ to: '+12025550123', ref: REF })
  })

  test.each(['', '{}', '{"to":"+12025550123"}'])('takes the answer %j as ambiguous', (body) => {
    expect(sandbox().readResponse(response(200, body)).class).toBe('ambiguous')
  })

  test('has no receipts and takes none', async () => {
    expect(sandbox().hasReceipts).toBe(false)
    const callback = { url: receiptUrlOf('sandbox'), headers: new Headers(), body: bytes('{}') }
    expect(await sandbox().readReceipts(callback, NOW)).toEqual({
      ok: false,
      error: { reason: 'unsigned' },
    })
  })
})
