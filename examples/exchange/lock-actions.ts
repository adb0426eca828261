// What a lock asks of the exchange, action by action, each confirmed by itself: what is done within the callback's patience
// is in its answer, what takes longer or fails is tried again and reported. Here every action is one change of the
// account; yours call services of their own, which is why a desk may be given instead.

import type { Account, KnownLock } from './account.ts'
import { kept, withHold, withSessionsOver } from './account.ts'
import type { Verdict } from './job.ts'
import type { ActionReport, Lockline } from './lockline-client.ts'
import type { ExchangePorts } from './ports.ts'
import type { Store } from './store.ts'

/** Resolves when it is done, rejects when it is not; may be called again for what it has done. */
export type Desk = (action: LockAction, accountId: string, lock: KnownLock) => Promise<void>

type Change = (account: Account, lock: KnownLock, now: number) => Account

/** An address that the thief added is younger. */
const NEW_ADDRESS_MS = 7 * 24 * 3_600_000

const CHANGES = {
  // Every session, whether the lock names it or not: some were never reported.
  'sessions.revoke': (account, _lock, now) => withSessionsOver(account, null, 'revoked', now),
  'withdrawals.hold': (account, { id, lockedAt, holdUntil }, now) => {
    const times = { startedAt: lockedAt, until: holdUntil, learntAt: now }
    return withHold(account, { id, reason: 'lock', cause: null, ...times })
  },
  'api_keys.revoke': (account) => ({
    ...account,
    apiKeys: account.apiKeys.map((key) => ({ ...key, state: 'revoked' }) as const),
  }),
  'withdrawals.cancel': (account, _lock, now) => ({
    ...account,
    withdrawals: account.withdrawals.map((one) =>
      one.state === 'pending'
        ? ({ ...one, state: 'cancelled', waitsFor: null, settledAt: now } as const)
        : one,
    ),
  }),
  'addresses.freeze': (account, { lockedAt }) => ({
    ...account,
    addresses: account.addresses.map((one) =>
      one.addedAt > lockedAt - NEW_ADDRESS_MS ? ({ ...one, state: 'frozen' } as const) : one,
    ),
  }),
  'orders.cancel': (account) => ({
    ...account,
    orders: account.orders.map((order) => ({ ...order, state: 'cancelled' }) as const),
  }),
  'credentials.freeze': (account, { holdUntil }) => ({
    ...account,
    credentialsFrozenUntil: Math.max(holdUntil, account.credentialsFrozenUntil ?? 0),
  }),
} as const satisfies Readonly<Record<string, Change>>

export type LockAction = keyof typeof CHANGES

export function isLockAction(text: string): text is LockAction {
  return Object.hasOwn(CHANGES, text)
}

export function createOwnDesk(store: Store, now: () => number): Desk {
  return (action, accountId, lock) => {
    const change: Change = CHANGES[action]
    return store.update(accountId, now(), (account) => ({
      account: change(account, lock, now()),
      result: undefined,
    }))
  }
}

export type LockRoom = {
  readonly ports: ExchangePorts
  readonly store: Store
  readonly lockline: Pick<Lockline, 'reportActions'>
  readonly desk: Desk
}

/** Lockline waits five seconds for an answer. */
const PATIENCE_MS = 2_000
const AGAIN_AFTER_MS = 5_000

/** Stores the lock and does what it asks. The answer is for the callback: what is in neither list is still running. */
export async function takeLock(
  room: LockRoom,
  accountId: string,
  lock: Omit<KnownLock, 'actions'>,
  asked: readonly string[],
): Promise<ActionReport> {
  const { ports, store } = room
  const open = Object.fromEntries(asked.map((action) => [action, 'open'] as const))
  const stored: KnownLock = { ...lock, actions: open }
  const dueAt = ports.now() + AGAIN_AFTER_MS
  // With its job at once: should this process die, what is not done is done by another.
  const job = { kind: 'lock', id: `lock.${lock.id}`, dueAt, accountId, lockId: lock.id } as const
  await store.update(accountId, ports.now(), (account) => ({
    account: withLock(account, stored),
    jobs: [job],
    result: undefined,
  }))
  await doActions(room, accountId, stored)
  const report = await reportOf(room, accountId, lock.id)
  if (report.done.length === asked.length) await store.removeJob(job.id)
  return report
}

/** The same lock again is done again: somebody may have signed in since. */
function withLock(account: Account, lock: KnownLock): Account {
  const others = account.locks.filter(({ id }) => id !== lock.id)
  return { ...account, locks: kept([...others, lock], () => true) }
}

/** The job of a lock: does what is not done, and tells Lockline of all that is. */
export async function finishLock(
  room: LockRoom,
  { accountId, lockId }: { readonly accountId: string; readonly lockId: string },
): Promise<Verdict> {
  const account = await room.store.read(accountId)
  const lock = account.locks.find(({ id }) => id === lockId)
  if (lock === undefined) return { kind: 'given_up', why: 'no such lock' }
  await doActions(room, accountId, lock)
  const report = await reportOf(room, accountId, lockId)
  const isAllDone = report.done.length === Object.keys(lock.actions).length
  const told = await room.lockline.reportActions(accountId, lockId, report)
  // Done it shall be, whether Lockline takes the report or not.
  if (!isAllDone) return { kind: 'later', why: 'not all is done' }
  if (told.kind === 'refused') return { kind: 'given_up', why: `${told.status} ${told.code}` }
  return told.kind === 'taken' ? { kind: 'done' } : { kind: 'later', why: told.why }
}

/** Side by side, none waiting for another, until the patience is over; what goes on longer notes its own end. */
async function doActions(room: LockRoom, accountId: string, lock: KnownLock): Promise<void> {
  const { ports, desk } = room
  const acts = Object.entries(lock.actions)
    .filter(([, state]) => state !== 'done')
    .map(async ([action]) => {
      try {
        if (!isLockAction(action)) throw new Error('this exchange cannot do it')
        await desk(action, accountId, lock)
        await noteAction(room, accountId, lock.id, action, 'done')
      } catch (error) {
        const why = error instanceof Error ? error.message : 'failed'
        ports.log('lock.action_failed', { account_id: accountId, lock_id: lock.id, action, why })
        await noteAction(room, accountId, lock.id, action, 'failed')
      }
    })
  const { promise: patience, resolve } = Promise.withResolvers<void>()
  const cancel = ports.after(PATIENCE_MS, resolve)
  await Promise.race([Promise.all(acts), patience])
  cancel()
}

function noteAction(
  { store, ports }: LockRoom,
  accountId: string,
  lockId: string,
  action: string,
  state: 'done' | 'failed',
): Promise<void> {
  return store.update(accountId, ports.now(), (account) => ({
    account: {
      ...account,
      locks: account.locks.map((lock) =>
        lock.id === lockId && lock.actions[action] !== 'done'
          ? { ...lock, actions: { ...lock.actions, [action]: state } }
          : lock,
      ),
    },
    result: undefined,
  }))
}

async function reportOf(
  { store }: LockRoom,
  accountId: string,
  lockId: string,
): Promise<ActionReport> {
  const { locks } = await store.read(accountId)
  const states = Object.entries(locks.find(({ id }) => id === lockId)?.actions ?? {})
  const inState = (wanted: string) =>
    states.filter(([, state]) => state === wanted).map(([action]) => action)
  return { done: inState('done'), failed: inState('failed') }
}
