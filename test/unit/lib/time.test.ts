// RFC 3339 and nothing else: a calendar that exists, a zone that is given, one instant.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatInstant, parseInstant } from '../../../src/lib/time.ts'

describe('parseInstant', () => {
  it.each([
    ['2026-11-23T14:03:27Z', Date.UTC(2026, 10, 23, 14, 3, 27)],
    ['2026-11-23t14:03:27z', Date.UTC(2026, 10, 23, 14, 3, 27)],
    ['2026-11-23T14:03:27.123Z', Date.UTC(2026, 10, 23, 14, 3, 27, 123)],
    ['2026-11-23T14:03:27.1Z', Date.UTC(2026, 10, 23, 14, 3, 27, 100)],
    ['2026-11-23T14:03:27.123456789Z', Date.UTC(2026, 10, 23, 14, 3, 27, 123)],
    ['2026-11-23T14:03:27.999999999Z', Date.UTC(2026, 10, 23, 14, 3, 27, 999)],
    ['2026-11-23T14:03:27+00:00', Date.UTC(2026, 10, 23, 14, 3, 27)],
    ['2026-11-23T14:03:27-00:00', Date.UTC(2026, 10, 23, 14, 3, 27)],
    ['2026-11-23T14:03:27+05:30', Date.UTC(2026, 10, 23, 8, 33, 27)],
    ['2026-11-23T23:59:59-23:59', Date.UTC(2026, 10, 24, 23, 58, 59)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['1970-01-01T00:00:00Z', 0],
    ['1969-12-31T23:59:59Z', -1_000],
  ])('reads %s', (text, at) => {
    expect(parseInstant(text)).toBe(at)
  })

  it.each([
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-02-31T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-13-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:60:00Z',
    '2026-06-30T23:59:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+00:60',
    '2026-01-01T00:00:00+0530',
    '2026-01-01T00:00:00+05',
    '2026-01-01T00:00:00',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00Z',
    '2026-01-01',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00,5Z',
    '2026-01-01T00:00:00.1234567890Z',
    '26-01-01T00:00:00Z',
    '+002026-01-01T00:00:00Z',
    '-2026-01-01T00:00:00Z',
    ' 2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z\n',
    '２０２６-01-01T00:00:00Z',
    'Mon, 23 Nov 2026 14:03:27 GMT',
    '1795442607',
    '',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBe(null)
  })

  it('comes back from every instant that is written, with any offset', () => {
    const instant = fc.integer({
      min: Date.UTC(1000, 0, 2),
      max: Date.UTC(9999, 11, 30),
    })
    fc.assert(
      fc.property(instant, fc.integer({ min: -1_439, max: 1_439 }), (at, offsetMinutes) => {
        expect(parseInstant(formatInstant(at))).toBe(at)
        const local = new Date(at + offsetMinutes * 60_000).toISOString().slice(0, -1)
        const ahead = Math.abs(offsetMinutes)
        const hours = String(Math.floor(ahead / 60)).padStart(2, '0')
        const minutes = String(ahead % 60).padStart(2, '0')
        expect(parseInstant(`${local}${offsetMinutes < 0 ? '-' : '+'}${hours}:${minutes}`)).toBe(at)
      }),
    )
  })

  it('reads nothing that could not be written again', () => {
    // An offset must not lead out of the years that RFC 3339 can write.
    for (const text of ['9999-12-31T23:59:59-00:01', '0000-01-01T00:00:00+00:01']) {
      const at = parseInstant(text)
      expect(at === null || parseInstant(formatInstant(at)) === at).toBe(true)
    }
  })

  it('is total', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.stringMatching(/^[-0-9TtZz:.+ ]*$/)),
        (text) => {
          const at = parseInstant(text)
          expect(at === null || Number.isInteger(at)).toBe(true)
        },
      ),
    )
  })
})

describe('formatInstant', () => {
  it('is null for null', () => {
    expect(formatInstant(null)).toBe(null)
    expect(formatInstant(0)).toBe('1970-01-01T00:00:00.000Z')
  })
})
