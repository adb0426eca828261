// A lock page as an answer: its headers, and how long anybody is made to wait for one.

import type { Context as HonoContext } from 'hono'
import type { RouteEnv } from '../lib/route-env.ts'
import { SECURITY_HEADERS } from '../lib/security-headers.ts'
import { languageOfHeader } from '../words/languages.ts'
import type { Markup, PageBasics } from './markup.ts'
import type { PageContext } from './page-context.ts'
import { pageCssHash } from './page-css.ts'

/** Somebody waits, frightened: when D1 does not answer by then, we go on without it. */
export const LOCK_DEADLINE_MS = 3_000

/** Whom a page speaks for, and in whose language. */
export function pageBasics<E extends RouteEnv<PageContext>>(c: HonoContext<E>): PageBasics {
  return {
    language: languageOfHeader(c.req.header('accept-language')),
    exchange: c.env.context.config.exchangeName,
  }
}

export type PageStatus = 200 | 202 | 404 | 409 | 410 | 422 | 429 | 503

export async function show(
  markup: Markup | Uint8Array<ArrayBuffer>,
  status: PageStatus,
  extraHeaders?: Readonly<Record<string, string>>,
): Promise<Response> {
  pageHeaders ??= await makePageHeaders()
  const headers = extraHeaders ? { ...pageHeaders, ...extraHeaders } : pageHeaders
  const body = markup instanceof Uint8Array ? markup : String(await markup)
  return new Response(body, { status, headers })
}

/** After a POST: going back or reloading repeats nothing (RFC 9110 §15.4.4). */
export async function seeOther(location: string): Promise<Response> {
  pageHeaders ??= await makePageHeaders()
  return new Response(null, { status: 303, headers: { ...pageHeaders, location } })
}

let pageHeaders: Readonly<Record<string, string>> | null = null

/** For the one page that brings a script of ours, and posts what it was given. */
export async function scriptPageHeaders(): Promise<Readonly<Record<string, string>>> {
  return {
    'content-security-policy': await contentSecurityPolicy("script-src 'self'; "),
    // With `no-referrer` a browser says `Origin: null` with our own form (Fetch, "append a request Origin
    // header"). The referrer goes to ourselves alone.
    'referrer-policy': 'same-origin',
  }
}

async function contentSecurityPolicy(scripts = ''): Promise<string> {
  return `default-src 'none'; style-src '${await pageCssHash()}'; ${scripts}form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
}

/** No script, no frame, no referrer, no cache: the address itself is the secret. */
async function makePageHeaders(): Promise<Readonly<Record<string, string>>> {
  return {
    ...SECURITY_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': await contentSecurityPolicy(),
    'x-robots-tag': 'noindex, nofollow',
  }
}
