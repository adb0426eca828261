// What is kept of a login: masked, and never dated later than it came in.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoginEvent } from '../../../src/ingest/event.ts'
import { loginFacts } from '../../../src/ingest/login-facts.ts'
import { parseAlertJob } from '../../../src/jobs.ts'
import { keyName } from '../../../src/lib/derived-key.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { loginMarks } from '../../../src/login/marks.ts'
import { openPlaceTable } from '../../../src/place/place-table.ts'
import { hashAsBefore } from '../../support/former-keys.ts'

const RECEIVED_AT = Date.UTC(2026, 10, 23, 14, 3, 27)
const KEY = new Uint8Array(32).fill(1)
const table = openPlaceTable(
  new Uint8Array(readFileSync(new URL('../../../src/place/place-table.bin', import.meta.url)))
    .buffer,
)

const NOBODY = { browser: null, os: null, deviceName: null } as const

function event(changes: Partial<LoginEvent['data']>, timestamp = RECEIVED_AT): LoginEvent {
  const data = {
    account_id: '1001',
    session_id: 's_1',
    ip: '203.0.113.77',
    user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1',
    ...changes,
  }
  return { type: 'login.succeeded', timestamp, data }
}

function factsOf(login: LoginEvent) {
  const sources = { placeTable: table, dataKeys: [KEY] } as const
  return loginFacts(sources, login, 'alr_1', RECEIVED_AT)
}

