// In which order the providers of a route are asked for one text: trust, pin, slowness, weights. Adds and drops nobody:
// whoever is distrusted is asked last, never not at all.

import type { ProviderName } from '../sms/registry.ts'
import { type BreakerBoard, type Distrust, distrust, takeProbe } from './breaker-board.ts'
import { handFacts } from './hand-orders.ts'
import { isMute } from './mute-provider.ts'
import { breakerScopes } from './note-outcome.ts'
import type { RouteStep } from './route.ts'
import { keptPercent } from './route-memory.ts'
import { livePoints, restingPoints } from './route-points.ts'
import { settingFor } from './route-settings.ts'
import type { RoutingContext } from './routing-context.ts'
import { slowProviders, slowScope } from './slow-provider.ts'

export type OrderFacts = {
  /** Points of 100 per step, in the order of the route. */
  readonly points: readonly number[]
  /** What learning left each step of its points at rest; below 100 it is not to be trusted now. */
  readonly keptPercents: readonly number[]
  readonly slow: ReadonlySet<ProviderName>
  /** What the board holds against each step; who is not in it is trusted. */
  readonly distrusted: ReadonlyMap<ProviderName, Distrust>
  /** Convicted or slow until now, and to be tried by this text. */
  readonly probe: ProviderName | null
  /** The operator's word: nothing but distrust moves it from the first place. */
  readonly pin: ProviderName | null
  /** From 0 up to 1, the same whenever this text is ordered. */
  readonly draw: number
  /** Asked after everybody else, by the operator's word of this hour. */
  readonly resting: ReadonlySet<ProviderName>
}

/** The same steps: first as drawn by weight, then the unlowered by weight, then by preference; all that by trust. */
export function orderRoute(route: readonly RouteStep[], facts: OrderFacts): readonly RouteStep[] {
  const ranked = route.map((step, index) => ({
    step,
    points: facts.points[index] ?? 0,
    isLowered: (facts.keptPercents[index] ?? 100) < 100,
  }))
  const first = ranked[drawIndex(facts.points, facts.draw)]
  const rest = ranked
    .filter((entry) => entry !== first)
    .sort((a, b) => Number(a.isLowered) - Number(b.isLowered) || b.points - a.points)
  const steps = [...(first ? [first] : []), ...rest].map(({ step }) => step)

  const isSlow = ({ provider }: RouteStep) => facts.slow.has(provider.name)
  // Where all are slow, both parts keep their order and one of them is empty.
  const byPace = [...steps.filter((step) => !isSlow(step)), ...steps.filter(isSlow)]
  const heldAgainst = ({ provider }: RouteStep) => facts.distrusted.get(provider.name) ?? 0
  const byTrust = toFront(byPace, facts.pin).sort((a, b) => heldAgainst(a) - heldAgainst(b))
  const isResting = ({ provider }: RouteStep) => facts.resting.has(provider.name)
  const probed = toFront(byTrust, facts.probe)
  return [...probed.filter((step) => !isResting(step)), ...probed.filter(isResting)]
}

/** The same steps, that of `name` first if it is among them. */
export function toFront(steps: readonly RouteStep[], name: ProviderName | null): RouteStep[] {
  const isNamed = ({ provider }: RouteStep) => provider.name === name
  return [...steps.filter(isNamed), ...steps.filter((step) => !isNamed(step))]
}

function drawIndex(points: readonly number[], draw: number): number {
  let left = draw * points.reduce((total, point) => total + point, 0)
  for (const [index, point] of points.entries()) {
    if (left < point) return index
    left -= point
  }
  // Only rounding comes here.
  return points.findLastIndex((point) => point > 0)
}

/**
 * From 0 up to 1, evenly spread over ids and always the same for one: FNV-1a in 32 bits, and the last
 * mixing step of MurmurHash3, without which ids that differ in their last character lie close together.
 */
export function drawOf(id: string): number {
  let hash = 0x811c9dc5
  for (const character of id) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** The route of one text as settings, learning and the isolate's board have it now. */
export function orderForText(
  context: RoutingContext,
  route: readonly RouteStep[],
  text: { readonly id: string; readonly country: string },
): readonly RouteStep[] {
  const { config, breakers, routing } = context
  const now = context.now()
  const names = route.map(({ provider }) => provider.name)
  const keptPercents = names.map((name) => keptPercent(routing, name, text.country))
  const resting = restingPoints(names, config.weights, text.country)
  const hand = handFacts(routing.handOrders, names, text.country, now)
  const set = names.find((name) => name === settingFor(config.pins, text.country)) ?? null
  const pin = hand.pin ?? set
  // A pinned route would use up another's probe without a call, and so would one that is asked last.
  const candidates = (pin === null ? names : [pin]).filter((name) => !hand.resting.has(name))
  const heldAgainst = (name: ProviderName) =>
    distrustOf(breakers, name, text.country, now) || (isMute(routing.underWay, name, now) ? 1 : 0)
  return orderRoute(route, {
    points: livePoints(resting, keptPercents),
    keptPercents,
    slow: slowProviders(breakers, names, now),
    distrusted: new Map(names.map((name) => [name, heldAgainst(name)])),
    probe: candidates.find((name) => takesProbe(breakers, name, text.country, now)) ?? null,
    pin,
    draw: drawOf(text.id),
    resting: hand.resting,
  })
}

/** What is held against `provider`, for a number of `country`. */
export function distrustOf(
  board: BreakerBoard,
  provider: string,
  country: string,
  now: number,
): Distrust {
  return distrust(board, breakerScopes(provider, country), now)
}

function takesProbe(board: BreakerBoard, name: string, country: string, now: number): boolean {
  return (
    takeProbe(board, breakerScopes(name, country), now) || takeProbe(board, [slowScope(name)], now)
  )
}
