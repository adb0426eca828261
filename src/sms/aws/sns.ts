// Messages of Amazon SNS over HTTPS: whether SNS really sent this one, of a topic of ours, and what was
// published. The signature is in the body and over some of its fields, so the rest proves nothing.
// Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html

import { fromBase64, fromUtf8, utf8 } from '../../lib/base64.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { HOUR_MS, MINUTE_MS, parseInstant } from '../../lib/time.ts'
import { type JsonRecord, parseRecord } from '../json-fields.ts'
import type { CallbackRefusal, RawCallback } from '../provider.ts'
import { confirmSubscription, createSnsKeys, type FindSnsKey, type SnsPorts } from './sns-fetch.ts'
import { certificateUrl, confirmationUrl, type SnsTopic } from './sns-host.ts'

export type SnsSettings = SnsPorts & {
  readonly topics: readonly SnsTopic[]
  /** An origin that stands in for AWS, where the settings name one. */
  readonly localOrigin: string | undefined
}

/** What somebody published, and when SNS took it (epoch milliseconds). */
export type SnsNotification = { readonly message: string; readonly publishedAt: number }

/** Null: SNS spoke for itself, of a subscription, and nothing was published. */
export type SnsReading = Result<SnsNotification | null, CallbackRefusal>

export type ReadSns = (callback: RawCallback, now: number) => Promise<SnsReading>

// In byte order, as they are signed; a Subject only where there is one.
const OF_NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
// biome-ignore format: one list
const OF_SUBSCRIPTION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
const SIGNED_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Notification', OF_NOTIFICATION],
  ['SubscriptionConfirmation', OF_SUBSCRIPTION],
  ['UnsubscribeConfirmation', OF_SUBSCRIPTION],
])

/**
 * SNS keeps a message for an hour at most, its retries included, and signs it once. A little more is
 * for clocks. https://docs.aws.amazon.com/sns/latest/dg/creating-delivery-policy.html
 */
const LONGEST_AGE_MS = HOUR_MS + 5 * MINUTE_MS
const LONGEST_LEAD_MS = 5 * MINUTE_MS

/** An event is below 2 KiB, a text of ten segments below 4, each before it is quoted; SNS itself would take 256. */
const BODY_MAX_BYTES = 32 * 1024

type Envelope = {
  readonly type: string
  readonly topic: SnsTopic
  readonly message: string
  readonly publishedAt: number
  readonly subscribeUrl: string | undefined
  readonly version: string
  readonly signature: Uint8Array<ArrayBuffer>
  readonly signed: Uint8Array<ArrayBuffer>
  readonly certificate: URL
}

export function createSnsReader(settings: SnsSettings): ReadSns {
  const findKey = createSnsKeys(settings)
  return async function readSns(callback, now) {
    const envelope = readEnvelope(callback.body, settings)
    if (envelope === null) return UNSIGNED
    const verified = await verify(envelope, findKey, now)
    if (!verified.ok) return verified
    if (envelope.type === 'Notification') {
      return ok({ message: envelope.message, publishedAt: envelope.publishedAt })
    }
    // The end of a subscription is the owner's own doing; its link would undo it.
    if (envelope.type !== 'SubscriptionConfirmation') return ok(null)
    const { topic, subscribeUrl = '' } = envelope
    const url = confirmationUrl(subscribeUrl, topic, settings.localOrigin)
    if (url === null) return err({ reason: 'malformed' })
    const confirmed = await confirmSubscription(settings, url)
    return confirmed.ok ? ok(null) : confirmed
  }
}

/**
 * Null for what is no message of a topic of ours, or names a certificate from elsewhere. The proof is in the body, which
 * anybody can make: so its length and the topic's name are looked for before it is parsed, topic, certificate and kind
 * before anything is decoded or put together.
 */
function readEnvelope(body: Uint8Array, settings: SnsSettings): Envelope | null {
  if (body.length > BODY_MAX_BYTES) return null
  const text = fromUtf8(body) ?? ''
  // No character of an ARN is ever escaped in JSON as SNS writes it.
  if (!settings.topics.some(({ arn }) => text.includes(arn))) return null
  const fields = parseRecord(text) ?? {}
  const topic = settings.topics.find(({ arn }) => arn === fieldAt(fields, 'TopicArn'))
  const type = fieldAt(fields, 'Type') ?? ''
  const names = SIGNED_FIELDS.get(type)
  if (topic === undefined || names === undefined) return null
  const certificate = certificateUrl(
    fieldAt(fields, 'SigningCertURL') ?? '',
    topic,
    settings.localOrigin,
  )
  const publishedAt = parseInstant(fieldAt(fields, 'Timestamp') ?? '')
  if (certificate === null || publishedAt === null) return null
  const signature = fromBase64(fieldAt(fields, 'Signature') ?? '')
  const signed = signedText(fields, names)
  if (signature === null || signed === null) return null
  return {
    type,
    topic,
    message: fieldAt(fields, 'Message') ?? '',
    publishedAt,
    subscribeUrl: fieldAt(fields, 'SubscribeURL'),
    version: fieldAt(fields, 'SignatureVersion') ?? '',
    signature,
    signed: utf8(signed),
    certificate,
  }
}

/**
 * Name and value of each field, a line each; null where one is missing. Only the message may be of
 * several lines: a line break in another field would let the lines of one be read as those of two.
 */
function signedText(fields: JsonRecord, names: readonly string[]): string | null {
  let text = ''
  for (const name of names) {
    const value = fieldAt(fields, name)
    if (value === undefined && name === 'Subject') continue
    if (value === undefined || (name !== 'Message' && value.includes('\n'))) return null
    text += `${name}\n${value}\n`
  }
  return text
}

async function verify(
  envelope: Envelope,
  findKey: FindSnsKey,
  now: number,
): Promise<Result<void, CallbackRefusal>> {
  // Version 1 is SHA-1. The topic's owner chooses, so there is no need to take it.
  if (envelope.version !== '2') return err({ reason: 'signature_version' })
  const key = await findKey(envelope.certificate, now)
  if (!key.ok) return key
  const { signature, signed, publishedAt } = envelope
  const isSigned = await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key.value, signature, signed)
  if (!isSigned) return UNSIGNED
  const ageMs = now - publishedAt
  return ageMs <= LONGEST_AGE_MS && ageMs >= -LONGEST_LEAD_MS ? ok(undefined) : STALE
}

/** A text, which may be empty: it is signed all the same. */
function fieldAt(fields: JsonRecord, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return typeof value === 'string' ? value : undefined
}

const UNSIGNED = err({ reason: 'unsigned' } as const)
const STALE = err({ reason: 'stale' } as const)
