// A browser's push subscription as it was posted: read totally, refused when it points anywhere but to a push
// service.

import * as v from 'valibot'
import { fromBase64Url } from '../lib/base64.ts'
import { parseJson } from '../lib/json.ts'
import { isPushService, type PushSettings } from './push-settings.ts'

/** Base64url of so many bytes: an uncompressed P-256 point, and the secret of RFC 8291 §3.2. */
const bytesOf = (length: number) =>
  v.pipe(
    v.string(),
    v.check((text) => fromBase64Url(text)?.length === length),
  )

const SubscriptionSchema = v.object({
  endpoint: v.pipe(v.string(), v.maxLength(1_024)),
  keys: v.object({ p256dh: bytesOf(65), auth: bytesOf(16) }),
})

export type Subscription = v.InferOutput<typeof SubscriptionSchema>

/** Of `PushSubscription.toJSON()`; null for all else. One device has one spelling: it is told by its endpoint. */
export function readSubscription(settings: PushSettings, text: string): Subscription | null {
  const subscription = parseSubscription(text)
  const endpoint = subscription && canonicalEndpoint(subscription.endpoint)
  if (!endpoint || !isPushService(settings, endpoint)) return null
  return { ...subscription, endpoint }
}

/** Letters, digits and `-._~` are the same with or without `%` (RFC 3986 §6.2.2.2). */
const ESCAPED_PLAIN = /%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi

/**
 * As a URL parser writes it, without what is never sent (a fragment, a `?` before nothing). A query stays: some services
 * name the device there. Null for what is no URL.
 */
export function canonicalEndpoint(endpoint: string): string | null {
  if (!URL.canParse(endpoint)) return null
  const url = new URL(endpoint)
  url.hash = ''
  if (url.search === '') url.search = ''
  return url.href.replace(ESCAPED_PLAIN, (escaped) =>
    String.fromCharCode(Number.parseInt(escaped.slice(1), 16)),
  )
}

/** Of our own storage, whose endpoint was checked when it came. */
export function parseSubscription(text: string): Subscription | null {
  const parsed = v.safeParse(SubscriptionSchema, parseJson(text))
  return parsed.success ? parsed.output : null
}
