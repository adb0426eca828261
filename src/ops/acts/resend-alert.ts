// One alert sent again while its link is of use: the same number and the same link, another attempt. For an owner who is on the
// phone with support and has no SMS. So often and no oftener: each is paid for, and twelve of them would frighten.

import { phoneStateAt } from '../../account/account-phone.ts'
import { type Account, findAccount } from '../../account/accounts.ts'
import type { DeliverContext } from '../../deliver/deliver-context.ts'
import { resendText } from '../../deliver/resend-alert.ts'
import { err, ok } from '../../lib/result.ts'
import { askAll } from '../../lib/shards.ts'
import { HOUR_MS, SECOND_MS } from '../../lib/time.ts'
import { LINK_LIFETIME_MS } from '../../lock/link.ts'
import type { Login } from '../../login/login.ts'
import { findLoginByAlert } from '../../login/logins.ts'
import type { ActResult, ResendAlert } from './act.ts'
import { actDone, isRareSql, newAct, recordStatement } from './record.ts'

export const RESENDS_MAX = 3
/** The one before may still arrive. */
const PAUSE_MS = 30 * SECOND_MS
/** What a link must still be good for when it is read. */
const LINK_LEFT_MS = HOUR_MS

export async function resendAlert(
  context: DeliverContext,
  act: ResendAlert,
  who: string,
  now: number,
): Promise<ActResult> {
  const { db, dbOf, shards } = context
  const impossible = (detail: string) => err({ kind: 'not_possible', detail } as const)
  const { rows, missing } = await askAll(shards, async (each) => {
    const found = await findLoginByAlert(each, act.alertId)
    return found ? [found] : []
  })
  const [login] = rows
  if (!login && missing !== null) throw missing
  if (!login) return err({ kind: 'not_found' })
  const refusal = refuseResend(login, now)
  if (refusal !== null) return impossible(refusal)
  const account = await findAccount(dbOf(login.accountId), login.accountId)
  const noNumber = refuseNumber(account, login, now)
  if (noNumber !== null) return impossible(noNumber)
  if (!account) return err({ kind: 'not_found' })
  const record = { ...newAct(context.randomBytes, act, login.alertId, who, now), count: 1 }
  const bounds = { sinceAt: login.receivedAt, max: RESENDS_MAX, pauseMs: PAUSE_MS }
  // Recorded before it is sent: of two who ask at once, one does it.
  const taken = await recordStatement(db, record, isRareSql(db, record, bounds))
  if (taken.meta.changes === 0) {
    return impossible(`Sent again ${RESENDS_MAX} times already, or a moment ago.`)
  }
  const conclusion = await resendText(context, login, account)
  if (conclusion === 'accepted') return ok(actDone(record, { count: 1 }))
  actDone(record, { count: 0 })
  return impossible('No provider took it; its attempts say why.')
}

/**
 * Why the alert cannot go to the account's present number; null where it can. Not to one that is newer than the login: whoever
 * took the owner's number from him would get what was meant for the owner.
 */
export function refuseNumber(
  account: Pick<Account, 'phoneSealed' | 'phoneState' | 'phoneStateUntil' | 'phoneSince'> | null,
  { receivedAt }: Pick<Login, 'receivedAt'>,
  now: number,
): string | null {
  if (!account?.phoneSealed) return 'The account has no number.'
  if (account.phoneSince !== null && account.phoneSince > receivedAt) {
    return 'Its number is newer than this login.'
  }
  return phoneStateAt(account, now) === 'ok' ? null : 'The number is marked; see its state.'
}

/** Why this alert cannot be sent again; null where it can. */
export function refuseResend(login: Login, now: number): string | null {
  if (login.alertNumber === null) return 'No SMS was meant for this login.'
  if (login.mergedInto !== null && login.mergedInto !== login.seq) {
    return 'Another SMS tells of this login.'
  }
  if (login.state === 'queued' || login.state === 'sending') return 'It is still on its way.'
  const isUseful = now < login.occurredAt + LINK_LIFETIME_MS - LINK_LEFT_MS
  return isUseful ? null : 'Its link has less than an hour left, or none.'
}
