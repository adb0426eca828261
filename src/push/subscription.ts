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

/** Of `PushSubscription.toJSON()`; null for all else. */
export function readSubscription(settings: PushSettings, text: string): Subscription | null {
  const subscription = parseSubscription(text)
  return subscription && isPushService(settings, subscription.endpoint) ? subscription : null
}

/** Of our own storage, whose endpoint was checked when it came. */
export function parseSubscription(text: string): Subscription | null {
  const parsed = v.safeParse(SubscriptionSchema, parseJson(text))
  return parsed.success ? parsed.output : null
}
