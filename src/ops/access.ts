// Who may see the operator's pages: whom Cloudflare Access let through, by its signed word, or whoever has the local token.
// Where neither is set there are no such pages.

import {
  createLocalJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import { type AccessKeysContext, accessKeys } from './access-keys.ts'
import type { OpsContext } from './ops-context.ts'

/** Who it is: Access's word for the person or service, or that it was the local token. */
export type Operator = { readonly by: 'access'; readonly name: string } | { readonly by: 'token' }

/** An assertion of Access has some 1,000 characters. */
const TOKEN_MAX_LENGTH = 8_192

type AccessContext = AccessKeysContext & {
  readonly config: { readonly ops: OpsContext['config']['ops'] }
}

/** Whether the pages exist at all. */
export function hasOpsPages({ config }: Pick<AccessContext, 'config'>): boolean {
  const { accessTeam, accessAud, localToken } = config.ops
  return localToken !== undefined || (accessTeam !== undefined && accessAud !== undefined)
}

/**
 * Null for what Access has not signed for this application, is over, or is not yet. `unverifiable`: it names this
 * application, and the keys that would prove it or not are not to be had just now.
 */
export async function verifyAssertion(
  context: AccessContext,
  token: string,
): Promise<Operator | 'unverifiable' | null> {
  const { accessTeam, accessAud } = context.config.ops
  if (accessTeam === undefined || accessAud === undefined) return null
  if (token.length > TOKEN_MAX_LENGTH) return null
  const issuer = `https://${accessTeam}.cloudflareaccess.com`
  // What is not even meant for us is not worth a fetch.
  if (!isMeantFor(token, issuer, accessAud)) return null
  const kept = await accessKeys(context, issuer, false)
  const first = await verify(context, token, issuer, accessAud, kept.keys)
  if (first !== 'unknown_key') return first
  const { keys, state } = await accessKeys(context, issuer, true)
  const second = await verify(context, token, issuer, accessAud, keys)
  if (second !== 'unknown_key') return second
  return state === 'fetched' ? null : 'unverifiable'
}

function isMeantFor(token: string, issuer: string, audience: string): boolean {
  try {
    const { iss, aud } = decodeJwt(token)
    return iss === issuer && [aud].flat().includes(audience)
  } catch {
    return false
  }
}

async function verify(
  { now }: Pick<AccessContext, 'now'>,
  token: string,
  issuer: string,
  audience: string,
  keys: JSONWebKeySet | null,
): Promise<Operator | 'unknown_key' | null> {
  if (!keys) return 'unknown_key'
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer,
      audience,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(now()),
    })
    return { by: 'access', name: nameOf(payload) }
  } catch (error) {
    return error instanceof errors.JWKSNoMatchingKey ? 'unknown_key' : null
  }
}

/** A person has an address, a service token a name of its own. */
function nameOf({ email, common_name: serviceName, sub }: JWTPayload): string {
  const name = [email, serviceName, sub].find((claim) => typeof claim === 'string' && claim !== '')
  return typeof name === 'string' ? name.slice(0, NAME_MAX_LENGTH) : 'unknown'
}

const NAME_MAX_LENGTH = 320
