// The owner ends a lock's hold early by a signature that the exchange can check by itself: what is signed names the hold, and
// the public key went to the exchange when the passkey was made. Only where the hold is the owner's alone to end, and only by
// a passkey that was there long before the lock. One signature ends one hold, once.

import { sql } from 'drizzle-orm'
import { isHeldSql } from '../../account/hold.ts'
import { isOldEnough, isOwnersAlone, isProofGoodSql } from '../../account/owner-proofs.ts'
import {
  type AnswerRefusal,
  type AssertionOffer,
  offerAssertion,
  type PasskeyContext,
  verifyAnswer,
} from '../../account/passkey-answer.ts'
import { relyingPartyOf } from '../../account/passkey-ceremony.ts'
import { notePasskeyUseStatement, type Passkey } from '../../account/passkeys.ts'
import { nudgeCallback } from '../../exchange/nudge.ts'
import { randomId } from '../../lib/ids.ts'
import { logInfo } from '../../lib/log.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import type { NoticeContext } from '../../notice/notice-context.ts'
import { insertNoticeStatement } from '../../notice/notices.ts'
import { nudgeNotice } from '../../notice/post-notice.ts'
import { isHeldForSql } from '../holds.ts'
import type { ActContext } from '../lock-context.ts'
import { type LiftConfig, policyOf } from './decide-lift.ts'
import { liftLockStatements, lockLiftedId, newestLockIdSql } from './lift-lock.ts'
import { liftChallenge, signedFields } from './lift-signature.ts'
import type { HeldAccount } from './running-holds.ts'

type SignContext = ActContext & NoticeContext & PasskeyContext & { readonly config: LiftConfig }

/** A lock's hold that may be signed away, and by which passkeys. */
export type SignableHold = {
  readonly accountId: string
  /** The lock's id. */
  readonly holdId: string
  readonly heldSince: number
  readonly passkeys: readonly Passkey[]
}

/** Null where the exchange may lift it, a planned one holds as well, or no passkey is old enough. Pure. */
export function signableHold(
  config: LiftConfig,
  { account, passkeys, holds, isPlanned }: HeldAccount,
): SignableHold | null {
  const lock = holds.find(({ reason }) => reason === 'lock')
  if (!account || !lock || lock.holdId === '' || isPlanned) return null
  const { holdId, startedAt } = lock
  if (!isOwnersAlone(account, passkeys, startedAt, policyOf(config, account))) return null
  const old = passkeys.filter(({ createdAt }) => isOldEnough(createdAt, startedAt))
  return old.length === 0
    ? null
    : { accountId: account.accountId, holdId, heldSince: startedAt, passkeys: old }
}

/** An answer counts for this hold and this visit. */
function purposeOf({ accountId, holdId }: SignableHold, visitId: string) {
  return `passkey-lift/${accountId}/${holdId}/${visitId}`
}

export type LiftOffer = AssertionOffer & { readonly holdId: string }

/** Null where this deployment's address can have no passkeys. */
export async function offerLift(
  context: PasskeyContext,
  hold: SignableHold,
  visitId: string,
): Promise<LiftOffer | null> {
  const { config } = context
  const { accountId, holdId, passkeys } = hold
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  if (!rp) return null
  const question = { purpose: purposeOf(hold, visitId), passkeys }
  const offer = await offerAssertion(context, rp, question, (expiresAt) =>
    liftChallenge({ accountId, holdIds: [holdId] }, expiresAt),
  )
  return { ...offer, holdId }
}

export type LiftRefusal = AnswerRefusal['reason'] | 'other_hold' | 'too_late'

/** The form that `offerLift` was shown in: fields `hold_id`, `challenge` and `credential`. */
export async function liftBySignature(
  context: SignContext,
  hold: SignableHold,
  { visitId, form }: { readonly visitId: string; readonly form: URLSearchParams },
): Promise<Result<null, LiftRefusal>> {
  const { accountId, holdId, heldSince, passkeys } = hold
  if (form.get('hold_id') !== holdId) return err('other_hold')
  const purpose = purposeOf(hold, visitId)
  const answered = await verifyAnswer(context, { purpose, passkeys }, form)
  if (!answered.ok) return err(answered.error.reason)
  const { use, expiresAt } = answered.value
  const signed = signedFields(form.get('credential') ?? '', [holdId], expiresAt)
  if (!signed) return err('malformed')

  const db = context.dbOf(accountId)
  const now = context.now()
  const may = sql`(${isProofGoodSql({ kind: 'passkey', ...use }, heldSince)}
    AND ${isHeldSql(accountId, now)} AND NOT ${isHeldForSql(accountId, 'planned', now)}
    AND ${newestLockIdSql(accountId)} IS ${holdId})`
  const callbackId = await lockLiftedId(accountId, holdId, now)
  const terms = { callbackId, reason: 'owner', now, when: may, signed }
  const [tell, ...ends] = liftLockStatements(db, { accountId, lockId: holdId }, terms)
  const noticeId = randomId(context.randomBytes, 'ntc')
  const notice = { accountId, noticeId, kind: 'hold_lifted' } as const
  const [told] = await db.batch([
    insertNoticeStatement(db, notice, now, may),
    tell,
    ...ends,
    // Last: all of the above asks whether it is unused.
    notePasskeyUseStatement(db, use, now),
  ])
  if (told.meta.changes === 0) return err('too_late')
  logInfo('hold.lifted', { account_id: accountId, hold_id: holdId, by: 'owner' })
  await nudgeCallback(context, accountId, callbackId)
  await nudgeNotice(context, notice)
  return ok(null)
}
