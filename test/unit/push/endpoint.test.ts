// One device, one spelling of its endpoint: whoever spells it otherwise registers no second device, and takes none over.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBase64Url } from '../../../src/lib/base64.ts'
import { canonicalEndpoint, readSubscription } from '../../../src/push/subscription.ts'

const vapid = { publicKey: '', privateKey: '', subject: '' }
const known = { vapid, origins: null }
const local = { vapid, origins: new Set(['http://127.0.0.1:4321']) }
const keys = {
  p256dh: toBase64Url(new Uint8Array(65)),
  auth: toBase64Url(new Uint8Array(16)),
}

const read = (settings: typeof known | typeof local, endpoint: string) =>
  readSubscription(settings, JSON.stringify({ endpoint, keys }))?.endpoint

describe('an endpoint', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/dev-x',
    'https://fcm.googleapis.com/fcm/send/dev-x#x',
    'https://fcm.googleapis.com/fcm/send/dev-x?',
    'https://fcm.googleapis.com/fcm/send/dev-x?#',
    'HTTPS://FCM.googleapis.com:443/fcm/send/dev-x',
    'https://fcm.googleapis.com/fcm/./send/../send/dev-x',
    'https:\\\\fcm.googleapis.com\\fcm/send/dev-x',
    ' https://fcm.googleapis.com/fcm/send/d%65v%2dx\n',
  ])('spelled %j is the same device', (endpoint) => {
    expect(read(known, endpoint)).toBe('https://fcm.googleapis.com/fcm/send/dev-x')
  })

  it.each([
    'http://0x7f.1:4321/dev-x',
    'HTTP://2130706433:4321/dev-x#a',
    'http://127.1:4321/dev-x',
  ])('at an address spelled %j is the same device', (endpoint) => {
    expect(read(local, endpoint)).toBe('http://127.0.0.1:4321/dev-x')
  })

  it('keeps its query, where some services name the device', () => {
    const endpoint = 'https://wns2-by3p.notify.windows.com/w/?token=BQYAAAC%2Fx'
    expect(read(known, endpoint)).toBe(endpoint)
  })

  it.each([
    'http://fcm.googleapis.com/x',
    'fcm.googleapis.com/x',
    '',
    'https://evil.example/x#fcm',
  ])('such as %j is refused', (endpoint) => {
    expect(read(known, endpoint)).toBeUndefined()
  })

  it('in its one spelling stays as it is', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        const once = canonicalEndpoint(url)
        expect(once).not.toBeNull()
        expect(canonicalEndpoint(once ?? '')).toBe(once)
      }),
    )
  })
})
