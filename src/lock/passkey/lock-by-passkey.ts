// A lock by a passkey that names itself: whoever has the device needs no number, no link and no alert. Counted by place before
// anything is looked up; an answer counts once, since its lock has an id that is made of the challenge.

import {
  type Assertion,
  readAssertion,
  relyingPartyOf,
  verifyAssertion,
} from '../../account/passkey-ceremony.ts'
import { openChallenge } from '../../account/passkey-challenge.ts'
import {
  findPasskeysByCredential,
  notePasskeyUseStatement,
  type PasskeyUse,
} from '../../account/passkeys.ts'
import { TIMES_PER_48 } from '../../guard/address-limits.ts'
import {
  countPlaceTry,
  forgetPlaceTries,
  type PlaceOfTry,
  placeOfTry,
} from '../../guard/address-tries.ts'
import { deriveId } from '../../lib/ids.ts'
import { logInfo } from '../../lib/log.ts'
import { askAll } from '../../lib/shards.ts'
import { HOUR_MS } from '../../lib/time.ts'
import { type Lock, lockAccount } from '../lock-account.ts'
import type { LockContext } from '../lock-context.ts'
import { PASSKEY_LOCK_PURPOSE } from './offer-passkey.ts'

/** Nobody guesses a signature: these bound what checking them costs. */
export const PASSKEY_TRIES_PER_ADDRESS_AND_HOUR = 30
const TRIES_PER_PASSKEY_AND_ADDRESS = 10

const LIMITS = {
  kind: 'passkey-lock',
  perSubject: TRIES_PER_PASSKEY_AND_ADDRESS,
  perPlace: PASSKEY_TRIES_PER_ADDRESS_AND_HOUR,
  perWidePlace: PASSKEY_TRIES_PER_ADDRESS_AND_HOUR * TIMES_PER_48,
  windowMs: HOUR_MS,
} as const

/** One try, as it may wait in the queue. */
export type PasskeyTry = {
  /** The browser's answer, as JSON. */
  readonly credential: string
  /** What it was to sign: ours, and young enough when it came. */
  readonly challenge: string
  readonly place: PlaceOfTry
  readonly triedAt: number
}

export type PasskeyLockVerdict =
  | { readonly kind: 'locked'; readonly lock: Lock }
  | { readonly kind: 'refused' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

/** The form that `offerPasskeyLock` was shown in. Null for what cannot be an answer to it; needs no storage. */
export async function passkeyTry(
  { config, now }: LockContext,
  form: URLSearchParams,
  ip: string,
): Promise<PasskeyTry | null> {
  const { dataKeys } = config
  const credential = form.get('credential') ?? ''
  const sealed = form.get('challenge') ?? ''
  const challenge = await openChallenge(dataKeys, PASSKEY_LOCK_PURPOSE, sealed, now())
  const assertion = readAssertion(credential)
  if (challenge === null || assertion === null) return null
  const place = await placeOfTry(dataKeys, LIMITS.kind, ip, assertion.id)
  return { credential, challenge, place, triedAt: now() }
}

/** Safe to repeat. Throws when D1 is away, or a part of it, and the passkey was not found elsewhere. */
export async function lockByPasskey(
  context: LockContext,
  attempt: PasskeyTry,
): Promise<PasskeyLockVerdict> {
  const counted = await countPlaceTry(context.db, attempt.place, LIMITS, context.now())
  if (!counted.isAllowed) return { kind: 'limited', retryAfterMs: counted.retryAfterMs }
  return lockByKeptPasskey(context, attempt)
}

/**
 * What the queue has kept. Not counted: it would be at each delivery while D1 answers by half, and the owner's lock, which was
 * promised, would be one too many by the time it can be made. What may be kept is bounded at the door.
 */
export async function lockByKeptPasskey(
  context: LockContext,
  attempt: PasskeyTry,
): Promise<Exclude<PasskeyLockVerdict, { kind: 'limited' }>> {
  const { db, now, dbOf } = context
  const { challenge, place, triedAt } = attempt
  const use = await findUse(context, attempt)
  if (use === null) {
    logInfo('passkey.refused', { reason: 'lock' })
    return { kind: 'refused' }
  }
  const { accountId } = use
  const lockId = await deriveId('lck', 'passkey', accountId, challenge)
  const request = { accountId, lockId, via: 'passkey', alertNumber: null } as const
  const lock = await lockAccount(context, { ...request, lockedAt: triedAt })
  await notePasskeyUseStatement(dbOf(accountId), use, now())
  await forgetPlaceTries(db, place)
  return { kind: 'locked', lock }
}

/** Of whichever account has a passkey of this id that signed: the key decides, not the id. */
async function findUse(
  context: LockContext,
  { credential, challenge }: PasskeyTry,
): Promise<PasskeyUse | null> {
  const { config, shards } = context
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  const assertion: Assertion | null = readAssertion(credential)
  if (!rp || !assertion) return null
  const { rows, missing } = await askAll(shards, (db) => findPasskeysByCredential(db, assertion.id))
  for (const passkey of rows) {
    const { accountId, credentialId } = passkey
    const signCount = await verifyAssertion(rp, { assertion, challenge, passkey })
    if (signCount.ok) return { accountId, credentialId, signCount: signCount.value }
  }
  // It may be of an account that could not be looked at.
  if (missing !== null) throw missing
  return null
}
