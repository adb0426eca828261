// SNS messages: what is taken for SNS's own, where its certificate may come from, and what a message
// makes us fetch. The key is the test's; the signing is node:crypto's.

import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { createSnsReader } from '../../../src/sms/aws/sns.ts'
import { certificateUrl, confirmationUrl, parseTopicArn } from '../../../src/sms/aws/sns-host.ts'
import { after } from '../../support/ports.ts'
import {
  SNS_CERTIFICATE,
  SNS_CERTIFICATE_PATH,
  SNS_KEY,
  type SnsFields,
  signSns,
  snsConfirmation,
  snsNotification,
} from '../../world/carriers/aws-sns.ts'

const NOW = Date.parse('2026-11-23T14:03:27Z')
const TOPIC = {
  topicArn: 'arn:aws:sns:eu-west-1:123456789012:sms-events',
  snsOrigin: 'https://sns.eu-west-1.amazonaws.com',
}
const CERTIFICATE_URL = TOPIC.snsOrigin + SNS_CERTIFICATE_PATH

function topicOf(arn: string = TOPIC.topicArn) {
  const topic = parseTopicArn(arn)
  if (topic === null) throw new Error(`no ARN of a topic: ${arn}`)
  return topic
}

type Answer = (url: string) => Response | Promise<Response>

const certificate: Answer = () => new Response(SNS_CERTIFICATE)

/** A reader for the topic, and every URL it fetched. */
function start(answer: Answer = certificate, localOrigin?: string) {
  const fetched: string[] = []
  const readSns = createSnsReader({
    topics: [topicOf('arn:aws:sns:us-east-1:123456789012:another'), topicOf()],
    localOrigin,
    after,
    fetch: async (url) => {
      fetched.push(url)
      return answer(url)
    },
  })
  const read = (fields: unknown, now = NOW) =>
    readSns(
      {
        url: 'https://alerts.example.com/v1/inbound/aws',
        headers: new Headers(),
        body: new TextEncoder().encode(
          typeof fields === 'string' ? fields : JSON.stringify(fields),
        ),
      },
      now,
    )
  return { fetched, read }
}

const notification = (changes: SnsFields = {}) =>
  signSns({ ...snsNotification(TOPIC, 'Hello\nworld', NOW), ...changes }, SNS_KEY)
const confirmation = (changes: SnsFields = {}) =>
  signSns({ ...snsConfirmation(TOPIC, NOW), ...changes }, SNS_KEY)
const refused = (reason: string) => ({ ok: false, error: { reason } })
const PUBLISHED = { ok: true, value: { message: 'Hello\nworld', publishedAt: NOW } }

afterEach(() => {
  vi.useRealTimers()
})

describe('the ARN of a topic', () => {
  test.each([
    ['arn:aws:sns:eu-west-1:123456789012:sms-events', 'sns.eu-west-1.amazonaws.com'],
    ['arn:aws-us-gov:sns:us-gov-west-1:123456789012:A_b-1', 'sns.us-gov-west-1.amazonaws.com'],
    ['arn:aws-cn:sns:cn-north-1:123456789012:x', 'sns.cn-north-1.amazonaws.com.cn'],
  ])('%s names the host %s', (arn, host) => {
    expect(parseTopicArn(arn)).toEqual({ arn, host })
  })

  test.each([
    '',
    'sms-events',
    'arn:aws:sqs:eu-west-1:123456789012:sms-events',
    'arn:aws:sns:eu-west-1:123456789012:orders.fifo',
    'arn:aws:sns:eu-west-1:123456789012:sms-events:c9135db0-26c4-47ec-8998-413945fb5a96',
    'arn:aws:sns:evil.example#-1:123456789012:x',
    'arn:aws:sns:eu-west-1:12345:x',
    'arn:aws:sns:eu-west-1:123456789012:x\n',
  ])('%j is none', (arn) => {
    expect(parseTopicArn(arn)).toBeNull()
  })
})

