// The promise: two GSM-7 segments whatever the login claims, by our own count and by both others'.

import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { split } from 'split-sms'
import { describe, expect, it } from 'vitest'
import { composeAlert, LOCK_URL_LIMIT_SEPTETS, segmentsMax } from '../../../src/alert/compose.ts'
import { type AlertFacts, PART_NAMES, type TextRules } from '../../../src/alert/facts.ts'
import { formatNumbers } from '../../../src/alert/numbers.ts'
import { readParts } from '../../../src/alert/parts.ts'
import { countSegments } from '../../../src/alert/segments.ts'
import { ACTIVITIES } from '../../../src/login/activity.ts'
import { ACTIVITY_KINDS } from '../../../src/words/activity-words.ts'
import type { Language } from '../../../src/words/language.ts'
import { en } from '../../../src/words/languages/en.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { SITUATIONS } from '../../support/alert-situations.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'
import { findTappable, hostileText } from './hostile.ts'

const LINK = 'https://lock.example.com/l/eyJzdWIi.c2lnbmF0dXJl'

const FACTS: AlertFacts = {
  ...USUAL_ALERT,
  deviceName: 'iPhone 15',
  phrase: 'blue heron',
  lockUrl: LINK,
}

const RULES: TextRules = { hasLink: true, canReply: true, isNameBarred: false }

function compose(change: Partial<AlertFacts>, rules: Partial<TextRules> = {}, language = en) {
  return composeAlert({ ...FACTS, ...change }, { ...RULES, ...rules }, language)
}

/** English stands in for a language of its own script. */
function maxOf(encoding: 'GSM-7' | 'UCS-2', facts: AlertFacts, language: Language): number {
  return segmentsMax(facts, encoding === 'GSM-7' ? en : language)
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
  replyCode: fc.stringMatching(/^[2-9A-HJ-NP-Z]{4}$/),
  typedCode: fc.stringMatching(/^[2-9A-HJ-NP-Z]{4} [2-9A-HJ-NP-Z]{4}$/),
  mergedNumbers: fc.oneof(
    fc.constant([42]),
    fc.uniqueArray(fc.integer({ min: 1, max: 9_999_999_999 }), { minLength: 1, maxLength: 30 }),
  ),
  isMixed: fc.boolean(),
  isNewCountry: fc.boolean(),
  isNewDevice: fc.boolean(),
  activity: maybe(fc.constantFrom(...ACTIVITY_KINDS)),
  times: fc.nat(),
  holdUntil: maybe(fc.oneof(fc.date({ noInvalidDate: true }).map(Number), fc.double())),
})

const anyRules: fc.Arbitrary<TextRules> = fc.record({
  hasLink: fc.boolean(),
  canReply: fc.boolean(),
  isNameBarred: fc.boolean(),
})

const anyLanguage = fc.constantFrom(...LANGUAGES)

describe('an activity that holds withdrawals', () => {
  it.each(LANGUAGES.map((language) => [language.tag, language] as const))(
    'says so in %s, by every way to lock',
    (_tag, language) => {
      const facts = { ...SITUATIONS['usual login'], deviceName: 'trading bot' }
      const holdUntil = facts.occurredAt + 12 * 3_600_000
      const kinds = ACTIVITY_KINDS.filter((kind) => ACTIVITIES[kind].startsHold)
      for (const activity of kinds) {
        for (const hasLink of [true, false]) {
          for (const canReply of [true, false]) {
            const rules = { hasLink, canReply, isNameBarred: false }
            const told = { ...facts, activity, holdUntil }
            const { text, dropped, segments } = composeAlert(told, rules, language)
            expect([activity, text, dropped.includes('wait')]).toEqual([activity, text, false])
            expect(segments).toBeLessThanOrEqual(language.encoding === 'GSM-7' ? 2 : 4)
          }
        }
      }
    },
  )
})

