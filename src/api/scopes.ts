// What an API key may do, and which route needs which of it: the one table that the check, the description of the API
// and its documents read. A route behind a key that is not in it answers nobody.

import type { LiftPolicy } from '../account/owner-proofs.ts'
import type { Method } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'

/** Every scope with what it lets its key do, in the order of the documents. */
export const SCOPES = {
  'accounts.read': 'read accounts and the history of their logins',
  'accounts.write': 'import and change accounts',
  'accounts.erase': 'erase accounts',
  sessions: 'list sessions and end them',
  'holds.read': 'ask whether withdrawals are held',
  'holds.lift': 'lift a hold early',
  locks: 'lock accounts, and say what was done of a lock',
  portal: 'let an owner into their pages',
  introspect: 'ask whether a session is live',
  'ops.read': 'read how the service is',
  'ops.act': 'repair the service by hand',
} as const

export type Scope = keyof typeof SCOPES

export const SCOPE_NAMES: readonly Scope[] = Object.keys(SCOPES).filter(isScope)

/** What no key has unless it is said so; under LIFT_POLICY=owner more. */
const NEVER_UNSAID: Readonly<Record<LiftPolicy, readonly Scope[]>> = {
  api: ['ops.act'],
  owner: ['ops.act', 'holds.lift'],
}

/** Of a key that names none. */
export function unsaidScopes(policy: LiftPolicy): ReadonlySet<Scope> {
  return new Set(SCOPE_NAMES.filter((scope) => !NEVER_UNSAID[policy].includes(scope)))
}

export function isScope(text: string): text is Scope {
  return Object.hasOwn(SCOPES, text)
}

/** By path as it is mounted, then by method. */
export const ROUTE_SCOPES: Readonly<Record<string, Readonly<Partial<Record<Method, Scope>>>>> = {
  [paths.accountImport]: { post: 'accounts.write' },
  [paths.account]: { get: 'accounts.read', put: 'accounts.write', delete: 'accounts.erase' },
  [paths.accountLogins]: { get: 'accounts.read' },
  [paths.accountSessions]: { get: 'sessions' },
  [paths.accountSession]: { delete: 'sessions' },
  [paths.accountHold]: { get: 'holds.read', delete: 'holds.lift' },
  [paths.accountLock]: { post: 'locks' },
  [paths.accountLockActions]: { post: 'locks' },
  [paths.accountPortalLinks]: { post: 'portal' },
  [paths.introspect]: { post: 'introspect' },
  [paths.opsActs]: { get: 'ops.read', post: 'ops.act' },
  [paths.opsStatus]: { get: 'ops.read' },
}

const METHODS: Readonly<Record<string, Method>> = {
  GET: 'get',
  PUT: 'put',
  POST: 'post',
  DELETE: 'delete',
}

/** What a call of `path`, as it is mounted, needs; null where the table does not say. */
export function scopeOf(method: string, path: string): Scope | null {
  const name = METHODS[method]
  return (name && ROUTE_SCOPES[path]?.[name]) ?? null
}
