// X-Twilio-Signature: base64 HMAC-SHA1, keyed with the account's primary auth token, over the URL
// Twilio was given followed by every form field. Twilio itself does not sign one spelling of the URL
// always, so each spelling its own libraries accept is tried. Source:
// https://www.twilio.com/docs/usage/webhooks/webhooks-security and the SDKs' request validators.

import { fromBase64, utf8 } from '../../lib/base64.ts'
import { timingSafeEqual } from '../../lib/constant-time.ts'
import type { RawCallback } from '../provider.ts'

const SHA1_BYTES = 20

/** Twilio's own are below two; a stranger may send what they like, and each field costs. */
const BODY_MAX_BYTES = 16 * 1024
const FIELDS_MAX = 100

/** True where `callback` is signed with `authToken`, its body included. */
export async function hasTwilioSignature(
  callback: RawCallback,
  authToken: string,
): Promise<boolean> {
  const signature = fromBase64(callback.headers.get('x-twilio-signature') ?? '')
  // Before anything is read: whoever has no signature of this shape costs us nothing.
  if (signature?.length !== SHA1_BYTES || authToken === '') return false
  if (callback.body.length > BODY_MAX_BYTES) return false
  const fields = await signedFields(callback)
  if (fields === null) return false

  const algorithm = { name: 'HMAC', hash: 'SHA-1' }
  const key = await crypto.subtle.importKey('raw', utf8(authToken), algorithm, false, ['verify'])
  // `verify` compares in constant time. All spellings are tried, so which one fits stays unseen too.
  const checks = spellings(callback.url).map((url) =>
    crypto.subtle.verify('HMAC', key, signature, utf8(url + fields)),
  )
  return (await Promise.all(checks)).includes(true)
}

/** What follows the URL; null where the body is not the one the URL's hash speaks of. */
async function signedFields(callback: RawCallback): Promise<string | null> {
  const bodyHash = query(callback.url).get('bodySHA256')
  if (bodyHash !== null && !isForm(callback.headers)) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', callback.body))
    return timingSafeEqual(utf8(bodyHash.toLowerCase()), utf8(toHex(digest))) ? '' : null
  }
  const fields = valuesByName(new URLSearchParams(new TextDecoder().decode(callback.body)))
  if (fields === null) return null
  return [...fields.keys()]
    .sort()
    .flatMap((name) => [...new Set(fields.get(name))].sort().map((value) => name + value))
    .join('')
}

/** Each name with its values, read once; null where there are more than anybody signs. */
function valuesByName(pairs: URLSearchParams): ReadonlyMap<string, readonly string[]> | null {
  if (pairs.size > FIELDS_MAX) return null
  const values = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  return values
}

/** The URL with and without its port, each with the query as it is, normalised, and re-encoded. */
function spellings(url: string): readonly string[] {
  const parts = /^(https?):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?/i.exec(url)
  if (parts === null) return [url]
  const [, scheme = '', authority = '', path = '', search = ''] = parts
  const bare = authority.replace(/:\d*$/, '')
  const withPort =
    bare === authority ? `${bare}:${scheme.toLowerCase() === 'https' ? 443 : 80}` : authority
  const searches = search === '' ? [''] : [search, normalised(url), reEncoded(search)]
  return [
    ...new Set(
      [bare, withPort].flatMap((host) =>
        searches.map((text) => `${scheme}://${host}${path}${text}`),
      ),
    ),
  ]
}

function normalised(url: string): string {
  return URL.canParse(url) ? new URL(url).search : ''
}

/** Older signers took the query apart and wrote it anew: %20 for a space, repeated names together. */
function reEncoded(search: string): string {
  const values = valuesByName(new URLSearchParams(search)) ?? new Map<string, readonly string[]>()
  const pairs = [...values].flatMap(([name, all]) =>
    all.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  )
  return `?${pairs.join('&')}`
}

function query(url: string): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : url.slice(start))
}

function isForm(headers: Headers): boolean {
  return /^\s*application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '')
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
