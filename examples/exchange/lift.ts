// A hold was lifted early, Lockline says. Under the policy `signed` that is not enough for an owner who has a passkey: only
// what it signed lifts, once; without it the hold runs its time here, whatever Lockline answers.

import { type Account, type KnownHold, withHoldLifted, withNote } from './account.ts'
import type { CallbackRoom } from './callbacks.ts'
import { isRecord, textField } from './lockline-client.ts'
import { type SignedLift, verifySignedLift } from './signed-lift.ts'
import { needsSignature, passkeysFor } from './withdrawals.ts'

/** A callback that was not confirmed is repeated after seconds, then after half an hour. */
const LATE_MS = 3_600_000
const KEPT = 100

export async function liftHold(
  room: CallbackRoom,
  accountId: string,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { store, ports } = room
  const holdId = textField(data, 'hold_id') ?? textField(data, 'lock_id')
  const before = await store.read(accountId)
  const proof = holdId === null ? UNSIGNED : await proofOf(room, before, holdId, data)
  const now = ports.now()
  const outcome = await store.update(accountId, now, (account) => {
    const lifted = withHoldLifted(account, { id: holdId, reason: textField(data, 'hold_reason') })
    const isOver = ({ id }: KnownHold) => !lifted.holds.some((hold) => hold.id === id)
    const needs = account.holds.some(
      (hold) => isOver(hold) && needsSignature(room.liftPolicy, account, hold),
    )
    if (!needs) return { account: lifted, result: 'lifted' }
    const { challenge, why } = proof
    if (challenge === null) return notLifted(account, why, now)
    // One signature may end several holds, each told by itself: once each.
    const use = `${challenge} ${holdId}`
    if (account.usedLifts.includes(use)) return notLifted(account, 'used before', now)
    const usedLifts = [...account.usedLifts, use].slice(-KEPT)
    return { account: { ...lifted, usedLifts }, result: 'lifted by its owner' }
  })
  // Whoever waits for their money is asked for at once, not at the next minute; whether it goes out is decided as ever.
  const { withdrawals } = await store.read(accountId)
  for (const { id, state } of withdrawals) {
    if (state === 'pending') await store.postponeJob(id, now)
  }
  ports.log('hold.lifted', { account_id: accountId, hold_id: holdId, outcome })
}

function notLifted(account: Account, why: string, now: number) {
  const text = `hold.lifted without the owner's signature (${why}): withdrawals stay held`
  return { account: withNote(account, now, text), result: why }
}

type Proof = { readonly challenge: string | null; readonly why: string }
const UNSIGNED: Proof = { challenge: null, why: 'none' }

async function proofOf(
  { ports, lockOrigin }: CallbackRoom,
  account: Account,
  holdId: string,
  data: Readonly<Record<string, unknown>>,
): Promise<Proof> {
  const lift = readLift(account.id, holdId, data)
  const hold = account.holds.find(({ id }) => id === holdId)
  if (lift === null || hold === undefined) return UNSIGNED
  const key = passkeysFor(account, hold).find((one) => one.credentialId === lift.credentialId)
  if (key === undefined) return { challenge: null, why: 'by an unknown or a new passkey' }
  const rules = { origin: lockOrigin, now: ports.now(), lateMs: LATE_MS }
  const verdict = await verifySignedLift(lift, key, rules)
  return verdict.kind === 'signed'
    ? { challenge: verdict.challenge, why: 'signed' }
    : { challenge: null, why: verdict.why }
}

/** Null where there is none, or it is of other holds. `expires_at` stands beside the signature, or beside the hold. */
export function readLift(
  accountId: string,
  holdId: string,
  data: Readonly<Record<string, unknown>>,
): SignedLift | null {
  const { assertion } = data
  if (!isRecord(assertion)) return null
  const credentialId = textField(assertion, 'credential_id')
  const authenticatorData = textField(assertion, 'authenticator_data')
  const clientDataJson = textField(assertion, 'client_data_json')
  const signature = textField(assertion, 'signature')
  const expiresAt = textField(assertion, 'expires_at') ?? textField(data, 'expires_at')
  if (!credentialId || !authenticatorData || !clientDataJson || !signature || !expiresAt)
    return null
  const { signed_hold_ids: named = [holdId] } = data
  if (!Array.isArray(named) || !named.every((id) => typeof id === 'string')) return null
  if (!named.includes(holdId)) return null
  return {
    accountId,
    holdIds: named,
    expiresAt,
    credentialId,
    authenticatorData,
    clientDataJson,
    signature,
  }
}