describe('the URL of a certificate', () => {
  const isTaken = (text: string, localOrigin?: string) =>
    certificateUrl(text, topicOf(), localOrigin)?.href === new URL(text).href

  test.each([CERTIFICATE_URL, `${TOPIC.snsOrigin}:443/x.pem`])('may be %s', (url) => {
    expect(isTaken(url)).toBe(true)
  })

  test.each([
    ['http', 'http://sns.eu-west-1.amazonaws.com/x.pem'],
    ['another region', 'https://sns.us-east-1.amazonaws.com/x.pem'],
    ['China', 'https://sns.eu-west-1.amazonaws.com.cn/x.pem'],
    ['a suffix', 'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem'],
    ['a prefix', 'https://evil-sns.eu-west-1.amazonaws.com/x.pem'],
    ['a bucket', 'https://sns.eu-west-1.s3.amazonaws.com/x.pem'],
    ['a user', 'https://sns.eu-west-1.amazonaws.com@evil.example/x.pem'],
    ['a user before', 'https://user@sns.eu-west-1.amazonaws.com/x.pem'],
    ['a password', 'https://:x@sns.eu-west-1.amazonaws.com/x.pem'],
    ['a port', 'https://sns.eu-west-1.amazonaws.com:8443/x.pem'],
    ['a query', 'https://sns.eu-west-1.amazonaws.com/x.pem?Action=Publish'],
    ['a fragment', 'https://sns.eu-west-1.amazonaws.com/x.pem#y'],
    ['a folder', 'https://sns.eu-west-1.amazonaws.com/a/x.pem'],
    ['an escape', 'https://sns.eu-west-1.amazonaws.com/%2e%2e%2fx.pem'],
    ['another file', 'https://sns.eu-west-1.amazonaws.com/x.pem.txt'],
    ['a query for a file', 'https://sns.eu-west-1.amazonaws.com/?x=.pem'],
    ['a full stop after the host', 'https://sns.eu-west-1.amazonaws.com./x.pem'],
    ['loopback', 'http://127.0.0.1:8701/x.pem'],
  ])('is not one with %s', (_what, url) => {
    expect(certificateUrl(url, topicOf())).toBeNull()
  })

  test('may be on the origin that stands in for AWS, under the same rule', () => {
    const local = 'http://127.0.0.1:8701'
    expect(isTaken(`${local}/x.pem`, local)).toBe(true)
    expect(certificateUrl(`${local}/a/x.pem`, topicOf(), local)).toBeNull()
    expect(certificateUrl('http://127.0.0.1:8702/x.pem', topicOf(), local)).toBeNull()
    expect(certificateUrl('https://127.0.0.1:8701/x.pem', topicOf(), local)).toBeNull()
  })

  test('is on no other host, whatever is made up', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string()), (text) => {
        expect(certificateUrl(text, topicOf())).toBeNull()
      }),
    )
  })
})

describe('the URL that confirms a subscription', () => {
  const query = `Action=ConfirmSubscription&TopicArn=${TOPIC.topicArn}&Token=2336`

  test('is on SNS’s own host', () => {
    const url = `${TOPIC.snsOrigin}/?${query}`
    expect(confirmationUrl(url, topicOf())?.href).toBe(url)
  })

  test.each([
    `https://evil.example/?${query}`,
    `http://sns.eu-west-1.amazonaws.com/?${query}`,
    `${TOPIC.snsOrigin}/x?${query}`,
    `${TOPIC.snsOrigin}/?${query.replace('Confirm', 'Delete')}`,
    `${TOPIC.snsOrigin}/?${query.replace('sms-events', 'sms-event')}`,
    `${TOPIC.snsOrigin}/`,
    'not a URL',
    '',
  ])('is not %s', (url) => {
    expect(confirmationUrl(url, topicOf())).toBeNull()
  })
})

