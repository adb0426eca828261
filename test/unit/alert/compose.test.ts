// The promise: two GSM-7 segments whatever the login claims, by our own count and by both others'.

import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { split } from 'split-sms'
import { describe, expect, it } from 'vitest'
import type { AlertWords } from '../../../src/alert/alert-words.ts'
import {
  ALERT_TEXT_LIMIT_SEGMENTS,
  type AlertFacts,
  composeAlert,
  LOCK_URL_LIMIT_SEPTETS,
} from '../../../src/alert/compose.ts'
import { en } from '../../../src/alert/locales/en.ts'
import { countSegments } from '../../../src/alert/segments.ts'
import { findTappable, hostileText } from './hostile.ts'

const LINK = 'https://lock.example.com/l/eyJzdWIi.c2lnbmF0dXJl'

const FACTS: AlertFacts = {
  exchangeName: 'BitEx',
  alertNumber: 42,
  occurredAt: Date.UTC(2026, 10, 23, 14, 3, 27),
  country: 'DE',
  city: 'Frankfurt',
  hosting: null,
  reserved: null,
  ipTail: '13.77',
  browser: 'Chrome',
  os: 'Windows',
  deviceName: 'iPhone 15',
  isParallel: false,
  phrase: 'blue heron',
  lockUrl: LINK,
}

function compose(change: Partial<AlertFacts>, words: AlertWords = en) {
  return composeAlert({ ...FACTS, ...change }, words)
}

/** A link of the given length, mid-alphabet of what tokens are made of. */
function linkOf(length: number): string {
  return 'https://lock.example.com/l/'.padEnd(length, 'aB3-dE_5.f')
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 6 })

const hostileFacts: fc.Arbitrary<AlertFacts> = fc.record({
  exchangeName: hostileText,
  alertNumber: fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.double()),
  occurredAt: fc.oneof(fc.date({ noInvalidDate: true }).map(Number), fc.double()),
  country: maybe(fc.oneof(fc.constantFrom('DE', 'GS', 'cd', 'ZZ', 'T1'), hostileText)),
  city: maybe(hostileText),
  hosting: maybe(hostileText),
  reserved: maybe(fc.oneof(fc.constant('private'), hostileText)),
  ipTail: fc.oneof(fc.constantFrom('13.77', '7334', ''), hostileText),
  browser: maybe(hostileText),
  os: maybe(hostileText),
  deviceName: maybe(hostileText),
  isParallel: fc.boolean(),
  phrase: maybe(hostileText),
  lockUrl: fc
    .array(fc.constantFrom(...'abcXYZ019-_.~[]{}'), { maxLength: LOCK_URL_LIMIT_SEPTETS })
    .map((characters) => {
      const link = `https://l.example/${characters.join('')}`
      let end = link.length
      while (countSegments(link.slice(0, end)).units > LOCK_URL_LIMIT_SEPTETS) end -= 1
      return link.slice(0, end)
    }),
})

