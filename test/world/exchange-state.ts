// What the simulated exchange knows of its accounts: sessions, and withdrawals on hold. Changes come
// from its own logins and from Lockline's verified callbacks; applying one twice changes nothing.

import { isRecord, textField } from './json.ts'

export type SessionState = 'live' | 'ended' | 'revoked'

export type ExchangeSession = {
  readonly id: string
  readonly label: string
  readonly startedAt: number
  readonly state: SessionState
  readonly endedAt: number | null
}

export type ExchangeAccount = {
  readonly id: string
  /** Oldest first. */
  readonly sessions: readonly ExchangeSession[]
  /** Withdrawals are held until then; null when they are open. */
  readonly holdUntil: number | null
  readonly lockIds: readonly string[]
}

export type CallbackEvent = {
  readonly type: string
  readonly accountId: string | null
  readonly data: Readonly<Record<string, unknown>>
}

const KEPT_SESSIONS = 50

export function emptyAccount(id: string): ExchangeAccount {
  return { id, sessions: [], holdUntil: null, lockIds: [] }
}

export function withSession(
  account: ExchangeAccount,
  id: string,
  label: string,
  at: number,
): ExchangeAccount {
  const others = account.sessions.filter((session) => session.id !== id)
  const added: ExchangeSession = { id, label, startedAt: at, state: 'live', endedAt: null }
  return { ...account, sessions: [...others, added].slice(-KEPT_SESSIONS) }
}

export function withSessionsClosed(
  account: ExchangeAccount,
  ids: readonly string[],
  state: 'ended' | 'revoked',
  at: number,
): ExchangeAccount {
  return {
    ...account,
    sessions: account.sessions.map((session) =>
      session.state === 'live' && ids.includes(session.id)
        ? { ...session, state, endedAt: at }
        : session,
    ),
  }
}

/** Null when the body is no callback event at all. */
export function readCallback(body: unknown): CallbackEvent | null {
  const type = textField(body, 'type')
  if (type === null || !isRecord(body) || !isRecord(body.data)) return null
  return { type, accountId: textField(body.data, 'account_id'), data: body.data }
}

export function applyCallback(
  account: ExchangeAccount,
  event: CallbackEvent,
  at: number,
): ExchangeAccount {
  switch (event.type) {
    case 'account.locked': {
      const named = event.data.session_ids
      const ids = Array.isArray(named) ? named.filter((id) => typeof id === 'string') : []
      const until = Date.parse(textField(event.data, 'hold_until') ?? '')
      const lockId = textField(event.data, 'lock_id')
      const lockIds =
        lockId === null || account.lockIds.includes(lockId)
          ? account.lockIds
          : [...account.lockIds, lockId]
      return {
        ...withSessionsClosed(account, ids, 'revoked', at),
        // Callbacks may overtake one another: a hold is never shortened by an older one.
        holdUntil: Number.isNaN(until)
          ? account.holdUntil
          : Math.max(until, account.holdUntil ?? 0),
        lockIds,
      }
    }
    case 'hold.started': {
      const until = Date.parse(textField(event.data, 'until') ?? '')
      return Number.isNaN(until)
        ? account
        : { ...account, holdUntil: Math.max(until, account.holdUntil ?? 0) }
    }
    case 'hold.lifted':
      return { ...account, holdUntil: null }
    case 'session.revoked': {
      const id = textField(event.data, 'session_id')
      return id === null ? account : withSessionsClosed(account, [id], 'revoked', at)
    }
    default:
      return account
  }
}
