// The simulated SNS: signatures made by it verify with its certificate, and its host answers.

import { verify, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  forgersKey,
  SNS_CERTIFICATE,
  SNS_CERTIFICATE_PATH,
  type SnsFields,
  signSns,
  snsAnswer,
  snsConfirmation,
  snsNotification,
} from '../../world/carriers/aws-sns.ts'

const AT = Date.parse('2026-11-23T14:03:27Z')
const TOPIC = {
  topicArn: 'arn:aws:sns:us-east-1:123456789012:sms-events',
  snsOrigin: 'http://127.0.0.1:8701',
}

function isSigned(text: string, fields: SnsFields): boolean {
  const signature = Buffer.from(fields.Signature ?? '', 'base64')
  const key = new X509Certificate(SNS_CERTIFICATE).publicKey
  return verify('sha256', Buffer.from(text, 'utf8'), key, signature)
}

test('a notification is signed over its lines in order, its subject among them', () => {
  const fields = signSns({ ...snsNotification(TOPIC, 'Hello', AT), Subject: 'News' })
  const text = `Message\nHello\nMessageId\n${fields.MessageId}\nSubject\nNews\nTimestamp\n2026-11-23T14:03:27.000Z\nTopicArn\n${TOPIC.topicArn}\nType\nNotification\n`
  expect(isSigned(text, fields)).toBe(true)
  expect(isSigned(text, signSns(fields, forgersKey()))).toBe(false)
})

test('a confirmation is signed over link and token as well', () => {
  const fields = signSns(snsConfirmation(TOPIC, AT))
  const names = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const text = names.map((name) => `${name}\n${fields[name]}\n`).join('')
  expect(isSigned(text, fields)).toBe(true)
})

test('the host has the certificate, takes confirmations, and leaves the rest to the API', () => {
  const get = (target: string, method = 'GET') =>
    snsAnswer({ method, target, headers: {}, body: '' })
  const link = new URL(snsConfirmation(TOPIC, AT).SubscribeURL ?? '')
  expect(get(SNS_CERTIFICATE_PATH)?.body).toBe(SNS_CERTIFICATE)
  expect(get(link.pathname + link.search)?.body).toContain('<SubscriptionArn>')
  expect(get('/')).toBeNull()
  expect(get('/another.pem')).toBeNull()
  expect(get(SNS_CERTIFICATE_PATH, 'POST')).toBeNull()
})
