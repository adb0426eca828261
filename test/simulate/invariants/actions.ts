// What a lock asked for, action by action: done because the exchange said so, and then for good.

import type { ActionsReading, Ledger } from '../ledger.ts'
import type { Invariant, Violation } from './invariant.ts'

export const doneIsSaid: Invariant = {
  name: 'done-is-said',
  why: 'no sham: an action is shown as done only where the exchange said so, and as failed only where it said that',
  check: (ledger, counter) =>
    ledger.actionReadings.flatMap(({ accountId, lockId, answeredAt, actions }) => {
      const said = ledger.actionsSaid.filter((one) => one.lockId === lockId && one.at <= answeredAt)
      return actions.flatMap(({ action, state }): Violation[] => {
        if (state === 'failed') counter.note('action_failed')
        const isSaid =
          state === 'done'
            ? said.some(({ done }) => done === 'all' || done.includes(action))
            : state !== 'failed' || said.some(({ failed }) => failed.includes(action))
        const what = `${action} of ${accountId} ${lockId} is shown as ${state}, and nobody said so`
        return isSaid ? [] : [{ subject: lockId, what, at: answeredAt }]
      })
    }),
}

export const doneIsFinal: Invariant = {
  name: 'done-is-final',
  why: 'what the owner was shown as done yesterday is done today, since the same instant, whatever comes late or twice',
  check: (ledger) =>
    ledger.actionReadings.flatMap((later) => {
      const earlier = ledger.actionReadings.filter(
        ({ lockId, answeredAt }) => lockId === later.lockId && answeredAt < later.askedAt,
      )
      const lost = earlier.flatMap((reading) => fallenBack(reading, later))
      const [first] = lost
      if (first === undefined) return []
      const what = `${first} of ${later.accountId} ${later.lockId} was done, and is not as it was`
      return [{ subject: later.lockId, what, at: later.answeredAt }]
    }),
}

function fallenBack(earlier: ActionsReading, later: ActionsReading): readonly string[] {
  return earlier.actions
    .filter(
      ({ action, state, at }) =>
        state === 'done' &&
        !later.actions.some(
          (one) => one.action === action && one.state === 'done' && one.at === at,
        ),
    )
    .map(({ action }) => action)
}

export const saidIsDone: Invariant = {
  name: 'said-is-done',
  why: 'who says that an action is done and hears 200 need not say it again; and in the end every lock is done',
  check: (ledger) => [
    ...ledger.actionReadings.flatMap(({ accountId, lockId, answeredAt, done, actions }) =>
      actions
        .filter(({ action, state }) => done.includes(action) && state !== 'done')
        .map(({ action, state }) => ({
          subject: lockId,
          what: `${action} of ${accountId} ${lockId} was said to be done, and is ${state}`,
          at: answeredAt,
        })),
    ),
    ...lastReadings(ledger)
      .filter(({ confirmedAt }) => confirmedAt === null)
      .map(({ accountId, lockId, answeredAt }) => ({
        subject: lockId,
        what: `${lockId} of ${accountId} is not done in the end`,
        at: answeredAt,
      })),
  ],
}

function lastReadings(ledger: Ledger): readonly ActionsReading[] {
  return [...new Map(ledger.actionReadings.map((one) => [one.lockId, one])).values()]
}