describe('composeAlert', () => {
  it('says who, when, where, on what, what to do, and proves itself', () => {
    expect(compose({})).toEqual({
      text:
        'BitEx login #42: 14:03 UTC 23 Nov, near Frankfurt, Germany, IP ..13.77, ' +
        `Chrome on Windows, "iPhone 15". Not you? Lock now: ${LINK} Your phrase: blue heron`,
      segments: 2,
      dropped: [],
    })
  })

  it.each([
    ['a parallel session', { isParallel: true }, '"iPhone 15". Another session is open. Not you?'],
    ['a data centre', { hosting: 'Hetzner' }, 'Germany (data centre Hetzner), IP'],
    ['a data centre without a name', { hosting: '' }, 'Germany (data centre), IP'],
    ['a country alone', { city: null }, 'Nov, Germany, IP'],
    ['a city alone', { country: null }, 'Nov, near Frankfurt, IP'],
    ['a made-up country', { country: 'ZZ', city: null }, 'Nov, unknown place, IP'],
    ['a private network', { country: null, city: null, reserved: 'private' }, ', private network,'],
    ['another range', { country: null, city: null, reserved: 'loopback' }, ', reserved network,'],
    ['a city in Chinese', { country: 'JP', city: '東京' }, 'Nov, Japan, IP'],
    ['an accent GSM-7 lacks', { country: 'CI', city: 'São Pedro' }, "Sao Pedro, Cote d'Ivoire,"],
    ['a browser alone', { os: null }, ', Chrome, "iPhone'],
    ['a system alone', { browser: null }, ', Windows, "iPhone'],
    ['no device at all', { browser: null, os: null, deviceName: null }, '..13.77. Not you?'],
    ['an IPv6 tail', { ipTail: '7334' }, 'IP ..7334,'],
    ['no phrase', { phrase: null }, `${LINK} Ignore if it was you.`],
    ['an exchange name in Chinese', { exchangeName: '交易所' }, 'Exchange login #42:'],
    ['a device name with a message', { deviceName: 'x", visit evil.com' }, `, "x', visit".`],
    ['a placeholder for a name', { deviceName: '{link}' }, ', "(link)".'],
  ])('words %s', (_what, change, words) => {
    expect(compose(change).text).toContain(words)
  })

  it('gives parts up in the documented order as the link grows', () => {
    const change = {
      hosting: 'Example Hosting Ltd',
      city: 'San Francisco del Norte',
      country: 'BA',
      alertNumber: 1_234_567,
      exchangeName: 'Bolsa Internacional',
      phrase: 'seven blue herons at sea',
      isParallel: true,
    }
    const orders = [40, 60, 80, 100, 120, 140, 150, 160, 170, 180].map(
      (length) => compose({ ...change, lockUrl: linkOf(length) }).dropped,
    )
    expect(orders.at(-1)).toEqual([
      'deviceName',
      'network',
      'ip',
      'os',
      'browser',
      'city',
      'dataCentre',
      'phrase',
    ])
    for (const dropped of orders) {
      expect(orders.at(-1)?.slice(0, dropped.length)).toEqual(dropped)
    }
  })

  it('shortens a name before it gives the next part up', () => {
    const { text, dropped } = compose({ deviceName: 'Workstation upstairs', lockUrl: linkOf(150) })
    expect(text).toContain('"Workstation"')
    expect(dropped).toEqual([])
  })

  it('keeps number, time, country, warning and link in the worst case', () => {
    const lockUrl = linkOf(180)
    const { text } = compose({
      exchangeName: 'Bolsa Internacional de Activos',
      alertNumber: Number.MAX_SAFE_INTEGER,
      country: 'GS',
      isParallel: true,
      lockUrl,
    })
    expect(text).toBe(
      'Bolsa login #9007199254740991: 14:03 UTC 23 Nov, GS. Another session is open. ' +
        `Not you? Lock now: ${lockUrl} Ignore if it was you.`,
    )
  })

  it('leaves unsaid that the place is unknown before it takes a third segment', () => {
    const { text, segments } = compose({
      exchangeName: 'Bolsa-Internacional',
      alertNumber: Number.MAX_SAFE_INTEGER,
      country: null,
      city: null,
      isParallel: true,
      lockUrl: linkOf(180),
    })
    expect(text).toContain('14:03 UTC 23 Nov. Another session is open.')
    expect(segments).toBe(2)
  })

  it.each([
    [42, 'BitEx #42: 14:03 UTC 23 Nov, DE. 2nd session. Not you? '],
    [9007199254740991, 'BitEx #9007199254740991: 14:03 UTC 23 Nov, DE. Not you? '],
  ])(
    'says less of alert %i with the longest link, and still when, where and lock',
    (alertNumber, head) => {
      const lockUrl = linkOf(LOCK_URL_LIMIT_SEPTETS)
      const { text, segments } = compose({
        alertNumber,
        country: 'DE',
        isParallel: true,
        exchangeName: 'BitEx',
        lockUrl,
      })
      expect(text).toBe(`${head}${lockUrl} - lock`)
      expect(segments).toBe(2)
    },
  )

  it('sends an over-long link whole and says what it costs', () => {
    const lockUrl = linkOf(400)
    const { text, segments } = compose({ lockUrl })
    expect(text).toContain(lockUrl)
    expect(segments).toBe(3)
  })

  it('lets a language order the parts', () => {
    const words: AlertWords = {
      ...en,
      message: '{parallel} {link} : {closing} / {details} / {number} {exchange}',
      details: ['deviceName', 'software', 'ip', 'place', 'time'],
      detailSeparator: '; ',
    }
    expect(compose({ country: 'FR', city: null }, words).text).toBe(
      `${LINK} : Your phrase: blue heron / "iPhone 15"; Chrome on Windows; IP ..13.77; France; ` +
        '14:03 UTC 23 Nov / 42 BitEx',
    )
  })

  it('names a country in English where its own name has no Latin spelling', () => {
    expect(compose({ city: null }, { ...en, locale: 'ja' }).text).toContain('Nov, Germany, IP')
  })

  it('stays within two GSM-7 segments, whoever counts', () => {
    fc.assert(
      fc.property(hostileFacts, (facts) => {
        const { text, segments } = composeAlert(facts, en)
        const own = countSegments(text)
        const theirs = split(text)
        expect(own.encoding).toBe('GSM-7')
        expect(segments).toBe(own.segments)
        expect(segments).toBeLessThanOrEqual(ALERT_TEXT_LIMIT_SEGMENTS)
        expect(theirs.characterSet).toBe('GSM')
        expect(theirs.parts).toHaveLength(segments)
      }),
      { numRuns: 3000 },
    )
  })

  it('stays within two segments by the slow counter too', () => {
    fc.assert(
      fc.property(hostileFacts, (facts) => {
        const { text, segments } = composeAlert(facts, en)
        const theirs = new SegmentedMessage(text)
        expect([theirs.encodingName, theirs.segmentsCount]).toEqual(['GSM-7', segments])
      }),
      { numRuns: 500 },
    )
  })

  it('has one tappable thing in it, our link, whole and with words after it', () => {
    fc.assert(
      fc.property(hostileFacts, (facts) => {
        const { text } = composeAlert({ ...facts, exchangeName: 'BitEx' }, en)
        const [before, after, ...more] = text.split(` ${facts.lockUrl} `)
        expect(more).toEqual([])
        expect(after).toMatch(/^(Your phrase: \S|Ignore )/)
        expect(before + ' ' + after).not.toMatch(/[\r\n]| {2}|\{|\}/)
        // A time, a count and a masked address are no number to call.
        const ours = /^BitEx login #\S+ (?:\d\d:\d\d UTC \d+ \w+)?|IP \.\.[\da-f.]+/g
        expect(findTappable((before ?? '').replace(ours, ' x '))).toBeNull()
        expect(findTappable(after ?? '')).toBeNull()
      }),
      { numRuns: 3000 },
    )
  })

  it('drops nothing it did not have', () => {
    const { dropped } = compose({
      city: null,
      browser: null,
      deviceName: null,
      lockUrl: linkOf(180),
      isParallel: true,
      phrase: 'seven blue herons at sea',
    })
    expect(dropped).toEqual(['ip', 'os'])
  })
})
