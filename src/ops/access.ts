// Who may see the operator's pages: whom Cloudflare Access let through, by its signed word, or whoever has the local token.
// Where neither is set there are no such pages.

import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import * as v from 'valibot'
import { toBase64Url, utf8 } from '../lib/base64.ts'
import { isSameSecret } from '../lib/constant-time.ts'
import { fetchWithin } from '../lib/fetch-within.ts'
import { parseJson } from '../lib/json.ts'
import { HOUR_MS, isOver, MINUTE_MS, SECOND_MS } from '../lib/time.ts'
import type { OpsContext } from './ops-context.ts'

/** Who it is: Access's word for the person or service, or that it was the local token. */
export type Operator = { readonly by: 'access'; readonly name: string } | { readonly by: 'token' }

const KEYS_KEPT_MS = HOUR_MS
/** A key that nobody knows may be new; strangers shall not make us ask for it at will. */
const KEYS_AGAIN_MS = MINUTE_MS
const FETCH_LIMITS = { timeoutMs: 3 * SECOND_MS, bodyMaxBytes: 64 * 1024 }
/** An assertion of Access has some 1,000 characters. */
const TOKEN_MAX_LENGTH = 8_192

type AccessContext = Pick<OpsContext, 'now' | 'after' | 'fetch' | 'ops'> & {
  readonly config: { readonly ops: OpsContext['config']['ops'] }
}

/** Whether the pages exist at all. */
export function hasOpsPages({ config }: Pick<AccessContext, 'config'>): boolean {
  const { accessTeam, accessAud, localToken } = config.ops
  return localToken !== undefined || (accessTeam !== undefined && accessAud !== undefined)
}

/** Null for what Access has not signed for this application, is over, or is not yet. */
export async function verifyAssertion(
  context: AccessContext,
  token: string,
): Promise<Operator | null> {
  const { accessTeam, accessAud } = context.config.ops
  if (accessTeam === undefined || accessAud === undefined) return null
  if (token.length > TOKEN_MAX_LENGTH) return null
  const issuer = `https://${accessTeam}.cloudflareaccess.com`
  const known = await keysOf(context, issuer, KEYS_KEPT_MS)
  return (
    (await verify(context, token, issuer, accessAud, known)) ??
    verify(context, token, issuer, accessAud, await keysOf(context, issuer, KEYS_AGAIN_MS))
  )
}

async function verify(
  { now }: Pick<AccessContext, 'now'>,
  token: string,
  issuer: string,
  audience: string,
  keys: JSONWebKeySet | null,
): Promise<Operator | null> {
  if (!keys) return null
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer,
      audience,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(now()),
    })
    return { by: 'access', name: nameOf(payload) }
  } catch {
    return null
  }
}

/** A person has an address, a service token a name of its own. */
function nameOf({ email, common_name: serviceName, sub }: JWTPayload): string {
  const name = [email, serviceName, sub].find((claim) => typeof claim === 'string' && claim !== '')
  return typeof name === 'string' ? name.slice(0, NAME_MAX_LENGTH) : 'unknown'
}

const NAME_MAX_LENGTH = 320

async function keysOf(
  context: AccessContext,
  issuer: string,
  keptMs: number,
): Promise<JSONWebKeySet | null> {
  const { ops } = context
  const now = context.now()
  const known = ops.access
  const isFresh =
    known && !isOver(known.keys === null ? KEYS_AGAIN_MS : keptMs, known.fetchedAt, now)
  if (isFresh) return known.keys
  // Before it is asked: of several at once, one asks.
  ops.access = { keys: known?.keys ?? null, fetchedAt: now }
  const answer = await fetchWithin(context, `${issuer}/cdn-cgi/access/certs`, {}, FETCH_LIMITS)
  const parsed = answer.ok && answer.value.status === 200 ? readKeys(answer.value.body) : null
  ops.access = { keys: parsed ?? known?.keys ?? null, fetchedAt: now }
  return ops.access.keys
}

const KEYS_MAX = 20
const KeysSchema = v.object({
  keys: v.pipe(v.array(v.looseObject({ kty: v.string() })), v.maxLength(KEYS_MAX)),
})

function readKeys(body: string): JSONWebKeySet | null {
  const parsed = v.safeParse(KeysSchema, parseJson(body))
  return parsed.success ? parsed.output : null
}

export async function isLocalToken(
  { config }: Pick<AccessContext, 'config'>,
  given: string,
): Promise<boolean> {
  const { localToken } = config.ops
  return localToken !== undefined && isSameSecret(given, localToken)
}

/** Whether the cookie was given to somebody who had the token. */
export async function isLocalCookie(
  { config }: Pick<AccessContext, 'config'>,
  given: string,
): Promise<boolean> {
  const { localToken } = config.ops
  return localToken !== undefined && isSameSecret(given, await tokenTag(localToken))
}

/** What the cookie holds instead of the token. */
export async function tokenTag(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', utf8(`ops cookie ${token}`))
  return toBase64Url(new Uint8Array(digest))
}
