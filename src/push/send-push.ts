// One push notification to one device: encrypted for it (RFC 8291) and signed as ours (RFC 8292) by a library.
// Its outcome is a value; neither the endpoint nor what was in it is logged.

import { buildPushPayload } from '@block65/webcrypto-web-push'
import { fetchWithin } from '../lib/fetch-within.ts'
import type { Ports } from '../lib/ports.ts'
import type { PushSettings } from './push-settings.ts'
import type { Subscription } from './subscription.ts'

/** What the service worker shows (portal/push-worker-script.ts reads it). */
export type PushContent = {
  readonly title: string
  readonly body: string
  /** Opened by a press; null where there is nothing to open. */
  readonly url: string | null
  /** Label of the button that opens it. */
  readonly action: string | null
  /** A later notification of the same tag takes the place of an earlier one. */
  readonly tag: string
}

/**
 * `gone`: the subscription has ended and shall be forgotten (RFC 8030 §7.3: 404; in practice 410, too). `refused`: its
 * service does not take us for who the browser subscribed to (RFC 8292 §4.2: 403; in practice 401, too).
 */
export type PushResult = 'accepted' | 'gone' | 'refused' | 'failed'

const TIMEOUT_MS = 3_000
/** A phone that is off for longer has its SMS. */
const TTL_SECONDS = 3_600

export async function sendPush(
  ports: Pick<Ports, 'fetch' | 'after'>,
  { vapid }: PushSettings,
  subscription: Subscription,
  content: PushContent,
): Promise<PushResult> {
  const payload = await buildPayload(vapid, subscription, content)
  if (payload === null) return 'failed'
  const limits = { timeoutMs: TIMEOUT_MS, bodyMaxBytes: 0 }
  const answer = await fetchWithin(ports, subscription.endpoint, payload, limits)
  if (!answer.ok) return 'failed'
  const { status } = answer.value
  if (status === 404 || status === 410) return 'gone'
  if (status === 401 || status === 403) return 'refused'
  return status >= 200 && status < 300 ? 'accepted' : 'failed'
}

/** Null for keys of a device that nothing can be encrypted for. */
async function buildPayload(
  vapid: PushSettings['vapid'],
  subscription: Subscription,
  content: PushContent,
) {
  // The library insists on https; a push service on this machine, named in PUSH_ORIGINS, speaks http.
  const endpoint = subscription.endpoint.replace(/^http:/, 'https:')
  try {
    return await buildPushPayload(
      { data: content, options: { ttl: TTL_SECONDS, urgency: 'high' } },
      { ...subscription, endpoint, expirationTime: null },
      vapid,
    )
  } catch {
    return null
  }
}
