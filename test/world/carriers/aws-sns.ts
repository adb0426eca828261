// Amazon SNS as an HTTPS subscription sees it: messages signed with RSA and SHA-256, and the host that
// has the certificate and takes confirmations. The key is a test's own and proves nothing elsewhere.
// Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html

import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ReceiptRequest, WireAnswer, WireRequest } from '../carrier-protocol.ts'

const vector = (name: string) =>
  readFileSync(new URL(`../../vectors/${name}`, import.meta.url), 'utf8')
export const SNS_CERTIFICATE = vector('aws-sns-test-certificate.pem')
export const SNS_KEY = createPrivateKey(vector('aws-sns-test-key.pem'))
export const SNS_CERTIFICATE_PATH =
  '/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem'

export type SnsFields = Readonly<Record<string, string>>

// In byte order, as SNS signs them.
const SIGNED = 'Message MessageId Subject SubscribeURL Timestamp Token TopicArn Type'.split(' ')

let strangersKey: KeyObject | undefined

/** A key that no certificate of ours belongs to, made when first asked for. */
export function forgersKey(): KeyObject {
  strangersKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  return strangersKey
}

/** `fields` with their signature, version 2 unless they say otherwise. */
export function signSns(fields: SnsFields, key: KeyObject = SNS_KEY): SnsFields {
  const text = SIGNED.filter((name) => name in fields)
    .map((name) => `${name}\n${fields[name]}\n`)
    .join('')
  const Signature = sign('sha256', Buffer.from(text, 'utf8'), key).toString('base64')
  return { SignatureVersion: '2', ...fields, Signature }
}

export type SnsTopic = {
  readonly topicArn: string
  /** Where the certificate is and confirmations go. */
  readonly snsOrigin: string
}

export function snsNotification(topic: SnsTopic, message: string, at: number): SnsFields {
  return {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: topic.topicArn,
    Message: message,
    Timestamp: new Date(at).toISOString(),
    SigningCertURL: topic.snsOrigin + SNS_CERTIFICATE_PATH,
    UnsubscribeURL: `${topic.snsOrigin}/?Action=Unsubscribe&SubscriptionArn=${topic.topicArn}:1`,
  }
}

export function snsConfirmation(topic: SnsTopic, at: number): SnsFields {
  const { topicArn, snsOrigin } = topic
  const Token = randomUUID().replaceAll('-', '')
  return {
    Type: 'SubscriptionConfirmation',
    MessageId: randomUUID(),
    Token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm, visit the SubscribeURL.`,
    SubscribeURL: `${snsOrigin}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${Token}`,
    Timestamp: new Date(at).toISOString(),
    SigningCertURL: snsOrigin + SNS_CERTIFICATE_PATH,
  }
}

/** The request SNS makes to a subscription at `url`. */
export function snsRequest(url: string, fields: SnsFields): ReceiptRequest {
  return {
    url,
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': fields.Type ?? '',
      'x-amz-sns-message-id': fields.MessageId ?? '',
      'x-amz-sns-topic-arn': fields.TopicArn ?? '',
    },
    body: JSON.stringify(fields, null, 2),
  }
}

/** What SNS's own host answers; null for what is not meant for it. */
export function snsAnswer(request: WireRequest): WireAnswer | null {
  if (request.method !== 'GET') return null
  const { pathname, searchParams } = new URL(request.target, 'http://sns.invalid')
  if (pathname === SNS_CERTIFICATE_PATH) {
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: SNS_CERTIFICATE }
  }
  if (pathname !== '/' || searchParams.get('Action') !== 'ConfirmSubscription') return null
  const arn = `${searchParams.get('TopicArn')}:${randomUUID()}`
  const result = `<ConfirmSubscriptionResult><SubscriptionArn>${arn}</SubscriptionArn></ConfirmSubscriptionResult>`
  const body = `<ConfirmSubscriptionResponse>${result}</ConfirmSubscriptionResponse>`
  return { status: 200, headers: { 'content-type': 'text/xml' }, body }
}
