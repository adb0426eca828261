// What providers' codes may lead to. A class that stops an alert or mutes a number has to be sure, a sender's fault ends
// at its country, and what nobody knows is asked elsewhere now and here again later.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AWS_CODES } from '../../../src/sms/aws/codes.ts'
import { readAwsEvent } from '../../../src/sms/aws/events.ts'
import { INFOBIP_ERRORS, INFOBIP_STATUSES } from '../../../src/sms/infobip/codes.ts'
import {
  endsAsking,
  isDeniedByAll,
  type NumberReport,
  numberVerdict,
} from '../../../src/sms/number-verdict.ts'
import { FAILURE_CLASSES, OUTCOME_CLASSES } from '../../../src/sms/outcome-classes.ts'
import { refusal } from '../../../src/sms/refusal.ts'
import { SINCH_REFUSALS, SINCH_REPORTS } from '../../../src/sms/sinch/codes.ts'
import { TELNYX_CODES } from '../../../src/sms/telnyx/codes.ts'
import { TWILIO_CODES } from '../../../src/sms/twilio/codes.ts'
import { VONAGE_CODES } from '../../../src/sms/vonage/codes.ts'

const TABLES = {
  twilio: TWILIO_CODES,
  telnyx: TELNYX_CODES,
  vonage: VONAGE_CODES,
  infobip: INFOBIP_ERRORS,
  'infobip status': INFOBIP_STATUSES,
  sinch: SINCH_REPORTS,
  'sinch refusal': SINCH_REFUSALS,
  aws: AWS_CODES,
}

const codesOf = (provider: keyof typeof TABLES, ...codes: readonly (number | string)[]) =>
  codes.map((code) => [provider, String(code)] as const)

const meaning = (provider: keyof typeof TABLES, code: string) =>
  TABLES[provider].get(code) ?? { class: 'unclear' }

describe('the table of outcome classes', () => {
  it('says of each class who is at fault, how far it reaches, and what is done', () => {
    const rows = FAILURE_CLASSES.map((name) => {
      const { atFault, scope, next, isLasting } = OUTCOME_CLASSES[name]
      return `${name}: ${atFault}, ${scope}, ${next}${isLasting ? ', lasting' : ''}`
    })
    expect(rows).toEqual([
      'recipient_permanent: recipient, message, second_opinion',
      'recipient_temporary: recipient, message, one_more',
      'opted_out: recipient, message, stop, lasting',
      'message_rejected: ours, message, next, lasting',
      'provider_config: ours, provider, next',
      'provider_transient: provider, provider, next',
      'ambiguous: network, provider, next',
      'expired: network, message, next',
      'unclear: unknown, message, next',
    ])
  })

  it('lets nothing but a STOP end an alert at one word', () => {
    const stopping = FAILURE_CLASSES.filter((name) => OUTCOME_CLASSES[name].next === 'stop')
    expect(stopping).toEqual(['opted_out'])
  })
})

describe('A4 a code that may mean anything', () => {
  it.each([
    ...codesOf('twilio', 30004, 30005, 30006),
    ...codesOf('vonage', 1050, 1190, 1280),
    ...codesOf('infobip', 565, 568, 569, 573, 604, 2050, 2052),
    ...codesOf('infobip status', 10, 14),
    ...codesOf('aws', 'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE'),
  ])('of %s, %s, neither stops nor mutes', (provider, code) => {
    expect(['recipient_temporary', 'unclear']).toContain(meaning(provider, code).class)
  })

  it('of AWS’s TEXT_BLOCKED is no opt-out', () => {
    const message = JSON.stringify({ eventType: 'TEXT_BLOCKED', messageId: 'm_1' })
    const read = readAwsEvent({ message, publishedAt: 0 })
    expect(read).toMatchObject({ value: [{ event: { class: 'unclear' } }] })
  })

  it('is never taken for a STOP: each provider has the codes that say so, and no other', () => {
    const stops = Object.entries(TABLES).flatMap(([provider, table]) =>
      [...table].flatMap(([code, one]) =>
        one.class === 'opted_out' ? [`${provider} ${code}`] : [],
      ),
    )
    expect(stops).toEqual([
      'twilio 21610',
      'telnyx 40300',
      'vonage 1240',
      'infobip 603',
      'aws DESTINATION_PHONE_NUMBER_OPTED_OUT',
    ])
  })
})