describe('a notification', () => {
  test('is read where SNS signed it', async () => {
    const { read, fetched } = start()
    expect(await read(notification())).toEqual(PUBLISHED)
    expect(fetched).toEqual([CERTIFICATE_URL])
  })

  test('is read with a subject, which is signed then', async () => {
    const { read } = start()
    const fields = notification({ Subject: 'News' })
    expect(await read(fields)).toEqual(PUBLISHED)
    const { Subject: _, ...without } = fields
    expect(await read(without)).toEqual(refused('unsigned'))
    expect(await read({ ...notification(), Subject: 'News' })).toEqual(refused('unsigned'))
  })

  test('may carry what is not signed: it is not looked at', async () => {
    const { read } = start()
    const fields = { ...notification(), UnsubscribeURL: 'https://evil.example/', Token: 'x' }
    expect(await read(fields)).toEqual(PUBLISHED)
  })

  // "Message\nA\nMessageId\n…" reads as one message or as two fields, unless lines are counted.
  test('is refused where a line break makes two fields of one', async () => {
    const { read } = start()
    const fields = snsNotification(TOPIC, 'A', NOW)
    const lines = `${fields.MessageId}\nSubject\nB`
    expect(await read(signSns({ ...fields, MessageId: lines }, SNS_KEY))).toEqual(
      refused('unsigned'),
    )
  })

  test.each([
    ['of another topic', { TopicArn: 'arn:aws:sns:eu-west-1:210987654321:sms-events' }],
    ['of another type', { Type: 'Letter' }],
    [
      'of a topic in another region than its certificate',
      {
        TopicArn: 'arn:aws:sns:us-east-1:123456789012:another',
      },
    ],
    ['with a certificate from elsewhere', { SigningCertURL: 'https://evil.example/x.pem' }],
    ['without a time', { Timestamp: 'yesterday' }],
  ])('%s is refused, and nothing is fetched for it', async (_what, changes) => {
    const { read, fetched } = start()
    expect(await read(notification(changes))).toEqual(refused('unsigned'))
    expect(fetched).toEqual([])
  })

  test('of signature version 1 is refused by that name, and nothing is fetched', async () => {
    const { read, fetched } = start()
    expect(await read(notification({ SignatureVersion: '1' }))).toEqual(
      refused('signature_version'),
    )
    expect(fetched).toEqual([])
  })

  test.each([
    ['without a topic of ours anywhere', (body: string) => body.replaceAll('sms-events', 'x')],
    ['of more than 32 KiB', (body: string) => body.padEnd(32 * 1024 + 1)],
  ])('B3 %s is not even parsed', async (_what, changed) => {
    const { read, fetched } = start()
    const body = JSON.stringify(notification())
    const parse = vi.spyOn(JSON, 'parse')
    expect(await read(changed(body))).toEqual(refused('unsigned'))
    expect(parse).not.toHaveBeenCalled()
    parse.mockRestore()
    expect(fetched).toEqual([])
    expect(await read(body.padEnd(32 * 1024))).toEqual(PUBLISHED)
  })

  test.each([
    [-5 * MINUTE_MS, PUBLISHED],
    [-5 * MINUTE_MS - 1, refused('stale')],
    [65 * MINUTE_MS, PUBLISHED],
    [65 * MINUTE_MS + 1, refused('stale')],
  ])('%i ms old', async (ageMs, expected) => {
    expect(await start().read(notification(), NOW + ageMs)).toEqual(expected)
  })

  test('is no more than refused, whatever it holds', async () => {
    const { read, fetched } = start()
    const field = fc.oneof(fc.string(), fc.constantFrom(...Object.values(notification())))
    const shaken = fc
      .dictionary(fc.constantFrom(...Object.keys(confirmation()), 'Subject'), field)
      .map((changes) => ({ ...notification(), ...changes, Signature: 'AAAA' }))
    await fc.assert(
      fc.asyncProperty(fc.oneof(shaken, fc.json(), fc.string()), async (body) => {
        expect(await read(body)).toMatchObject({ ok: false })
      }),
    )
    expect(new Set(fetched)).toEqual(new Set([CERTIFICATE_URL]))
  })
})

