// The exchange says what it has done of a lock: in its answer to the callback, or later by the API. Either way what it names is
// stored, and nothing else follows from it.

import type { Confirmation } from '../exchange/send.ts'
import { logInfo } from '../lib/log.ts'
import { ACTION_ANSWER_MAX_BYTES, readActionAnswer } from './action-answer.ts'
import { lockCallbackId } from './lock-account.ts'
import { type ActionStatus, askedIn } from './lock-actions.ts'
import type { ActContext } from './lock-context.ts'
import { findLockState, type LockState } from './lock-state.ts'
import { confirmAllStatement, type SaidActions, storeAnswersStatement } from './store-actions.ts'

/** Of a 2xx to an `account.locked`: the delivery is confirmed in any case, each action by what is said of it. */
export const LOCK_CONFIRMATION: Omit<Confirmation, 'onConfirmed'> = {
  // One more, by which a body that was cut is known.
  bodyMaxBytes: ACTION_ANSWER_MAX_BYTES + 1,
  storeStatement: (db, { accountId, callbackId, body: sent }, body, now) => {
    const asked = askedIn(sent)
    if (asked === null) return null
    const { lockId, actions } = asked
    const lock = { accountId, lockId, callbackId }
    const answer = readActionAnswer(body, lockId)
    switch (answer.kind) {
      case 'all':
        return confirmAllStatement(db, lock, actions, now)
      case 'some':
        logAnswer(lock, answer, answer.unknown)
        return storeAnswersStatement(db, lock, answer, now)
      case 'unreadable':
        logInfo('lock.unreadable', { account_id: accountId, lock_id: lockId })
        return storeAnswersStatement(db, lock, NOTHING_SAID, now)
    }
  },
}

const NOTHING_SAID: SaidActions = { done: [], failed: [] }

type Confirmed = {
  readonly state: LockState
  readonly callbackId: string
  readonly isNews: boolean
}

/** By the API: what it names of the lock's own actions. Null where the account has no such lock; what is done stays done. */
export async function confirmActions(
  context: ActContext,
  lock: { readonly accountId: string; readonly lockId: string; readonly key: string },
  said: SaidActions,
): Promise<Confirmed | null> {
  const { accountId, lockId } = lock
  const db = context.dbOf(accountId)
  const before = await findLockState(db, accountId, lockId)
  if (before === null) return null
  const callbackId = await lockCallbackId({ accountId, lockId })
  const news = newsOf(before.actions, said)
  if (news.done.length + news.failed.length === 0)
    return { state: before, callbackId, isNews: false }
  await db.batch([
    storeAnswersStatement(db, { accountId, lockId, callbackId }, news, context.now()),
  ])
  logAnswer(lock, news)
  const state = await findLockState(db, accountId, lockId)
  return state && { state, callbackId, isNews: true }
}

/** Repeated, or not asked for, it is none; failed after done neither. */
function newsOf(statuses: readonly ActionStatus[], said: SaidActions): SaidActions {
  const open = statuses.filter(({ state }) => state !== 'done').map(({ action }) => action)
  const asked = statuses.filter(({ state }) => state === 'asked').map(({ action }) => action)
  return {
    done: open.filter((action) => said.done.includes(action)),
    failed: asked.filter((action) => said.failed.includes(action) && !said.done.includes(action)),
  }
}

function logAnswer(
  { accountId, lockId, ...by }: { accountId: string; lockId: string; key?: string },
  { done, failed }: SaidActions,
  unknown: readonly string[] = [],
): void {
  const { key } = by
  logInfo('lock.answered', {
    account_id: accountId,
    lock_id: lockId,
    ...(key !== undefined && { key }),
    done: done.join(' '),
    failed: failed.join(' '),
    ...(unknown.length > 0 && { unknown: unknown.join(' ') }),
  })
}
