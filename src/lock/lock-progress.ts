// How far a lock has come, as texts tell it: by its callback, which is all that a notice knows of it.

import { findCallback } from '../exchange/outbox.ts'
import type { Db } from '../lib/db.ts'
import {
  type ActionStatus,
  actionStatuses,
  allDoneAt,
  askedIn,
  partlyDone,
} from './lock-actions.ts'
import { findLockStatement } from './lock-state.ts'

export type LockNews = {
  /** The exchange has confirmed all that was asked for. */
  readonly isAll: boolean
  /** Where it has confirmed some: how many of how many. */
  readonly partly: { readonly done: number; readonly count: number } | null
  /** It has said of some that they failed. */
  readonly hasFailed: boolean
}

/** Of the lock of an `account.locked`; nothing is confirmed where there is no such callback. */
export async function findLockNews(
  db: Db,
  accountId: string,
  callbackId: string,
): Promise<LockNews> {
  const actions = await findActionsOfCallback(db, accountId, callbackId)
  return {
    isAll: allDoneAt(actions) !== null,
    partly: partlyDone(actions),
    hasFailed: actions.some(({ state }) => state === 'failed'),
  }
}

export async function findActionsOfCallback(
  db: Db,
  accountId: string,
  callbackId: string,
): Promise<readonly ActionStatus[]> {
  // Before the lock: what is said of single actions is stored with the confirmation, or earlier.
  const callback = await findCallback(db, accountId, callbackId)
  if (callback === null) return []
  const asked = askedIn(callback.body)
  const [lock] = asked === null ? [] : await findLockStatement(db, accountId, asked.lockId)
  return actionStatuses(asked?.actions ?? null, lock?.answers ?? null, callback.confirmedAt)
}
