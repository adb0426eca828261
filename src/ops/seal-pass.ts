// The decisions of the walk through what is sealed: when a pass begins, what it adds up, what is left of a key. Pure.

import type { HeldUse } from '../lib/reseal.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/time.ts'

/** Use → values that one key holds. */
export type HeldCounts = { readonly [Use in HeldUse]?: number }

/** Of a pass, or of one page of it. */
export type PassCounts = {
  /** By the name of the key; the empty name for values without one. */
  readonly held: Readonly<Record<string, HeldCounts>>
  /** Values that were sealed anew. */
  readonly resealed: number
  readonly alerts: number
  readonly unrecognised: number
}

export const NO_COUNTS: PassCounts = { held: {}, resealed: 0, alerts: 0, unrecognised: 0 }

export type Pass = {
  readonly keyNames: readonly string[]
  readonly startedAt: number
  readonly finishedAt: number | null
  readonly outstanding: number
}

/**
 * While two versions with different lists run beside each other, one of them walks, and not both in turn. Also how long
 * isolates with the former list may still be sealing.
 */
export const HANDOVER_MS = 15 * MINUTE_MS

/** A pass costs reads, no more, once all is sealed anew. Until an older key is dropped, it is looked for again and again. */
const RESTLESS_MS = HOUR_MS
const IDLE_MS = 7 * DAY_MS

/** What the minute's walk is to do, with the keys of the setting. */
export function nextOf(
  pass: Pass | null,
  keyNames: readonly string[],
  now: number,
): 'begin' | 'go_on' | 'rest' {
  if (pass === null) return 'begin'
  const ageMs = now - pass.startedAt
  const isSame = pass.keyNames.join() === keyNames.join()
  if (pass.finishedAt === null) {
    if (isSame) return 'go_on'
    return ageMs < HANDOVER_MS ? 'rest' : 'begin'
  }
  if (!isSame) return 'begin'
  const restMs = keyNames.length > 1 || pass.outstanding > 0 ? RESTLESS_MS : IDLE_MS
  return ageMs < restMs ? 'rest' : 'begin'
}

/** Both together. */
export function addCounts(one: PassCounts, other: PassCounts): PassCounts {
  const names = new Set([...Object.keys(one.held), ...Object.keys(other.held)])
  const held = [...names].map((name) => [name, addHeld(one.held[name], other.held[name])])
  return {
    held: Object.fromEntries(held),
    resealed: one.resealed + other.resealed,
    alerts: one.alerts + other.alerts,
    unrecognised: one.unrecognised + other.unrecognised,
  }
}

/** Of one key, both together. */
export function addHeld(one: HeldCounts = {}, other: HeldCounts = {}): HeldCounts {
  const uses = new Set([...Object.keys(one), ...Object.keys(other)])
  const countOf = (counts: Readonly<Record<string, number>>, use: string) => counts[use] ?? 0
  return Object.fromEntries([...uses].map((use) => [use, countOf(one, use) + countOf(other, use)]))
}

/**
 * How many values keep a key from being dropped. Marks do not: what is left of them belongs to devices that have not come
 * back, and they can be rewritten by nobody else.
 */
export function keptBy(held: HeldCounts): number {
  const { 'login-mark': _, ...sealed } = held
  return Object.values(sealed).reduce((total, count) => total + count, 0)
}

/** Of a whole pass: sealed values that the current key does not hold. */
export function outstandingOf({ held }: PassCounts, currentName: string): number {
  return Object.entries(held).reduce(
    (total, [name, counts]) => (name === currentName ? total : total + keptBy(counts)),
    0,
  )
}

/** References in receipt URLs: one for each call to a provider, copies and notices included. Seldom more than this. */
const REFS_PER_ALERT = 2

/** What the busiest use of the current key has sealed since the pass before. */
export function sealsSince(counts: PassCounts, alertsBefore: number): number {
  return Math.max(0, counts.alerts - alertsBefore) * REFS_PER_ALERT + counts.resealed
}
