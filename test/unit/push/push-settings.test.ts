// Settings of push, and where a subscription may point.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SettingProblem, Settings } from '../../../src/lib/settings.ts'
import { isPushService, readPushSettings } from '../../../src/push/push-settings.ts'
import { parseSubscription, readSubscription } from '../../../src/push/subscription.ts'
import { anyText } from '../../support/any-text.ts'

const bytes = (length: number) => Buffer.alloc(length, 4).toString('base64url')
const SETTINGS = {
  VAPID_PUBLIC_KEY: bytes(65),
  VAPID_PRIVATE_KEY: bytes(32),
  VAPID_SUBJECT: 'mailto:operator@example.com',
}
const PUSH = { vapid: { publicKey: '', privateKey: '', subject: '' }, origins: null }

function read(settings: Settings) {
  const problems: SettingProblem[] = []
  const push = readPushSettings(settings, problems)
  return { push, named: problems.map(({ setting }) => setting) }
}

describe('the settings', () => {
  it.each([
    {},
    { VAPID_PUBLIC_KEY: '', PUSH_ORIGINS: '' },
    { VAPID_SUBJECT: ' ', PUSH_ORIGINS: 'nonsense' },
  ])('%j: push is off', (settings) => {
    expect(read(settings)).toEqual({ push: null, named: [] })
  })

  it('are taken together', () => {
    const origins = 'http://127.0.0.1:9 https://p.example'
    expect(read({ ...SETTINGS, PUSH_ORIGINS: origins })).toEqual({
      push: {
        vapid: {
          publicKey: bytes(65),
          privateKey: bytes(32),
          subject: 'mailto:operator@example.com',
        },
        origins: new Set(['http://127.0.0.1:9', 'https://p.example']),
      },
      named: [],
    })
    expect(read(SETTINGS).push?.origins).toBeNull()
  })

  it.each([
    [{ VAPID_PUBLIC_KEY: undefined }, 'VAPID_PUBLIC_KEY'],
    [{ VAPID_PUBLIC_KEY: bytes(64) }, 'VAPID_PUBLIC_KEY'],
    [{ VAPID_PRIVATE_KEY: 'x' }, 'VAPID_PRIVATE_KEY'],
    [{ VAPID_SUBJECT: 'operator@example.com' }, 'VAPID_SUBJECT'],
    [{ PUSH_ORIGINS: 'push.example.com' }, 'PUSH_ORIGINS'],
  ])('with %j name what is wrong', (changes, setting) => {
    expect(read({ ...SETTINGS, ...changes })).toEqual({ push: null, named: [setting] })
  })
})

describe('an endpoint', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/abc',
    'https://wns2-par02p.notify.windows.com/w/?token=abc',
  ])('of a known service is taken: %s', (endpoint) => {
    expect(isPushService(PUSH, endpoint)).toBe(true)
  })

  it.each([
    'http://fcm.googleapis.com/x',
    'https://fcm.googleapis.com:8443/x',
    'https://fcm.googleapis.com.evil.example/x',
    'https://evil.example/fcm.googleapis.com',
    'https://user:pass@fcm.googleapis.com/x',
    'https://a.b.push.apple.com/x',
    'https://169.254.169.254/latest',
    'https://[::1]/x',
    'file:///etc/passwd',
    '',
  ])('elsewhere is refused: %s', (endpoint) => {
    expect(isPushService(PUSH, endpoint)).toBe(false)
  })
})

describe('a subscription', () => {
  it('is read totally', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), anyText()), (text) => {
        expect(readSubscription(PUSH, text)).toBeNull()
      }),
    )
  })

  it('keeps what is needed, and nothing else', () => {
    const endpoint = 'https://web.push.apple.com/abc'
    const keys = { p256dh: bytes(65), auth: bytes(16) }
    const text = JSON.stringify({ endpoint, expirationTime: null, keys, more: 'x' })
    expect(readSubscription(PUSH, text)).toEqual({ endpoint, keys })
    expect(parseSubscription(text)).toEqual({ endpoint, keys })
  })
})
