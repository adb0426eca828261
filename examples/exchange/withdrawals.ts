// Whether a pending withdrawal goes out: Lockline is asked each time, and without a clear "not held" it stays. The decision
// is pure; between the question and the deed a lock may have come, so the account is looked at once more when it is done.

import type { Account, KnownHold, Passkey, Withdrawal } from './account.ts'
import type { Verdict } from './job.ts'
import type { HoldAnswer, Lockline } from './lockline-client.ts'
import type { ExchangePorts } from './ports.ts'
import type { Store } from './store.ts'

/**
 * `told`: what Lockline answers counts, and a `hold.lifted` ends a hold here too. `signed`: of an owner who has a
 * passkey, a hold ends early only by a lift that it signed, whatever Lockline answers.
 */
export type LiftPolicy = 'told' | 'signed'

export type Release =
  | { readonly kind: 'out' }
  | { readonly kind: 'waits'; readonly why: string; readonly untilAt: number | null }
  | { readonly kind: 'over' }

/** Old enough is a passkey that was there before the trouble: a thief's own is not (Lockline's own rule). */
const PASSKEY_AGE_MS = 72 * 3_600_000

/** The owner's passkeys that may sign this hold away. */
export function passkeysFor(account: Account, hold: KnownHold): readonly Passkey[] {
  return account.passkeys.filter(({ learntAt }) => learntAt <= hold.learntAt - PASSKEY_AGE_MS)
}

/** Whether nothing but a signed lift may end this hold. */
export function needsSignature(policy: LiftPolicy, account: Account, hold: KnownHold): boolean {
  return policy === 'signed' && passkeysFor(account, hold).length > 0
}

/** What happened before the withdrawal has not reached Lockline, so that it cannot know whether anything holds. */
type Untold = { readonly kind: 'untold' }

/** `askedAt`: when the question was put; what began later is not in the answer. */
export function decideRelease(
  account: Account,
  withdrawal: Withdrawal,
  asked: { readonly answer: HoldAnswer | Untold; readonly askedAt: number },
  policy: LiftPolicy,
  now: number,
): Release {
  if (withdrawal.state !== 'pending') return { kind: 'over' }
  const { answer, askedAt } = asked
  if (answer.kind === 'held') {
    const untilAt = answer.until === null ? null : Date.parse(answer.until)
    return { kind: 'waits', why: `held: ${answer.reason}`, untilAt }
  }
  if (answer.kind === 'untold') return waits('Lockline has not heard of all yet')
  if (answer.kind === 'unanswered') return waits(`no answer: ${answer.why}`)
  if (answer.kind === 'unknown_account') return waits('Lockline does not know this account')
  const address = account.addresses.find(({ id }) => id === withdrawal.addressId)
  if (address?.state !== 'usable') return waits('its address is frozen')
  const hold = account.holds.find(
    (one) => one.until > now && (one.learntAt >= askedAt || needsSignature(policy, account, one)),
  )
  if (hold !== undefined) {
    return { kind: 'waits', why: `held here: ${hold.reason}`, untilAt: hold.until }
  }
  return { kind: 'out' }
}

const waits = (why: string): Release => ({ kind: 'waits', why, untilAt: null })

/** While it waits, it is asked again: a lift that nobody told of is noticed by it. */
const ASK_AGAIN_MS = 60_000
/** Lockline was away. */
const ASK_SOON_MS = 5_000

/** An event is on its way, mostly for a moment. */
const TOLD_SOON_MS = 1_000

/** The job of a withdrawal. */
export async function releaseWithdrawal(
  room: {
    readonly ports: ExchangePorts
    readonly store: Store
    readonly lockline: Pick<Lockline, 'askHold'>
    readonly liftPolicy: LiftPolicy
    readonly askAgainMs?: number
  },
  { accountId, withdrawalId }: { readonly accountId: string; readonly withdrawalId: string },
): Promise<Verdict> {
  const { ports, store, lockline, liftPolicy, askAgainMs = ASK_AGAIN_MS } = room
  const askedAt = ports.now()
  // First told, then asked: a thief is faster than an outbox that Lockline kept waiting.
  const isUntold = await store.isHoldUntold(accountId)
  const answer = isUntold ? ({ kind: 'untold' } as const) : await lockline.askHold(accountId)
  const now = ports.now()
  const release = await store.update(accountId, now, (account) => {
    const withdrawal = account.withdrawals.find(({ id }) => id === withdrawalId)
    if (withdrawal === undefined) return { account, result: { kind: 'over' } as const }
    const result = decideRelease(account, withdrawal, { answer, askedAt }, liftPolicy, now)
    return { account: withRelease(account, withdrawalId, result, now), result }
  })
  if (release.kind !== 'waits') return { kind: 'done' }
  const { why, untilAt } = release
  if (answer.kind === 'untold') return { kind: 'later', why, afterMs: TOLD_SOON_MS }
  if (answer.kind === 'unanswered') return { kind: 'later', why, afterMs: ASK_SOON_MS }
  const leftMs = untilAt === null ? askAgainMs : untilAt - now
  return { kind: 'later', why, afterMs: Math.max(1_000, Math.min(askAgainMs, leftMs)) }
}

function withRelease(account: Account, id: string, release: Release, now: number): Account {
  if (release.kind === 'over') return account
  const change =
    release.kind === 'out'
      ? ({ state: 'sent', waitsFor: null, settledAt: now } as const)
      : { waitsFor: release.why }
  const withdrawals = account.withdrawals.map((one) =>
    one.id === id ? { ...one, ...change } : one,
  )
  return { ...account, withdrawals }
}
