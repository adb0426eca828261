// The page of sessions and its count on the overview: an end that was asked for is no end.

import { describe, expect, it } from 'vitest'
import { sessionsBody } from '../../../src/portal/sessions/page.ts'
import { type SessionEnd, sessionEnd } from '../../../src/portal/sessions/read-sessions.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { aLogin } from '../deliver/fixtures.ts'

const ASKED_AT = 1_764_000_000_000

describe('C6 the end of a session', () => {
  it.each([
    [null, null, 'requested'],
    ['open', null, 'requested'],
    ['confirmed', null, 'confirmed'],
    ['stopped', null, 'not_confirmed'],
    ['dead', null, 'not_confirmed'],
    ['stopped', ASKED_AT, 'confirmed'],
    ['open', ASKED_AT - 1, 'requested'],
  ] as const)('of a callback that is %s, and a lock confirmed at %s, is %s', (state, at, end) => {
    expect(sessionEnd(state && { state }, at, ASKED_AT)).toBe(end)
  })

  it.each(LANGUAGES.map((language) => [language.tag, language] as const))(
    'in %s is no absence of sessions before the exchange has confirmed it',
    async (_tag, language) => {
      const { none, confirmed, requested, notConfirmed } = language.portal.sessions
      const page = async (end: SessionEnd) => {
        const noLive = { live: [], liveCount: 0, before: null, next: null }
        const state = { ...noLive, revoked: [{ login: aLogin({}), end }], problem: null }
        return String(await sessionsBody({ language, exchange: 'BitEx' }, state))
      }
      expect(await page('confirmed')).toContain(none)
      expect(await page('confirmed')).toContain(confirmed)
      for (const end of ['requested', 'not_confirmed'] as const) {
        expect(await page(end)).not.toContain(none)
        expect(await page(end)).not.toContain(`>${confirmed}<`)
        expect(await page(end)).toContain(requested)
      }
      const why = notConfirmed.replace('{exchange}', 'BitEx')
      expect(await page('not_confirmed')).toContain(why)
      expect(await page('requested')).not.toContain(why)
    },
  )
})