describe('A5 our configuration, the provider’s state, and what nobody knows', () => {
  it.each([
    ...codesOf('twilio', 21659, 21660, 21661, 21601, 21715, 21910, 30037),
    ...codesOf('telnyx', 10001, 10005, 10013, 40019, 40155, 40323),
    ...codesOf('aws', 'INTERNATIONAL_SENDING_NOT_SUPPORTED', 'COUNTRY_CODE_MISMATCH'),
    ...codesOf('aws', 'CHANNEL_NOT_ENABLED'),
  ])('of %s, %s is our configuration', (provider, code) => {
    expect(meaning(provider, code).class).toBe('provider_config')
  })

  it('maintenance is the provider’s state', () => {
    expect(meaning('twilio', '21730').class).toBe('provider_transient')
  })

  it('an unknown code or a bare 4xx is unclear, whoever says it', () => {
    const others = fc
      .integer({ min: 400, max: 499 })
      .filter((status) => ![401, 402, 403, 408, 429].includes(status))
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(TABLES)), others, (table, status) => {
        const response = { status, headers: {}, body: '' }
        expect(refusal(response, undefined, table).class).toBe('unclear')
        expect(refusal(response, '987654', table).class).toBe('unclear')
      }),
    )
  })
})

describe('A6 a sender, its kind, its registration or its route', () => {
  it.each([
    ...codesOf('infobip status', 6, 11, 13, 18, 19),
    ...codesOf('twilio', 21212, 21606, 21611, 21612, 21659, 21703, 30023, 30034, 30042),
    ...codesOf('telnyx', 40003, 40013, 40305, 40306, 40308, 40315, 40318, 40321),
    ...codesOf('vonage', 1120, 1420),
    ...codesOf('sinch', 402, 410, 412),
    ...codesOf('sinch refusal', 'illegal_number_type'),
    ...codesOf('aws', 'RESOURCE_NOT_ACTIVE', 'NUMBER_CAPABILITIES_MISMATCH'),
    ...codesOf('aws', 'NO_ORIGINATION_IDENTITIES_FOUND'),
  ])('of %s, %s, is refused for its country alone', (provider, code) => {
    expect(meaning(provider, code)).toHaveProperty('scope', 'country')
  })
})

describe('A4 what answers prove of a number', () => {
  const denies = (provider: string, code = 'x', isReceipt = false): NumberReport => ({
    provider,
    class: 'recipient_permanent',
    code,
    isReceipt,
  })
  const anyReport = fc.record({
    provider: fc.constantFrom('twilio', 'vonage', 'telnyx'),
    class: fc.constantFrom(...FAILURE_CLASSES),
    code: fc.constantFrom('21614', '40001', '21610', 'x'),
    isReceipt: fc.boolean(),
  })

  it('no receipt of one provider, true or false, ever mutes a number', () => {
    const ofOne = fc
      .constantFrom('twilio', 'vonage', 'telnyx')
      .chain((provider) =>
        fc.array(anyReport.map((report) => ({ ...report, provider, isReceipt: true }))),
      )
    fc.assert(
      fc.property(ofOne, (reports) => {
        expect(numberVerdict(reports)).toBe(null)
      }),
    )
  })

  it('whatever mutes is a STOP the provider answered with, a look-up, or the word of two', () => {
    fc.assert(
      fc.property(fc.array(anyReport), (reports) => {
        const verdict = numberVerdict(reports)
        const word = reports[verdict?.index ?? -1]
        if (verdict?.state === 'opted_out') {
          expect(word).toMatchObject({ class: 'opted_out', isReceipt: false })
        }
        if (verdict?.state === 'invalid')
          expect(word).toHaveProperty('class', 'recipient_permanent')
      }),
    )
  })

  it('two that deny it end the asking, one does not, however often', () => {
    expect(endsAsking([denies('twilio'), denies('twilio', '21614')])).toBe(false)
    expect(endsAsking([denies('twilio'), denies('vonage', 'x', true)])).toBe(true)
  })

  it('one that looked it up is enough where nobody else is there to be asked', () => {
    expect(isDeniedByAll([denies('twilio', '21614')], 1)).toBe(true)
    expect(isDeniedByAll([denies('twilio', '21614')], 2)).toBe(false)
    expect(isDeniedByAll([denies('twilio', '21211')], 1)).toBe(false)
  })
})