describe('the certificate', () => {
  test('is fetched once a day', async () => {
    const { read, fetched } = start()
    const at = (now: number) => read(notification({ Timestamp: new Date(now).toISOString() }), now)
    await at(NOW)
    expect(await at(NOW + DAY_MS - 1)).toMatchObject({ ok: true })
    expect(fetched).toHaveLength(1)
    expect(await at(NOW + DAY_MS)).toMatchObject({ ok: true })
    expect(fetched).toHaveLength(2)
  })

  test('of another name is another one', async () => {
    const { read, fetched } = start()
    const other = `${TOPIC.snsOrigin}/SimpleNotificationService-2.pem`
    await read(notification())
    expect(await read(notification({ SigningCertURL: other }))).toEqual(PUBLISHED)
    expect(fetched).toEqual([CERTIFICATE_URL, other])
  })

  test('that was used first is forgotten when there are too many', async () => {
    const { read, fetched } = start()
    for (let name = 0; name < 9; name += 1) {
      await read(notification({ SigningCertURL: `${TOPIC.snsOrigin}/${name}.pem` }))
    }
    await read(notification({ SigningCertURL: `${TOPIC.snsOrigin}/8.pem` }))
    expect(fetched).toHaveLength(9)
    await read(notification({ SigningCertURL: `${TOPIC.snsOrigin}/0.pem` }))
    expect(fetched).toHaveLength(10)
  })

  test.each([
    ['missing', () => new Response('', { status: 404 }), 'unsigned'],
    ['elsewhere', () => Response.redirect('https://evil.example/x.pem', 302), 'unsigned'],
    ['a page', () => new Response('<h1>It works!</h1>'), 'unsigned'],
    ['empty', () => new Response(null), 'unsigned'],
    ['too long', () => new Response(SNS_CERTIFICATE + ' '.repeat(16_384) + 'x'), undefined],
    ['behind an error', () => new Response('', { status: 503 }), 'unavailable'],
    ['out of reach', () => Promise.reject(new TypeError('connection lost')), 'unavailable'],
  ])('that is %s', async (_what, answer, reason) => {
    const { read } = start(answer)
    expect(await read(notification())).toEqual(reason ? refused(reason) : PUBLISHED)
  })

  test('that does not come is not waited for', async () => {
    vi.useFakeTimers()
    const { read } = start(() => new Promise(() => {}))
    const reading = read(notification())
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await reading).toEqual(refused('unavailable'))
  })

  test('that was not to be had is asked for again', async () => {
    const answers = [new Response('', { status: 500 }), new Response(SNS_CERTIFICATE)]
    const { read } = start(() => answers.shift() ?? new Response('', { status: 500 }))
    expect(await read(notification())).toEqual(refused('unavailable'))
    expect(await read(notification())).toEqual(PUBLISHED)
    expect(await read(notification())).toEqual(PUBLISHED)
  })
})

describe('a subscription', () => {
  const isLink = (url: string) => url.includes('Action=ConfirmSubscription')
  const links = (fetched: readonly string[]) => fetched.filter(isLink)

  test('to a topic of ours is confirmed', async () => {
    const { read, fetched } = start()
    const fields = confirmation()
    expect(await read(fields)).toEqual({ ok: true, value: null })
    expect(fetched).toEqual([CERTIFICATE_URL, fields.SubscribeURL])
  })

  test.each([
    ['to a topic of somebody else', { TopicArn: 'arn:aws:sns:eu-west-1:210987654321:theirs' }],
    ['of a wrong signature', { Token: 'another' }],
    ['without a link', { SubscribeURL: undefined }],
  ])('%s is refused, and no link visited', async (_what, changes) => {
    const { read, fetched } = start()
    expect(await read({ ...confirmation(), ...changes })).toEqual(refused('unsigned'))
    expect(links(fetched)).toEqual([])
  })

  test('with a link that leads elsewhere is not confirmed, though it is signed', async () => {
    const { read, fetched } = start()
    const SubscribeURL = 'https://evil.example/?Action=ConfirmSubscription'
    expect(await read(confirmation({ SubscribeURL }))).toEqual(refused('malformed'))
    expect(links(fetched)).toEqual([])
  })

  test.each([
    ['fails', () => new Response('', { status: 500 })],
    ['is refused', () => new Response('', { status: 400 })],
    ['breaks', () => Promise.reject(new TypeError('connection lost'))],
  ])('comes again when its confirmation %s', async (_what, answer) => {
    const { read } = start((url) => (isLink(url) ? answer() : new Response(SNS_CERTIFICATE)))
    expect(await read(confirmation())).toEqual(refused('unavailable'))
  })

  test('that has ended is not taken up again', async () => {
    const { read, fetched } = start()
    const fields = confirmation({ Type: 'UnsubscribeConfirmation' })
    expect(await read(fields)).toEqual({ ok: true, value: null })
    expect(fetched).toEqual([CERTIFICATE_URL])
  })

  test('is confirmed on the origin that stands in for AWS', async () => {
    const snsOrigin = 'http://127.0.0.1:8701'
    const { read, fetched } = start(certificate, snsOrigin)
    const fields = signSns(snsConfirmation({ ...TOPIC, snsOrigin }, NOW), SNS_KEY)
    expect(await read(fields)).toEqual({ ok: true, value: null })
    expect(links(fetched)).toEqual([fields.SubscribeURL])
  })
})
