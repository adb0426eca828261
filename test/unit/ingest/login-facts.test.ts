// What is kept of a login: masked, and never dated later than it came in.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoginEvent } from '../../../src/ingest/event.ts'
import { loginFacts } from '../../../src/ingest/login-facts.ts'
import { parseAlertJob } from '../../../src/jobs.ts'
import { openPlaceTable } from '../../../src/place/place-table.ts'

const RECEIVED_AT = Date.UTC(2026, 10, 23, 14, 3, 27)
const table = openPlaceTable(
  new Uint8Array(readFileSync(new URL('../../../src/place/place-table.bin', import.meta.url)))
    .buffer,
)

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
  return loginFacts(login, 'alr_1', table, RECEIVED_AT)
}

describe('loginFacts', () => {
  it('keeps neither the address nor the user agent', () => {
    const userAgent = 'Mozilla/5.0 secret-build-7731'
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        const text = JSON.stringify(factsOf(event({ ip, user_agent: userAgent })))
        expect(text).not.toContain(`"${ip}"`)
        expect(text).not.toContain('secret-build-7731')
      }),
    )
  })

  it('dates a login no later than it came in, and believes an earlier clock', () => {
    expect(factsOf(event({}, RECEIVED_AT + 60_000)).occurredAt).toBe(RECEIVED_AT)
    expect(factsOf(event({}, RECEIVED_AT - 60_000)).occurredAt).toBe(RECEIVED_AT - 60_000)
  })

  it('believes the country of the exchange rather than the table', () => {
    const sent = factsOf(event({ ip: '10.0.0.1', country: 'DE', city: 'Frankfurt' }))
    expect(sent).toMatchObject({ country: 'DE', city: 'Frankfurt', reserved: null })
    expect(factsOf(event({ ip: '10.0.0.1' }))).toMatchObject({
      country: null,
      city: null,
      reserved: 'private',
    })
  })

  it('fits through the queue, with and without the optional fields', () => {
    for (const changes of [
      {},
      { device_name: null, locale: null, country: null, city: null, session_expires_at: null },
      { device_name: 'Pixel', locale: 'de', country: 'DE', city: 'Bonn', session_expires_at: 1 },
    ]) {
      const job = { kind: 'login', login: factsOf(event(changes)) }
      expect(parseAlertJob(JSON.parse(JSON.stringify(job)))).toEqual(job)
    }
  })
})
