// A page of the owner's as an answer: its headers, and the ways from one page to the next.

import { SECURITY_HEADERS } from '../lib/security-headers.ts'
import type { Markup } from '../page/markup.ts'
import { portalCssHash } from './portal-css.ts'

export type PageStatus = 200 | 202 | 400 | 401 | 404 | 409 | 410 | 422 | 429 | 503

/** `hasScript`: the page brings one file of ours; all others may run nothing at all. */
export async function respond(
  markup: Markup,
  status: PageStatus,
  { hasScript = false, headers = {} }: PageOptions = {},
): Promise<Response> {
  return new Response(String(await markup), {
    status,
    headers: {
      ...COMMON_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': await contentSecurityPolicy(hasScript),
      ...headers,
    },
  })
}

export type PageOptions = {
  readonly hasScript?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** A script of ours: the same for everybody, and never old. */
export function scriptResponse(script: string): Response {
  const headers = {
    ...COMMON_HEADERS,
    // A service worker is bound by that of its own script (Service Workers, "run service worker"); it asks us alone.
    'content-security-policy': `${SECURITY_HEADERS['content-security-policy']}; connect-src 'self'`,
    'content-type': 'text/javascript; charset=utf-8',
  }
  return new Response(script, { headers })
}

/** What was done, as the next page shows it: names a text, carries none. */
export type Done =
  | 'saved'
  | 'bound'
  | 'removed'
  | 'set_up'
  | 'passkey_added'
  | 'passkey_removed'
  | 'test_sent'
  | 'push_on'
  | 'lifted'

/** After a POST: reloading the next page repeats nothing (RFC 9110 §15.4.4). */
export function seeOther(path: string, done?: Done): Response {
  const location = done === undefined ? path : `${path}?done=${done}`
  return new Response(null, { status: 303, headers: { ...COMMON_HEADERS, location } })
}

export const COMMON_HEADERS = {
  ...SECURITY_HEADERS,
  // Not `no-referrer`: with that, browsers send `Origin: null` with our own forms (Fetch, "append a request
  // Origin header"), which could then not be told from others'.
  'referrer-policy': 'same-origin',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

async function contentSecurityPolicy(hasScript: boolean): Promise<string> {
  const scripts = hasScript ? "script-src 'self'; connect-src 'self'; worker-src 'self'; " : ''
  return `default-src 'none'; style-src '${await portalCssHash()}'; img-src 'self'; ${scripts}form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
}
