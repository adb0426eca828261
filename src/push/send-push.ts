// One push notification to one device: encrypted for it (RFC 8291) and signed as ours (RFC 8292) by a library.
// Its outcome is a value; neither the endpoint nor what was in it is logged.

import { buildPushPayload } from '@block65/webcrypto-web-push'
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

/** `gone`: the subscription has ended and shall be forgotten (RFC 8030 §7.3: 404; in practice 410, too). */
export type PushResult = 'accepted' | 'gone' | 'failed'

const TIMEOUT_MS = 3_000
/** A phone that is off for longer has its SMS. */
const TTL_SECONDS = 3_600

export async function sendPush(
  send: Ports['fetch'],
  { vapid }: PushSettings,
  subscription: Subscription,
  content: PushContent,
): Promise<PushResult> {
  // The library insists on https; a push service on this machine, named in PUSH_ORIGINS, speaks http.
  const endpoint = subscription.endpoint.replace(/^http:/, 'https:')
  try {
    const payload = await buildPushPayload(
      { data: content, options: { ttl: TTL_SECONDS, urgency: 'high' } },
      { ...subscription, endpoint, expirationTime: null },
      vapid,
    )
    const response = await send(subscription.endpoint, {
      ...payload,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    if (response.status === 404 || response.status === 410) return 'gone'
    return response.ok ? 'accepted' : 'failed'
  } catch {
    return 'failed'
  }
}
