// API_KEYS: the keys of the exchange's services and what each may do. Parsing only.

import type { LiftPolicy } from '../account/owner-proofs.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { isScope, type Scope, unsaidScopes } from './scopes.ts'

export type ApiKey = {
  readonly key: string
  readonly scopes: ReadonlySet<Scope>
  /** It names no scopes. */
  readonly isUnscoped?: true
}

export const API_KEY_MIN_LENGTH = 16
export const API_KEY_MAX_LENGTH = 512

/** With the greatest length, what a header may carry as a key (api-key.ts). */
const PRINTABLE = /^[\x21-\x7e]*$/

const WRONG_LENGTH = `each must have ${API_KEY_MIN_LENGTH} to ${API_KEY_MAX_LENGTH} characters`
const UNPRINTABLE = 'must be printable ASCII: no header carries another key'
const WRONG_COLON = 'may have a colon only before scopes: key:scope,scope'
const TWICE = 'names a key twice, with different scopes'

/** `key`, or `key:scope,scope`. What stands after the last colon is scopes, all of it known, or the key is not taken. */
export function parseApiKeys(texts: readonly string[]): Result<readonly ApiKey[], string> {
  const keys = new Map<string, ApiKey>()
  for (const text of texts) {
    const read = parseApiKey(text)
    if (!read.ok) return read
    const { key, scopes } = read.value
    const before = keys.get(key)
    if (before && !isSameSet(before.scopes, scopes)) return err(TWICE)
    keys.set(key, read.value)
  }
  return ok([...keys.values()])
}

function parseApiKey(text: string): Result<ApiKey, string> {
  const colon = text.lastIndexOf(':')
  const key = colon < 0 ? text : text.slice(0, colon)
  const named = colon < 0 ? null : text.slice(colon + 1).split(',')
  if (key.includes(':') || !(named ?? []).every(isScope)) return err(WRONG_COLON)
  if (!PRINTABLE.test(key)) return err(UNPRINTABLE)
  if (key.length < API_KEY_MIN_LENGTH || key.length > API_KEY_MAX_LENGTH) return err(WRONG_LENGTH)
  if (named) return ok({ key, scopes: new Set(named.filter(isScope)) })
  return ok({ key, scopes: unsaidScopes('api'), isUnscoped: true })
}

/** Under the policy, a key that names no scopes has those that the policy leaves it. */
export function keysUnder(policy: LiftPolicy, keys: readonly ApiKey[]): readonly ApiKey[] {
  const unsaid = unsaidScopes(policy)
  return keys.map((key) => (key.isUnscoped ? { ...key, scopes: unsaid } : key))
}

function isSameSet(a: ReadonlySet<Scope>, b: ReadonlySet<Scope>): boolean {
  return a.size === b.size && [...a].every((scope) => b.has(scope))
}
