// What a lock asks the exchange to do, and how far each action has come. Pure. An action is done because the exchange said so,
// never because it was asked for; and what is done stays done.

import * as v from 'valibot'
import { parseJson } from '../lib/json.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { isKeyOf, keysOf } from '../lib/table.ts'
import type { LockActionNames } from '../words/lock-action-words.ts'

export type LockAction = keyof LockActionNames

/** In the order in which they are asked for and shown; with what each means, for documents. */
export const LOCK_ACTIONS: Readonly<Record<LockAction, string>> = {
  'sessions.revoke': 'end every session of the account',
  'withdrawals.hold': 'let no withdrawal out until `hold_until`',
  'api_keys.revoke': 'revoke every API key',
  'withdrawals.cancel': 'cancel the withdrawals that have not gone out',
  'addresses.freeze': 'let no address for withdrawals be added or changed',
  'orders.cancel': 'cancel open orders',
  'credentials.freeze': 'let password, two-factor and contact data not be changed',
}

export const LOCK_ACTION_NAMES: readonly LockAction[] = keysOf(LOCK_ACTIONS)

/** Of every lock: without them it would be none. Also what a lock asked for that is older than the choice. */
export const ALWAYS_ASKED: readonly LockAction[] = ['sessions.revoke', 'withdrawals.hold']

export function isLockAction(name: string): name is LockAction {
  return isKeyOf(LOCK_ACTIONS, name)
}

export function inOrder(actions: Iterable<LockAction>): readonly LockAction[] {
  const given = new Set(actions)
  return LOCK_ACTION_NAMES.filter((action) => given.has(action))
}

/** The setting: what it adds to the two, each named once. */
export function parseLockActions(names: readonly string[]): Result<readonly LockAction[], string> {
  const known = names.filter(isLockAction)
  if (known.length < names.length || new Set(known).size < known.length) {
    return err(`must be a list of any of ${LOCK_ACTION_NAMES.join(', ')}, each once`)
  }
  return ok(inOrder([...ALWAYS_ASKED, ...known]))
}

/** What the exchange has said of single actions: when it said so first. */
export type ActionAnswers = {
  readonly done: Readonly<Partial<Record<LockAction, number>>>
  readonly failed: Readonly<Partial<Record<LockAction, number>>>
}

export type ActionState = 'asked' | 'done' | 'failed'

export type ActionStatus = {
  readonly action: LockAction
  readonly state: ActionState
  /** When we heard so; null while it is only asked for. */
  readonly at: number | null
}

/**
 * `answers`: null where nothing was said of a single action; then `confirmedAt`, when the exchange answered 2xx to the callback,
 * is the instant of all of them.
 */
export function actionStatuses(
  asked: readonly LockAction[] | null,
  answers: ActionAnswers | null,
  confirmedAt: number | null,
): readonly ActionStatus[] {
  return (asked ?? ALWAYS_ASKED).map((action) => {
    const doneAt = answers === null ? confirmedAt : (answers.done[action] ?? null)
    if (doneAt !== null) return { action, state: 'done', at: doneAt }
    const failedAt = answers?.failed[action] ?? null
    return { action, state: failedAt === null ? 'asked' : 'failed', at: failedAt }
  })
}

/** When the last of them was done; null while one is not. */
export function allDoneAt(statuses: readonly ActionStatus[]): number | null {
  const doneAt = statuses.flatMap(({ state, at }) => (state === 'done' && at !== null ? [at] : []))
  return statuses.length > 0 && doneAt.length === statuses.length ? Math.max(...doneAt) : null
}

export function isDone(statuses: readonly ActionStatus[], action: LockAction): boolean {
  return statuses.some((one) => one.action === action && one.state === 'done')
}

/** How many are done of how many, where some are and some are not; null else. */
export function partlyDone(
  statuses: readonly ActionStatus[],
): { readonly done: number; readonly count: number } | null {
  const done = statuses.filter(({ state }) => state === 'done').length
  return done > 0 && done < statuses.length ? { done, count: statuses.length } : null
}

const LockedSchema = v.object({
  data: v.object({
    lock_id: v.string(),
    actions: v.pipe(
      v.array(v.string()),
      v.transform((names) => inOrder(names.filter(isLockAction))),
    ),
  }),
})

/** Of an `account.locked`, as it was signed and sent; null for any other body. */
export function askedIn(
  body: string,
): { readonly lockId: string; readonly actions: readonly LockAction[] } | null {
  const read = v.safeParse(LockedSchema, parseJson(body))
  return read.success
    ? { lockId: read.output.data.lock_id, actions: read.output.data.actions }
    : null
}
