// What the history makes of its logins: which alerts should be in the phone, which did not arrive. Pure.

import type { Login } from '../../login/login.ts'

/** Numbers as an owner compares them with the inbox. */
export type Inbox = {
  /** Lowest and highest number that went out, or null when none did. */
  readonly range: { readonly first: number; readonly last: number } | null
  /** Within the page: given up, so that nobody was told. */
  readonly missing: readonly number[]
}

/** Evidence only: a provider took it, or a receipt says more. */
function wentOut({ state }: Login): boolean {
  return state === 'accepted' || state === 'sent' || state === 'delivered'
}

export function readInbox(logins: readonly Login[]): Inbox {
  const numbersOf = (some: readonly Login[]) =>
    some.flatMap(({ alertNumber }) => (alertNumber === null ? [] : [alertNumber]))
  const out = numbersOf(logins.filter(wentOut))
  const missing = numbersOf(logins.filter(({ state }) => state === 'undelivered'))
  return {
    range: out.length === 0 ? null : { first: Math.min(...out), last: Math.max(...out) },
    missing: missing.sort((a, b) => a - b),
  }
}

/** Should have been told, and was not, or not by the first way. */
export function isProblem({ state, attempts, suppressionReason }: Login): boolean {
  if (state === 'undelivered') return true
  if (state === 'suppressed')
    return suppressionReason !== 'alerts_off' && suppressionReason !== 'usual'
  return state !== 'delivered' && attempts.some((attempt) => attempt.state === 'failed')
}
