// Where a provider's API is and how we name ourselves to it: the parts of a request all adapters share.

import { toBase64, utf8 } from '../lib/base64.ts'

/**
 * The API's `path` under the scheme, host and port of `baseUrl`. A path, query or trailing slash of
 * `baseUrl` is dropped: the path is the provider's own. A bare host (as some portals show it) means
 * https.
 * @throws TypeError where `baseUrl` is no URL, which the reading of settings has to see to.
 */
export function endpoint(baseUrl: string, path: string): string {
  const absolute = /^https?:\/\//i.test(baseUrl) ? baseUrl : `https://${baseUrl}`
  return new URL(absolute).origin + path
}

/** RFC 7617, in UTF-8. */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${toBase64(utf8(`${user}:${password}`))}`
}

/** E.164 without its plus; a sender name stays as it is. */
export function withoutPlus(address: string): string {
  return /^\+\d+$/.test(address) ? address.slice(1) : address
}

export function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(Math.max(Math.round(value), lowest), highest)
}
