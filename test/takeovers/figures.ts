// What the takeovers came to, counted. Pure.

import {
  GUISES,
  type Guise,
  OCCASIONS,
  type Occasion,
  OWNERS,
  type OwnerKind,
  THIEVES,
  type ThiefKind,
} from './assumptions.ts'
import type { OwnWithdrawal } from './own-withdrawal.ts'
import type { Policy } from './policies.ts'
import type { Takeover } from './takeover.ts'
import { TRIALS, type Trial, type TrialKind } from './trials.ts'

export type Lost = {
  readonly thefts: number
  /** Gone while the hours of cooling-off had still to run; without them, gone at all. */
  readonly within: number
  readonly later: number
}

export type OwnFigures = {
  readonly withdrawals: number
  readonly held: number
  /** From the login until the money was out, of those held, in order. */
  readonly heldMs: readonly number[]
  readonly releasedMs: readonly number[]
  readonly mostTaps: number
}

export type Figures = {
  readonly policy: Policy
  /** Of thieves whose address is new to the exchange. */
  readonly byThief: Readonly<Record<ThiefKind, Lost>>
  /** Of the first four. */
  readonly byGuise: Readonly<Record<Guise, Lost>>
  /** Of owners who act, and whom the thief cannot keep from seeing a text: of thieves 1 and 2. */
  readonly byOwner: Readonly<Record<OwnerKind, Lost>>
  /** Of the insider, where the owner has a passkey, and where not. */
  readonly insider: { readonly withPasskey: Lost; readonly without: Lost }
  /** Of the first four, with a new address, and an owner who does nothing. */
  readonly silent: Lost
  readonly locks: {
    readonly count: number
    readonly clean: number
    readonly slowestMs: number
  }
  readonly own: Readonly<Record<Occasion, OwnFigures>>
  /** From the act by which he wanted the money. */
  readonly trials: Readonly<Record<TrialKind, Lost>>
}

/** Against whom the rules are made: they know and see what they can, and have none of the owner's proofs. */
export const COVERED: readonly ThiefKind[] = ['password', 'session', 'sms', 'sim']

const SEEN: readonly ThiefKind[] = ['password', 'session']

export function countFigures(
  policy: Policy,
  takeovers: readonly Takeover[],
  own: readonly OwnWithdrawal[],
  trials: readonly Trial[],
): Figures {
  const lost = (some: readonly WhenLost[]) => countLost(some, policy.coolingOffHours)
  const toNew = takeovers.filter(({ guise }) => guise !== 'owners_address')
  const covered = takeovers.filter(({ thief }) => COVERED.includes(thief))
  const isCovered = ({ thief, isActing }: Takeover) => COVERED.includes(thief) && !isActing
  const told = toNew.filter(({ thief, isActing }) => isActing && SEEN.includes(thief))
  const insider = toNew.filter(({ thief }) => thief === 'insider')
  const locks = takeovers.flatMap(({ lock }) => (lock === null ? [] : [lock]))
  return {
    policy,
    byThief: recordOf(THIEVES, (kind) => lost(toNew.filter(({ thief }) => thief === kind))),
    byGuise: recordOf(GUISES, (kind) => lost(covered.filter(({ guise }) => guise === kind))),
    byOwner: recordOf(OWNERS, (kind) => lost(told.filter(({ owner }) => owner === kind))),
    insider: {
      withPasskey: lost(insider.filter(({ hasPasskey }) => hasPasskey)),
      without: lost(insider.filter(({ hasPasskey }) => !hasPasskey)),
    },
    silent: lost(toNew.filter(isCovered)),
    locks: {
      count: locks.length,
      clean: locks.filter(({ footholdsLeft }) => footholdsLeft === 0).length,
      slowestMs: Math.max(0, ...locks.map(({ goneAfterMs }) => goneAfterMs)),
    },
    own: recordOf(OCCASIONS, (kind) => countOwn(own.filter(({ occasion }) => occasion === kind))),
    trials: recordOf(TRIALS, (kind) => lost(trials.filter((trial) => trial.kind === kind))),
  }
}

const HOUR_MS = 3_600_000

type WhenLost = Pick<Takeover, 'lostAfterMs'>

export function countLost(takeovers: readonly WhenLost[], coolingOffHours: number): Lost {
  const withinMs = coolingOffHours === 0 ? Number.POSITIVE_INFINITY : coolingOffHours * HOUR_MS
  const lost = takeovers.flatMap(({ lostAfterMs }) => (lostAfterMs === null ? [] : [lostAfterMs]))
  const within = lost.filter((afterMs) => afterMs < withinMs).length
  return { thefts: takeovers.length, within, later: lost.length - within }
}

function countOwn(own: readonly OwnWithdrawal[]): OwnFigures {
  const held = own.filter(({ isHeld }) => isHeld)
  const sorted = (some: readonly OwnWithdrawal[]) =>
    some.map(({ outAfterMs }) => outAfterMs).sort((a, b) => a - b)
  return {
    withdrawals: own.length,
    held: held.length,
    heldMs: sorted(held.filter(({ taps }) => taps === 0)),
    releasedMs: sorted(held.filter(({ taps }) => taps > 0)),
    mostTaps: Math.max(0, ...own.map(({ taps }) => taps)),
  }
}

function recordOf<Key extends string, Value>(
  keys: readonly Key[],
  figureOf: (key: Key) => Value,
): Readonly<Record<Key, Value>> {
  return Object.fromEntries(keys.map((key) => [key, figureOf(key)])) as Record<Key, Value>
}
