// The cookie of a visit: which visit, and a secret of which only a keyed hash is stored. The secret ends in our signature of
// the whole, so that a forged cookie is known without D1; whether the visit goes on, only D1 knows. `__Host-` where the
// origin is https; browsers do not take Secure cookies from an http origin, which a local run has.

import type { Context as HonoContext } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { toBase64Url, utf8 } from '../../lib/base64.ts'
import { timingSafeEqual } from '../../lib/constant-time.ts'
import { keyedHash, keyedHashes } from '../../lib/keyed-hash.ts'
import type { Ports } from '../../lib/ports.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import type { SealKeys } from '../../lib/seal.ts'
import { SECOND_MS } from '../../lib/time.ts'
import type { PageContext } from '../../page/page-context.ts'
import { VISIT_LIFETIME_MS } from './visit-lifetime.ts'
import type { VisitKey } from './visits.ts'

const NONCE_BYTES = 24
/** In base64url. */
const NONCE_LENGTH = 32
const TAG_BYTES = 24
// No character of an account id, of a visit id or of base64url.
const SEPARATOR = '~'

export async function newVisitSecret(
  random: Ports['randomBytes'],
  keys: SealKeys,
  key: VisitKey,
): Promise<string> {
  const nonce = toBase64Url(random(NONCE_BYTES))
  return nonce + (await signature(keys[0], key, nonce))
}

/** Both ids are without a blank. */
function signature(
  key: SealKeys[number],
  { accountId, visitId }: VisitKey,
  nonce: string,
): Promise<string> {
  const text = `visit cookie ${accountId} ${visitId} ${nonce}`
  return keyedHash(key, { use: 'visit', text, length: TAG_BYTES })
}

/** With the first a visit is stored; it may have been under another key. */
export function visitSecretTags(
  keys: SealKeys,
  secret: string,
): Promise<readonly [string, ...string[]]> {
  return keyedHashes(keys, { use: 'visit', text: `visit ${secret}`, length: TAG_BYTES })
}

export function setVisitCookie<E extends RouteEnv<PageContext>>(
  c: HonoContext<E>,
  key: VisitKey,
  secret: string,
): void {
  const value = [key.accountId, key.visitId, secret].join(SEPARATOR)
  const maxAge = VISIT_LIFETIME_MS / SECOND_MS
  setCookie(c, cookieName(c), value, { ...cookieOptions(c), maxAge })
}

export function clearVisitCookie<E extends RouteEnv<PageContext>>(c: HonoContext<E>): void {
  deleteCookie(c, cookieName(c), cookieOptions(c))
}

/** Whether the browser brings anything under the cookie's name. */
export function hasVisitCookie<E extends RouteEnv<PageContext>>(c: HonoContext<E>): boolean {
  return getCookie(c, cookieName(c)) !== undefined
}

export type VisitCookie = VisitKey & { readonly secret: string }

/** `malformed`: also without any · `forged`: not made by us, for this visit */
export type CookieRefusal = { readonly reason: 'malformed' | 'forged' }

/** Of a cookie that we have made, whether its visit goes on or not. Needs no storage. */
export async function readVisitCookie<E extends RouteEnv<PageContext>>(
  c: HonoContext<E>,
  keys: SealKeys,
): Promise<Result<VisitCookie, CookieRefusal>> {
  const cookie = parseVisitCookie(c)
  if (!cookie) return err({ reason: 'malformed' })
  const { secret } = cookie
  const nonce = secret.slice(0, NONCE_LENGTH)
  const signed = utf8(secret.slice(NONCE_LENGTH))
  for (const key of keys) {
    if (timingSafeEqual(utf8(await signature(key, cookie, nonce)), signed)) return ok(cookie)
  }
  return err({ reason: 'forged' })
}

/** Read, not believed. */
export function parseVisitCookie<E extends RouteEnv<PageContext>>(
  c: HonoContext<E>,
): VisitCookie | null {
  const value = getCookie(c, cookieName(c)) ?? ''
  const [, accountId, visitId, secret] = COOKIE.exec(value) ?? []
  return accountId && visitId && secret ? { accountId, visitId, secret } : null
}

const COOKIE = /^([A-Za-z0-9_.:-]{1,64})~([a-z0-9_]{1,64})~([A-Za-z0-9_-]{1,64})$/

function isSecure<E extends RouteEnv<PageContext>>(c: HonoContext<E>): boolean {
  return c.env.context.config.publicOrigin.startsWith('https:')
}

function cookieName<E extends RouteEnv<PageContext>>(c: HonoContext<E>): string {
  return isSecure(c) ? '__Host-lockline' : 'lockline'
}

function cookieOptions<E extends RouteEnv<PageContext>>(c: HonoContext<E>) {
  return { path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure(c) } as const
}
