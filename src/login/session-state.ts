// Whether a session may go on, by the logins that were reported of its id. Pure. Ids of the exchange should be unique; where two
// accounts have one, the state of either says nothing of the other, so that both must be live.

import { isSessionLive, type Login } from './login.ts'

export type SessionState =
  | { readonly kind: 'over' }
  | { readonly kind: 'live'; readonly login: Login }
  /** In each of several accounts: whose it is cannot be said. */
  | { readonly kind: 'live_in_each' }

/** `logins` of one session id, newest first; `isAll` false where there may be more than these. */
export function readSessionState(
  logins: readonly Login[],
  isAll: boolean,
  now: number,
): SessionState {
  const accounts = [...Map.groupBy(logins, ({ accountId }) => accountId).values()]
  const live = accounts.map((own) => own.find((login) => isSessionLive(login, now)))
  const [login] = live
  if (accounts.length === 1) return login ? { kind: 'live', login } : { kind: 'over' }
  const isLiveInEach = isAll && live.length > 0 && live.every((one) => one !== undefined)
  return isLiveInEach ? { kind: 'live_in_each' } : { kind: 'over' }
}
