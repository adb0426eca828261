// The two requests SNS makes us send: for the certificate it signs with, and to confirm a subscription.
// Fetches only what aws-sns-host.ts let through, follows nowhere, and waits no longer than SNS does.

import { importX509 } from 'jose'
import { fetchWithin } from '../../lib/fetch-within.ts'
import type { Ports } from '../../lib/ports.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { DAY_MS, SECOND_MS } from '../../lib/time.ts'

export type SnsPorts = Pick<Ports, 'fetch' | 'after'>

/** `unsigned`: there is no such certificate. `unavailable`: not to be had now; SNS shall come again. */
export type SnsFetchRefusal = { readonly reason: 'unsigned' | 'unavailable' }

/** The key of the certificate at `url`, of an RSA signature with SHA-256. */
export type FindSnsKey = (url: URL, now: number) => Promise<Result<CryptoKey, SnsFetchRefusal>>

// SNS itself waits 15 seconds for our answer. https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
const DEADLINE_MS = 4 * SECOND_MS
const LONGEST_CERTIFICATE_BYTES = 16 * 1024
/** A region has one certificate at a time, and two while it changes. */
const KEYS_MAX = 8
const KEY_LIFETIME_MS = DAY_MS

/**
 * Keeps the keys it has fetched, the promises of them not: a promise belongs to the request that made
 * it. What was not found is not kept, so a made-up URL costs one fetch each time and pushes out no key.
 */
export function createSnsKeys(ports: SnsPorts): FindSnsKey {
  const known = new Map<string, { readonly key: CryptoKey; readonly at: number }>()
  return async function findKey({ href }, now) {
    const kept = known.get(href)
    if (kept !== undefined && now - kept.at < KEY_LIFETIME_MS) return ok(kept.key)
    const answer = await get(ports, href)
    if (answer === null || answer.status >= 500) return err({ reason: 'unavailable' })
    const key = answer.status === 200 ? await importKey(answer.body) : null
    if (key === null) return err({ reason: 'unsigned' })
    known.delete(href)
    const [oldest] = known.keys()
    if (oldest !== undefined && known.size >= KEYS_MAX) known.delete(oldest)
    known.set(href, { key, at: now })
    return ok(key)
  }
}

/** Visits the link that turns a subscription on; visiting it again changes nothing. */
export async function confirmSubscription(
  ports: SnsPorts,
  { href }: URL,
): Promise<Result<void, SnsFetchRefusal>> {
  const answer = await get(ports, href)
  return answer?.status === 200 ? ok(undefined) : err({ reason: 'unavailable' })
}

/** Null where no whole answer came in time. */
async function get(
  ports: SnsPorts,
  url: string,
): Promise<{ readonly status: number; readonly body: string } | null> {
  const limits = { timeoutMs: DEADLINE_MS, bodyMaxBytes: LONGEST_CERTIFICATE_BYTES }
  const answer = await fetchWithin(ports, url, {}, limits)
  return answer.ok ? answer.value : null
}

/** The certificate came over TLS from SNS's own host: that is the proof of it, not its chain. */
async function importKey(pem: string): Promise<CryptoKey | null> {
  try {
    return await importX509(pem, 'RS256')
  } catch {
    return null
  }
}
