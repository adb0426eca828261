// Takes Lockline's callbacks: believes only what is signed, does what they ask, and answers 2xx to what is done and to
// nothing else. Each may come twice: a repetition gets the answer of before. What a type says that is not known here is
// filed, not refused: Lockline may have more to tell than this exchange knows.

import { type Account, withHold, withNote, withSessionsOver } from './account.ts'
import { liftHold } from './lift.ts'
import { type LockRoom, takeLock } from './lock-actions.ts'
import { type Callback, isRecord, type Lockline, textField } from './lockline-client.ts'
import type { KeptAnswer } from './store.ts'
import type { LiftPolicy } from './withdrawals.ts'

export type CallbackRoom = LockRoom & {
  readonly lockline: Pick<Lockline, 'reportActions' | 'verifyCallback'>
  readonly liftPolicy: LiftPolicy
  /** Of Lockline's pages, where passkeys are made and used. */
  readonly lockOrigin: string
}

const TAKEN: KeptAnswer = { status: 204, body: null }
const UNREADABLE: KeptAnswer = { status: 422, body: null }
/** What Lockline asks where a lock names no actions. */
const EVERY_LOCK = ['sessions.revoke', 'withdrawals.hold']

/** `headers`: their names in lower case. `body`: as it came. What throws in here is 500: the callback comes again. */
export async function takeCallback(
  room: CallbackRoom,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<KeptAnswer> {
  const { lockline, store, ports } = room
  const reading = lockline.verifyCallback(headers, body)
  if (reading.kind !== 'genuine') {
    ports.log('callback.refused', { kind: reading.kind, why: reading.why })
    return reading.kind === 'forged' ? { status: 401, body: null } : UNREADABLE
  }
  const { callback } = reading
  const before = await store.answerTo(callback.id)
  if (before !== null) return before
  const accountId = textField(callback.data, 'account_id')
  const answer = accountId === null ? UNREADABLE : await act(room, accountId, callback)
  // Only now: noted before it was done, its repetition would be taken for done.
  if (answer.status < 300) await store.keepAnswer(callback.id, answer)
  return answer
}

async function act(room: CallbackRoom, accountId: string, callback: Callback): Promise<KeptAnswer> {
  const { data } = callback
  const change = (how: (account: Account, now: number) => Account): Promise<KeptAnswer> => {
    const now = room.ports.now()
    return room.store.update(accountId, now, (account) => ({
      account: how(account, now),
      result: TAKEN,
    }))
  }
  switch (callback.type) {
    case 'account.locked':
      return lock(room, accountId, callback)
    case 'hold.started': {
      const holdId = textField(data, 'hold_id')
      const until = instant(textField(data, 'until'))
      if (holdId === null || until === null) return UNREADABLE
      return change((account, now) => {
        if (account.liftedHolds.includes(holdId)) return account
        const reason = textField(data, 'reason') ?? 'unknown'
        const startedAt = instant(textField(data, 'started_at')) ?? now
        const cause = textField(data, 'cause')
        return withHold(account, { id: holdId, reason, cause, startedAt, until, learntAt: now })
      })
    }
    case 'hold.lifted':
      await liftHold(room, accountId, data)
      return TAKEN
    case 'session.revoked': {
      const sessionId = textField(data, 'session_id')
      if (sessionId === null) return UNREADABLE
      return change((account, now) => withSessionsOver(account, [sessionId], 'revoked', now))
    }
    case 'passkey.added':
      return change((account, now) => withPasskey(account, data, now))
    default:
      return change((account, now) => withNote(account, now, `${callback.type} ${wordsOf(data)}`))
  }
}

async function lock(
  room: CallbackRoom,
  accountId: string,
  callback: Callback,
): Promise<KeptAnswer> {
  const { data, timestamp } = callback
  const id = textField(data, 'lock_id')
  const holdUntil = instant(textField(data, 'hold_until'))
  if (id === null || holdUntil === null) return UNREADABLE
  const asked = Array.isArray(data.actions)
    ? data.actions.filter((action) => typeof action === 'string')
    : EVERY_LOCK
  const lockedAt = instant(timestamp) ?? room.ports.now()
  const via = textField(data, 'via') ?? 'unknown'
  const report = await takeLock(room, accountId, { id, via, lockedAt, holdUntil }, asked)
  return { status: 200, body: report }
}

/** COSE, by number or by its name (IANA COSE Algorithms). */
const ALGORITHMS: Readonly<Record<string, number>> = { ES256: -7, EdDSA: -8, RS256: -257 }

function withPasskey(account: Account, data: Callback['data'], now: number): Account {
  const credentialId = textField(data, 'credential_id')
  const rpId = textField(data, 'rp_id')
  const alg = typeof data.alg === 'string' ? ALGORITHMS[data.alg] : data.alg
  const { jwk } = data
  if (credentialId === null || rpId === null || typeof alg !== 'number' || !isRecord(jwk)) {
    return withNote(account, now, 'passkey.added with an unreadable key')
  }
  // The first key of a credential stays: another one under its name would inherit its age.
  if (account.passkeys.some((known) => known.credentialId === credentialId)) return account
  const passkey = { credentialId, rpId, alg, jwk, learntAt: now }
  return { ...account, passkeys: [...account.passkeys, passkey] }
}

function instant(text: string | null): number | null {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? null : at
}

/** What support reads of it: short texts, in their order. */
function wordsOf(data: Callback['data']): string {
  const texts = Object.entries(data).filter(([name]) => name !== 'account_id')
  return texts
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
    .slice(0, 300)
}