describe('loginFacts', () => {
  it('keeps neither the address nor the user agent', async () => {
    const userAgent = 'Mozilla/5.0 secret-build-7731'
    await fc.assert(
      fc.asyncProperty(fc.ipV4(), async (ip) => {
        const text = JSON.stringify(await factsOf(event({ ip, user_agent: userAgent })))
        expect(text).not.toContain(`"${ip}"`)
        expect(text).not.toContain('secret-build-7731')
      }),
    )
  })

  it('dates a login no later than it came in, and believes an earlier clock', async () => {
    expect((await factsOf(event({}, RECEIVED_AT + 60_000))).occurredAt).toBe(RECEIVED_AT)
    expect((await factsOf(event({}, RECEIVED_AT - 60_000))).occurredAt).toBe(RECEIVED_AT - 60_000)
  })

  it('believes the country of the exchange rather than the table', async () => {
    const sent = await factsOf(event({ ip: '10.0.0.1', country: 'DE', city: 'Frankfurt' }))
    expect(sent).toMatchObject({ country: 'DE', city: 'Frankfurt', reserved: null })
    expect(await factsOf(event({ ip: '10.0.0.1' }))).toMatchObject({
      country: null,
      city: null,
      reserved: 'private',
    })
  })

  it('fits through the queue, with and without the optional fields', async () => {
    for (const changes of [
      {},
      { device_name: null, locale: null, country: null, city: null, session_expires_at: null },
      { device_name: 'Pixel', locale: 'de', country: 'DE', city: 'Bonn', session_expires_at: 1 },
    ]) {
      const job = { kind: 'login', login: await factsOf(event(changes)) }
      expect(parseAlertJob(JSON.parse(JSON.stringify(job)))).toEqual(job)
    }
  })

  it('marks device and network the same for one account, and otherwise apart', async () => {
    const marks = async (changes: Partial<LoginEvent['data']>) => {
      const { deviceMark, networkMark } = await factsOf(event(changes))
      return [deviceMark, networkMark]
    }
    const [device, network] = await marks({})
    expect(await marks({ ip: '203.0.250.1' })).toEqual([device, network])
    expect(await marks({ ip: '198.51.100.7' })).toEqual([
      device,
      expect.not.stringMatching(`^${network}$`),
    ])
    const [otherDevice, sameNetwork] = await marks({ device_name: 'Pixel' })
    expect([otherDevice === device, sameNetwork]).toEqual([false, network])
    const ofOther = await marks({ account_id: '1002' })
    expect(ofOther).not.toContain(device)
    expect(ofOther).not.toContain(network)
  })

  it('marks them under every key, and as former versions did', async () => {
    const newer = new Uint8Array(32).fill(9)
    const under = (dataKeys: SealKeys) =>
      loginFacts({ placeTable: table, dataKeys }, event({}), 'alr_1', RECEIVED_AT)
    const before = await under([KEY])
    const after = await under([newer, KEY])
    expect(after.deviceMark).not.toBe(before.deviceMark)
    expect(after.olderDeviceMarks).toContain(before.deviceMark)
    expect(after.olderNetworkMarks).toContain(before.networkMark)
    expect(before.deviceMark?.slice(0, 4)).toBe(await keyName(KEY))
    const device = JSON.stringify([before.browser, before.os, null])
    const text = `login-mark device 1001 ${device}`
    expect(before.olderDeviceMarks).toEqual([await hashAsBefore(KEY, text, 6)])
    expect(before.deviceMark).toMatch(/^[A-Za-z0-9_-]{12}$/)
  })

  it('marks nothing that it could not read, under no key', async () => {
    const facts = await factsOf(event({ ip: 'nowhere', user_agent: '' }))
    expect(facts).toMatchObject({ deviceMark: null, networkMark: null })
    const { olderDeviceMarks, olderNetworkMarks, formerNetworkMarks } = facts
    expect([...olderDeviceMarks, ...olderNetworkMarks, ...formerNetworkMarks]).toEqual([])
  })

  it('marks a carrier’s network by whose it is, wherever its addresses lie', async () => {
    const marks = async (ip: string) => {
      const { networkMark, formerNetworkMarks } = await factsOf(event({ ip }))
      return { networkMark, formerNetworkMarks }
    }
    // Deutsche Telekom, three /16s of IPv4 and one /32 of IPv6; then Telefónica Germany.
    const [one, ...same] = await Promise.all(
      ['80.128.1.1', '91.10.20.30', '93.200.11.12', '2003:c0::1'].map(marks),
    )
    expect(same.map(({ networkMark }) => networkMark)).toEqual(
      Array(3).fill(one?.networkMark ?? 'none'),
    )
    expect((await marks('93.128.1.1')).networkMark).not.toBe(one?.networkMark)
    // Where they lie is how they were marked before, which tells each from the others.
    const former = [one, ...same].map((login) => login?.formerNetworkMarks[0])
    expect(new Set(former).size).toBe(4)
  })

  it('finds how it marked a network before a table named its operator', async () => {
    const ip = '91.10.20.30'
    const keyed = (dataKeys: SealKeys) =>
      loginMarks(dataKeys, { ...NOBODY, accountId: '1001', ip, operator: null })
    const newer = new Uint8Array(32).fill(9)
    const [before, underOld] = [await keyed([KEY]), await keyed([newer, KEY])]
    const sources = { placeTable: table, dataKeys: [newer, KEY] } as const
    const now = await loginFacts(sources, event({ ip }), 'alr_1', RECEIVED_AT)
    expect(now.formerNetworkMarks).toContain(before.networkMark)
    expect(now.formerNetworkMarks[0]).toBe(underOld.networkMark)
    expect([now.networkMark, ...now.olderNetworkMarks]).not.toContain(before.networkMark)
    expect(before.formerNetworkMarks).toEqual([])
  })

  it.each([
    ['a data centre', '5.9.1.1', 'Hetzner'],
    ['a relay', '104.28.28.1', 'iCloud Private Relay'],
  ])('marks %s by its name, as it did', async (_, ip, operator) => {
    const named = await loginMarks([KEY], { ...NOBODY, accountId: '1001', ip, operator })
    expect((await factsOf(event({ ip }))).networkMark).toBe(named.networkMark)
  })

  it('tells IPv6 networks by their provider’s part', async () => {
    const network = async (ip: string) => (await factsOf(event({ ip }))).networkMark
    expect(await network('2001:db8:1::1')).toBe(await network('2001:db8:ffff::9'))
    expect(await network('2001:db8::1')).not.toBe(await network('2001:db9::1'))
  })
})
