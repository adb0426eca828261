// Why withdrawals may be held, and which of several reasons is told. Pure; what each hold is made by stands elsewhere.

/** The strongest first. */
export const HOLD_REASONS = ['planned', 'lock', 'activity', 'cooling_off'] as const

export type HoldReason = (typeof HOLD_REASONS)[number]

/** Those that have a row of their own; the hold of a lock stands in the account. */
export type StoredReason = Exclude<HoldReason, 'lock'>

/** What the account says of its lock. */
export type LockHold = { readonly until: number; readonly lockId: string | null }

export type Hold = {
  /** The latest end of all that run. */
  readonly until: number
  /** Of the strongest. */
  readonly reason: HoldReason
  /** Of that one; of a lock's hold, the lock's id. Null of a lock that is not known by one. */
  readonly holdId: string | null
  /** The newest lock in force, whatever else holds; null without one. */
  readonly lockId: string | null
}

/** How several holds are told as one; both as they run at the moment. Null where there is none. */
export function mergeHolds(
  lock: LockHold | null,
  stored: readonly {
    readonly reason: StoredReason
    readonly holdId: string
    readonly until: number
  }[],
): Hold | null {
  const all = [
    ...(lock ? [{ reason: 'lock' as const, holdId: lock.lockId, until: lock.until }] : []),
    ...stored,
  ]
  const strongest = HOLD_REASONS.flatMap((reason) => all.filter((hold) => hold.reason === reason))
  const [first] = strongest
  if (!first) return null
  return {
    until: Math.max(...all.map(({ until }) => until)),
    reason: first.reason,
    holdId: first.holdId,
    lockId: lock?.lockId ?? null,
  }
}
