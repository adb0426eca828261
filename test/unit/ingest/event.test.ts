// Events: every field's bounds, pointers to what is wrong, and nothing of the input in an answer.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activityFacts } from '../../../src/ingest/activity-facts.ts'
import {
  EVENT_MAX_AGE_MS,
  EVENT_MAX_LEAD_MS,
  parseEvent as parseEventAt,
} from '../../../src/ingest/event.ts'
import { parseAlertJob } from '../../../src/jobs.ts'
import { openPlaceTable } from '../../../src/place/place-table.ts'

const NOW = Date.UTC(2026, 10, 23, 14, 3, 28)
const parseEvent = (input: unknown) => parseEventAt(input, NOW)

const data = {
  account_id: '10482113',
  session_id: 's_9f2c',
  ip: '203.0.113.77',
  user_agent: 'Mozilla/5.0',
}
const login = { type: 'login.succeeded', timestamp: '2026-11-23T14:03:27.123Z', data }

const TABLE = openPlaceTable(
  new Uint8Array(readFileSync(new URL('../../../src/place/place-table.bin', import.meta.url)))
    .buffer,
)

const NEEDED = ['account_id', 'session_id']

const NOTHING_SHOWN = {
  ip: null,
  user_agent: null,
  device_name: null,
  locale: null,
  country: null,
  city: null,
  session_expires_at: null,
}

function withData(changes: Readonly<Record<string, unknown>>) {
  return { ...login, data: { ...data, ...changes } }
}

function without(value: Readonly<Record<string, unknown>>, key: string) {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
}

function errorsOf(input: unknown) {
  const parsed = parseEvent(input)
  return parsed.ok ? [] : parsed.error
}

function pointersOf(input: unknown) {
  return errorsOf(input).map((error) => error.pointer)
}

describe('a login event', () => {
  it('is read with account and session alone', () => {
    const { account_id, session_id } = data
    expect(parseEvent({ ...login, data: { account_id, session_id } })).toEqual({
      ok: true,
      value: {
        ...login,
        timestamp: Date.UTC(2026, 10, 23, 14, 3, 27, 123),
        data: { account_id, session_id, ...NOTHING_SHOWN },
      },
    })
  })

  it('is read with all of its fields', () => {
    const full = withData({
      device_name: 'iPhone 15',
      locale: 'zh-TW',
      country: 'DE',
      city: 'Frankfurt',
      session_expires_at: '2026-11-24T15:03:27+01:00',
    })
    const parsed = parseEvent(full)
    expect(parsed.ok && parsed.value.data).toEqual({
      ...full.data,
      session_expires_at: Date.UTC(2026, 10, 24, 14, 3, 27),
    })
  })

  it.each(['type', 'timestamp', 'data'])('is refused without %s, by its pointer', (key) => {
    expect(errorsOf(without(login, key))).toEqual([{ pointer: `/${key}`, detail: 'is required' }])
  })

  it.each(NEEDED)('is refused without data.%s, by its pointer', (key) => {
    expect(errorsOf({ ...login, data: without(data, key) })).toEqual([
      { pointer: `/data/${key}`, detail: 'is required' },
    ])
  })

  it('names everything that is missing at once', () => {
    expect(pointersOf({ type: 'login.succeeded', data: {} })).toEqual([
      '/timestamp',
      '/data/account_id',
      '/data/session_id',
    ])
  })

  it('ignores fields it does not know', () => {
    const parsed = parseEvent({ ...withData({ colour: 'blue' }), tenant: 7 })
    expect(parsed.ok).toBe(true)
    expect(JSON.stringify(parsed)).not.toMatch(/blue|tenant/)
  })

  it.each(NEEDED)('does not take null for the required %s', (key) => {
    expect(pointersOf(withData({ [key]: null }))).toEqual([`/data/${key}`])
  })
})

describe('the fields of an event', () => {
  it.each(['account_id', 'session_id'])('%s is 1–64 of its alphabet', (key) => {
    const taken = fc
      .stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/)
      .filter((id) => id !== '.' && id !== '..')
    fc.assert(
      fc.property(taken, (id) => {
        expect(errorsOf(withData({ [key]: id }))).toEqual([])
      }),
    )
    for (const id of [
      '',
      '.',
      '..',
      'x'.repeat(65),
      'a b',
      'a/b',
      'é',
      'a\n',
      '../x',
      'a%2f',
      7,
      ['a'],
      {},
    ]) {
      expect(pointersOf(withData({ [key]: id }))).toEqual([`/data/${key}`])
    }
  })

  it('take only an RFC 3339 instant for the timestamp', () => {
    for (const timestamp of ['', '2026-11-23', '2026-11-23T14:03:27', 'now', 1, null]) {
      expect(pointersOf({ ...login, timestamp })).toEqual(['/timestamp'])
    }
  })
})

describe('the end of a session', () => {
  const ended = { ...login, type: 'session.ended', data: { account_id: 'a', session_id: 's' } }

  it('needs account and session only', () => {
    expect(parseEvent(ended).ok).toBe(true)
    expect(pointersOf({ ...ended, data: {} })).toEqual(['/data/account_id', '/data/session_id'])
  })

  it('is not held to the fields of a login', () => {
    expect(parseEvent({ ...ended, data: { ...ended.data, ip: 'none' } }).ok).toBe(true)
  })
})

