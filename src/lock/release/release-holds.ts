// The owner's end of holds, as SQL: one batch that ends them, tells the exchange and the phone, and uses the proof up. It does
// nothing where a lock was first, the proof is gone or used, or something has happened that the owner was not shown.

import { sql } from 'drizzle-orm'
import { isHeldSql } from '../../account/hold.ts'
import { isProofGoodSql, type OwnerProof } from '../../account/owner-proofs.ts'
import { notePasskeyUseStatement } from '../../account/passkeys.ts'
import { useStepStatement } from '../../account/totp-check.ts'
import { nudgeCallback } from '../../exchange/nudge.ts'
import { insertCallbackStatement } from '../../exchange/outbox.ts'
import { sessionConfirmedCallback } from '../../exchange/session-confirmed.ts'
import { asBound } from '../../lib/bound-statement.ts'
import { randomId } from '../../lib/ids.ts'
import { logInfo } from '../../lib/log.ts'
import { confirmLoginStatement, isConfirmedSql } from '../../login/confirm-login.ts'
import type { Login } from '../../login/login.ts'
import { releaseMarksStatement } from '../../login/release-marks.ts'
import { isUnfamiliarAfterSql, isUnlistedSql } from '../../login/unfamiliar.ts'
import { insertNoticeStatement } from '../../notice/notices.ts'
import { nudgeNotice } from '../../notice/post-notice.ts'
import {
  endHoldStatements,
  holdCallbackId,
  isHeldForSql,
  isOneRunningSql,
  type SignedFields,
} from '../holds.ts'
import type { LockContext } from '../lock-context.ts'
import type { Release } from './release.ts'

/** As `hold.lifted` says who ended it. */
export const BY_OWNER = 'owner'

/**
 * `session`: the login behind the link, which a passkey confirms in the same breath; null where there is none to confirm. `signed`: what
 * the passkey has signed of exactly these holds, for the exchange to check; null where it was a code.
 */
export async function releaseHolds(
  context: LockContext,
  release: Release,
  {
    proof,
    signed,
    session,
  }: {
    readonly proof: OwnerProof
    readonly signed: SignedFields | null
    readonly session: Login | null
  },
): Promise<boolean> {
  const { accountId, holds, heldSince, newestSeq } = release
  const db = context.dbOf(accountId)
  const now = context.now()
  const may = sql`NOT ${isHeldSql(accountId, now)} AND NOT ${isHeldForSql(accountId, 'planned', now)}
    AND ${isProofGoodSql(proof, heldSince)} AND NOT ${isUnfamiliarAfterSql(accountId, newestSeq)}
    AND NOT ${isUnlistedSql(accountId, heldSince)}`
  const noticeId = randomId(context.randomBytes, 'ntc')
  const notice = { accountId, noticeId, kind: 'hold_lifted' } as const
  const ends = await Promise.all(
    holds.map(async (hold) => {
      const callbackId = await holdCallbackId('hold.lifted', hold)
      const terms = { callbackId, reason: BY_OWNER, now, when: may, ...(signed && { signed }) }
      return { callbackId, statements: endHoldStatements(db, hold, terms) }
    }),
  )
  const confirmed = session && (await sessionConfirmedCallback(session, now))
  const told = insertNoticeStatement(
    db,
    notice,
    now,
    sql`${may} AND ${isOneRunningSql(holds, now)}`,
  )
  const alertIds = release.events.flatMap((event) => (event.activity === null ? event.alertId : []))
  const marks = holds.map(({ holdId }) =>
    releaseMarksStatement(db.$client, { accountId, holdId, alertIds, liftReason: BY_OWNER }),
  )
  const results = await db.$client.batch([
    ...[
      // While they run: what is told is what is ended.
      told,
      ...ends.flatMap(({ statements }) => [...statements]),
      ...(session && confirmed
        ? [
            confirmLoginStatement(db, session, may, now),
            insertCallbackStatement(db, confirmed, now, isConfirmedSql(session, now)),
          ]
        : []),
      // Last: all of the above asks whether it is unused.
      proof.kind === 'passkey'
        ? notePasskeyUseStatement(db, proof, now)
        : useStepStatement(db, accountId, proof.step),
    ].map((statement) => asBound(db, statement)),
    // Of exactly the logins that were shown.
    ...marks,
  ])
  // The notice first, then two of each hold: its callback, its end.
  const ended = ends.filter((_, place) => (results[2 + 2 * place]?.meta.changes ?? 0) > 0)
  if (ended.length === 0) return false
  logInfo('hold.released', {
    account_id: accountId,
    hold_ids: holds.map(({ holdId }) => holdId).join(' '),
    proof: proof.kind,
  })
  const isConfirmed = (results[1 + 2 * ends.length]?.meta.changes ?? 0) > 0
  const callbackIds = ended.map(({ callbackId }) => callbackId)
  if (confirmed && isConfirmed) callbackIds.push(confirmed.callbackId)
  for (const callbackId of callbackIds) await nudgeCallback(context, accountId, callbackId)
  await nudgeNotice(context, notice)
  return true
}
