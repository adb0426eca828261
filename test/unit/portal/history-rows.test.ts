// Which numbers an owner should find in the inbox, and which did not arrive.

import { describe, expect, it } from 'vitest'
import { isProblem, readInbox } from '../../../src/portal/history/rows.ts'
import { aLogin, anAttempt } from '../deliver/fixtures.ts'

describe('the inbox', () => {
  it('counts what went out, and names what did not', () => {
    const logins = [
      aLogin({ alertNumber: 42, state: 'delivered' }),
      aLogin({ alertNumber: 41, state: 'undelivered' }),
      aLogin({ alertNumber: 40, state: 'sent' }),
      aLogin({ alertNumber: null, state: 'suppressed' }),
      aLogin({ alertNumber: 39, state: 'undelivered' }),
      aLogin({ alertNumber: 38, state: 'accepted' }),
    ]
    expect(readInbox(logins)).toEqual({ range: { first: 38, last: 42 }, missing: [39, 41] })
  })

  it('says nothing where nothing went out', () => {
    const logins = [aLogin({ state: 'queued' }), aLogin({ state: 'merged', alertNumber: 3 })]
    expect(readInbox(logins)).toEqual({ range: null, missing: [] })
  })
})

describe('a login', () => {
  it.each([
    [{ state: 'undelivered' }, true],
    [{ state: 'suppressed', suppressionReason: 'no_number' }, true],
    [{ state: 'suppressed', suppressionReason: 'opted_out' }, true],
    [{ state: 'suppressed', suppressionReason: 'usual' }, false],
    [{ state: 'suppressed', suppressionReason: 'alerts_off' }, false],
    [{ state: 'delivered', attempts: [anAttempt({ state: 'failed' })] }, false],
    [{ state: 'accepted', attempts: [anAttempt({ state: 'failed' })] }, true],
    [{ state: 'accepted', attempts: [] }, false],
  ] as const)('%j stands out: %s', (changes, expected) => {
    expect(isProblem(aLogin(changes))).toBe(expected)
  })
})