describe('an activity event', () => {
  const activity = (changes: Readonly<Record<string, unknown>>) => ({
    type: 'activity.occurred',
    timestamp: login.timestamp,
    data: { account_id: '10482113', kind: 'password_changed', ...changes },
  })
  const NOTHING = { session_id: null, ip: null, user_agent: null, detail: null }

  it('needs an account and a kind, whatever that is', () => {
    for (const kind of ['password_changed', 'anything else', '', 'k'.repeat(65_536)]) {
      const parsed = parseEvent(activity({ kind }))
      expect(parsed).toMatchObject({ ok: true, value: { data: { kind, ...NOTHING } } })
    }
    expect(pointersOf(activity({ account_id: undefined }))).toEqual(['/data/account_id'])
    for (const kind of [undefined, null, 7, {}, ['password_changed']]) {
      expect(pointersOf(activity({ kind }))).toEqual(['/data/kind'])
    }
  })

  it('is refused by nothing else, and keeps what can be read, bounded', () => {
    const field = fc.oneof(fc.anything(), fc.string({ unit: 'binary', maxLength: 400 }))
    const record = fc.record(
      { session_id: field, ip: field, user_agent: field, detail: field, country: field },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(record, fc.string({ unit: 'binary', maxLength: 200 }), (fields, kind) => {
        const parsed = parseEvent(activity({ ...fields, kind }))
        if (!parsed.ok || parsed.value.type !== 'activity.occurred') throw new Error('refused')
        const facts = activityFacts(TABLE, parsed.value, 'alr_1', NOW)
        expect(facts.sessionId).toMatch(/^(?:|[A-Za-z0-9_.:-]{1,64})$/)
        for (const [text, limit] of [
          [facts.detail, 128],
          [facts.activityAsSent, 64],
        ] as const) {
          expect([...(text ?? '')].length).toBeLessThanOrEqual(limit)
          expect(text ?? '').not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u)
        }
        // As it is stored, it comes back from a queue.
        const job = { kind: 'activity', activity: facts }
        expect(parseAlertJob(JSON.parse(JSON.stringify(job)))).toEqual(job)
      }),
    )
  })

  it('of a kind that nobody here knows is another one, under its own name', () => {
    const factsOf = (kind: string) => {
      const parsed = parseEvent(activity({ kind }))
      if (!parsed.ok || parsed.value.type !== 'activity.occurred') throw new Error('refused')
      const facts = activityFacts(TABLE, parsed.value, 'alr_1', NOW)
      return [facts.activity, facts.activityAsSent]
    }
    expect(factsOf('email_changed')).toEqual(['email_changed', null])
    const spellings = [
      'EMAIL_CHANGED',
      'email-changed',
      ' Email changed ',
      'emailChanged',
      'email.changed',
    ]
    for (const kind of spellings) expect(factsOf(kind)).toEqual(['email_changed', null])
    expect(factsOf('Nickname-Changed')).toEqual(['other', 'Nickname-Changed'])
    expect(factsOf('nickname_changed')).toEqual(['other', 'nickname_changed'])
    expect(factsOf('__proto__')).toEqual(['other', '__proto__'])
    expect(factsOf('constructor')).toEqual(['other', 'constructor'])
    expect(factsOf('other')).toEqual(['other', 'other'])
    expect(factsOf('')).toEqual(['other', null])
  })
})

describe('the instant of an event', () => {
  const at = (ms: number) => ({ ...login, timestamp: new Date(ms).toISOString() })

  it('may be a year old, or a day ahead of our clock', () => {
    expect(errorsOf(at(NOW - EVENT_MAX_AGE_MS))).toEqual([])
    expect(errorsOf(at(NOW + EVENT_MAX_LEAD_MS))).toEqual([])
  })

  it.each(['login.succeeded', 'session.ended'])(
    'of %s in another unit is refused by name',
    (type) => {
      // `new Date(seconds)` and `new Date(microseconds)`.
      expect(errorsOf({ ...at(NOW / 1000), type })).toEqual([
        { pointer: '/timestamp', detail: 'is more than a year ago' },
      ])
      expect(errorsOf({ ...at(NOW * 4), type })).toEqual([
        { pointer: '/timestamp', detail: 'is more than a day ahead' },
      ])
    },
  )
})

describe('what is no event', () => {
  it.each([null, 7, 'text', true])('%j is told to be an object', (input) => {
    expect(errorsOf(input)).toEqual([{ pointer: '', detail: 'must be an object' }])
  })

  it.each(['login.failed', 'LOGIN.SUCCEEDED', '', 7, null, {}])('type %j is refused', (type) => {
    expect(errorsOf({ ...login, type })).toEqual([
      { pointer: '/type', detail: 'must be login.succeeded, session.ended or activity.occurred' },
    ])
  })

  it.each(['text', 7, null, true])('data %j is told to be an object', (value) => {
    expect(errorsOf({ ...login, data: value })).toEqual([
      { pointer: '/data', detail: 'must be an object' },
    ])
  })

  it('is refused whatever it is, without a throw, by pointers that exist', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything({ withNullPrototype: true }), fc.jsonValue()), (input) => {
        for (const { pointer } of errorsOf(input)) expect(pointer).toMatch(/^(\/[a-z_]+){0,2}$/)
        expect(parseEvent(input).ok).toBe(false)
      }),
    )
  })

  it('is never quoted: no value sent comes back in an error', () => {
    const poison = 'zq81poison'
    const value = fc.oneof(
      fc.constant(poison),
      fc.constant([poison]),
      fc.constant({ [poison]: poison }),
      fc.constant(`${poison} `.repeat(600)),
    )
    const fields = fc.record(
      Object.fromEntries(
        [...Object.keys(data), 'locale', 'country', 'city', 'session_expires_at', poison].map(
          (key) => [key, value],
        ),
      ),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        fc.oneof(fc.constant('login.succeeded'), value),
        value,
        fc.oneof(fields, value),
        (type, timestamp, sent) => {
          const errors = errorsOf({ type, timestamp, data: sent })
          expect(errors.length).toBeGreaterThan(0)
          expect(JSON.stringify(errors)).not.toContain(poison)
        },
      ),
    )
  })
})