describe('composeAlert', () => {
  it('says who, when, where, on what, what to do, and proves itself', () => {
    expect(compose({})).toEqual({
      text:
        'BitEx login #42: 14:03 UTC 23 Nov, near Frankfurt, Germany, IP ..13.77, ' +
        `Chrome on Windows, "iPhone 15". Not you? Lock now: ${LINK} or reply LOCK 7K3Q. ` +
        'Anti-Phishing: blue heron',
      segments: 2,
      language: 'en',
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
    ['a new country', { isNewCountry: true }, 'Germany, new country, IP'],
    ['a new device', { isNewDevice: true }, 'Germany, new device, IP'],
    [
      'no anti-phishing code',
      { phrase: null },
      `${LINK} or reply LOCK 7K3Q. Ignore if it was you.`,
    ],
    ['an exchange name in Chinese', { exchangeName: '交易所' }, 'Exchange login #42:'],
    ['a device name with a message', { deviceName: 'x", visit evil.com' }, `, "x', visit".`],
    ['a placeholder for a name', { deviceName: '{link}' }, ', "(link)".'],
  ])('words %s', (_what, change, words) => {
    expect(compose(change).text).toContain(words)
  })

  it.each([
    [
      'the code of a sender that hears nothing',
      { canReply: false },
      `${LINK} Lock code 7K3Q M2WX. Anti`,
    ],
    [
      'a reply where links are banned',
      { hasLink: false },
      '. Not you? Lock now: reply LOCK 7K3Q. ',
    ],
    [
      'the lock page where neither link nor reply is possible',
      { hasLink: false, canReply: false },
      'Not you? Lock now: code 7K3Q M2WX on the lock page of BitEx. Anti-Phishing',
    ],
    ['no name that a country bars', { isNameBarred: true }, 'Account login #42: 14:03'],
  ])('words %s', (_what, rules, words) => {
    expect(compose({}, rules).text).toContain(words)
  })

  it('has no link where links are banned', () => {
    expect(compose({}, { hasLink: false }).text).not.toContain('http')
  })

  it('says how many logins one text stands for, and which', () => {
    const { text } = compose({ alertNumber: 47, mergedNumbers: [43, 44, 45, 47] })
    expect(text).toContain('BitEx: 4 logins (#43-#45, #47) on known devices, last 14:03 UTC 23 Nov')
    expect(text).toContain(`Not you? Lock now: ${LINK} or reply LOCK 7K3Q.`)
  })

  it('A12 says of a digest what no single alert says, and what is worst in it', () => {
    const several = { alertNumber: 21, mergedNumbers: [21, 22, 23], isMixed: true }
    const worst = { isNewCountry: true, hosting: 'Hetzner', phrase: null }
    const { text } = compose({ ...several, ...worst, isNewDevice: true })
    expect(text).toContain(
      'BitEx: 3 logins (#21-#23), some on new devices. Most unusual: 14:03 UTC 23 Nov, ' +
        'near Frankfurt, Germany (data centre Hetzner), new country, IP',
    )
    const known = compose({ ...several, ...worst })
    expect(known.text).toContain('BitEx: 3 logins (#21-#23), 14:03 UTC 23 Nov, near Frankfurt')
    expect(known.text).not.toContain('device')
  })

  it('A12 never tells several as one, however long the link', () => {
    for (const language of LANGUAGES) {
      for (const length of [90, 140, 190, 230]) {
        const several = { alertNumber: 21, mergedNumbers: [21, 22, 23], lockUrl: linkOf(length) }
        for (const isMixed of [true, false]) {
          const { text } = compose({ ...several, isMixed, isParallel: true }, {}, language)
          expect(text).toContain(formatNumbers([21, 22, 23], language.alert.numberMark))
        }
      }
    }
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
    const order = ['network', 'deviceName', 'ip', 'phrase', 'os', 'browser', 'city']
    const lengths = [40, 60, 80, 100, 120, 140, 160, 180, 190, 200]
    const given = lengths.map((length) => compose({ ...change, lockUrl: linkOf(length) }).dropped)
    for (const dropped of given) {
      expect(dropped).toEqual(order.filter((part) => dropped.some((name) => name === part)))
    }
    expect(given.at(0)).toEqual(['network'])
    expect(given.at(-1)).toEqual(order)
  })

  it('takes back what the room left by a longer part is enough for, the weightier first', () => {
    const change = { phrase: null, isParallel: true, hosting: 'Hetzner', lockUrl: linkOf(141) }
    const { text, dropped } = compose(change)
    expect(dropped).toEqual(['ending', 'deviceName', 'ip'])
    expect(text).toContain('Germany (data centre Hetzner), Chrome on Windows.')
  })

  it('names a long city whole beside a short link, and its beginning before anything is dropped', () => {
    const city = 'Las Palmas de Gran Canaria'
    expect(compose({ city }).text).toContain(`near ${city}, Germany`)
    const { text, dropped } = compose({ city, lockUrl: linkOf(128) })
    expect(text).toContain('near Las Palmas de Gran, Germany')
    expect(dropped).toEqual([])
  })

  it('tells every part while there is room, and can give up each', () => {
    const full = {
      ...{ ...FACTS, hosting: 'H', isParallel: true, isNewCountry: true, deviceName: 'S' },
      holdUntil: FACTS.occurredAt,
    }
    for (const phrase of [full.phrase, null]) {
      const facts = { ...full, phrase }
      const parts = readParts(facts, RULES, en)
      const told = PART_NAMES.filter((name) => parts[name] !== '')
      const { text } = compose({ ...facts, lockUrl: 'https://x.example/l/a' })
      expect(told.filter((name) => !text.includes(parts[name]))).toEqual([])
      const { dropped } = compose({ ...facts, lockUrl: linkOf(300) })
      expect(dropped).toEqual(told)
      // An anti-phishing code or the ending, and no digest.
      expect(PART_NAMES.length - told.length).toBe(2)
    }
  })

  it('gives up the ending before anything that tells of the login', () => {
    const { dropped } = compose({ phrase: null, deviceName: null, lockUrl: linkOf(172) })
    expect(dropped).toEqual(['ending'])
  })

  it('shortens a name before it gives the next part up', () => {
    const { text, dropped } = compose({ deviceName: 'Workstation upstairs', lockUrl: linkOf(132) })
    expect(text).toContain('"Workstation"')
    expect(dropped).toEqual([])
  })

  it('tells all that must not be missed beside the longest link there is', () => {
    const lockUrl = linkOf(LOCK_URL_LIMIT_SEPTETS)
    const worst = {
      hosting: 'Hetzner',
      isParallel: true,
      isNewCountry: true,
      country: 'GS',
      lockUrl,
    }
    const { text, segments } = compose({ ...worst, alertNumber: 9_999_999_999 })
    expect(text).toBe(
      'BitEx login #9999999999 14:03 UTC, GS (data centre), new country. Another session. ' +
        `Not you? ${lockUrl} LOCK 7K3Q.`,
    )
    expect(segments).toBe(2)
  })

  it('gives words up before facts', () => {
    const warned = { hosting: '', isParallel: true, isNewCountry: true, lockUrl: linkOf(140) }
    const { text } = compose(warned)
    expect(text).toBe(
      'BitEx login #42 14:03 UTC, near Frankfurt, Germany (data centre), new country, Chrome on ' +
        `Windows. Another session. Not you? ${linkOf(140)} LOCK 7K3Q. Anti-Phishing: blue heron`,
    )
  })

  it('sends an over-long link whole and says what it costs', () => {
    const lockUrl = linkOf(400)
    const { text, segments } = compose({ lockUrl })
    expect(text).toContain(lockUrl)
    expect(segments).toBe(3)
  })

  it('names a country in English where its own name has no Latin spelling', () => {
    expect(compose({ city: null }, {}, { ...en, intl: 'ja' }).text).toContain('Germany, IP')
  })

  it('has both codes last, whatever else there is', () => {
    expect(compose({}).text).toMatch(/LOCK 7K3Q\. Anti-Phishing: blue heron$/)
  })
})

describe('every language', () => {
  it('stays within its segments, whoever counts, and tells the code, and the link where it may', () => {
    fc.assert(
      fc.property(hostileFacts, anyRules, anyLanguage, (facts, rules, language) => {
        const { text, segments } = composeAlert(facts, rules, language)
        const own = countSegments(text)
        const theirs = split(text)
        expect(segments).toBe(own.segments)
        expect(segments).toBeLessThanOrEqual(maxOf(own.encoding, facts, language))
        expect(theirs.characterSet).toBe(own.encoding === 'GSM-7' ? 'GSM' : 'Unicode')
        expect(theirs.parts).toHaveLength(segments)
        if (language.encoding === 'GSM-7') expect(own.encoding).toBe('GSM-7')
        expect(text).toContain(rules.canReply ? `LOCK ${facts.replyCode}` : facts.typedCode)
        expect(text.includes(facts.lockUrl)).toBe(rules.hasLink)
      }),
      { numRuns: 3000 },
    )
  })

  it('stays within them by the slow counter too', () => {
    fc.assert(
      fc.property(hostileFacts, anyRules, anyLanguage, (facts, rules, language) => {
        const { text, segments } = composeAlert(facts, rules, language)
        const theirs = new SegmentedMessage(text)
        const { encoding } = countSegments(text)
        expect(theirs.encodingName).toBe(encoding)
        // It keeps a letter and its marks together, which may take a segment more, not one more than allowed.
        expect(theirs.segmentsCount).toBeGreaterThanOrEqual(segments)
        expect(theirs.segmentsCount).toBeLessThanOrEqual(maxOf(encoding, facts, language))
      }),
      { numRuns: 500 },
    )
  })

  it('has one tappable thing in it, our link, whole and with words after it', () => {
    fc.assert(
      fc.property(hostileFacts, anyLanguage, (facts, language) => {
        const { text } = composeAlert({ ...facts, exchangeName: 'BitEx' }, RULES, language)
        const [before = '', after = '', ...more] = text.split(` ${facts.lockUrl} `)
        expect(more).toEqual([])
        expect(after).toMatch(/LOCK [2-9A-Z]{4}/)
        expect(`${before} ${after}`).not.toMatch(/[\r\n]| {2}|\{|\}/)
        // A time, counts and a masked address are no number to call, a Thai month no domain.
        const ours =
          /#\d+(?:-#\d+)?|\d\d:\d\d|IP \.\.[\da-f.]+|UTC \d+|\p{Script=Thai}+\.\p{Script=Thai}+\./gu
        // Alert numbers in Vietnamese, which have no mark.
        const unmarked = language.alert.numberMark === '' ? /so \d+|\(\d[\d, -]*\)/g : /$^/
        expect(findTappable(before.replace(ours, ' x ').replace(unmarked, ' x '))).toBeNull()
        expect(findTappable(after)).toBeNull()
      }),
      { numRuns: 1500 },
    )
  })
})
