// How 100 points are shared out among the providers of one route: at rest as the operator set them, and
// live, after what learning took from some. Pure; all lists are in the order of the route.

import type { ProviderName } from '../sms/registry.ts'
import { type RestingWeights, settingFor } from './route-settings.ts'

/** Points at rest, 100 in all: as set, else everything to the first of the route. */
export function restingPoints(
  names: readonly ProviderName[],
  settings: RestingWeights,
  country: string,
): readonly number[] {
  const set = settingFor(settings, country)
  const points = names.map((name) => set?.get(name) ?? 0)
  const total = sum(points)
  // Nothing is set, or only for providers that are not of this route.
  if (total === 0) return names.map((_, index) => (index === 0 ? 100 : 0))
  return points.map((point) => (point * 100) / total)
}

/**
 * Points now, 100 in all. Each provider keeps `keptPercent` of its points at rest. What is lost goes to
 * those that kept most, in proportion to their points at rest, or to the first of them in the route if
 * none of them has any. So where all are equally bad nothing moves, and nobody gains but by a loss of
 * another.
 */
export function livePoints(
  resting: readonly number[],
  keptPercents: readonly number[],
): readonly number[] {
  const kept = resting.map((points, index) => (points * (keptPercents[index] ?? 100)) / 100)
  const lost = sum(resting) - sum(kept)
  const most = Math.max(...keptPercents)
  const takers = resting.map((points, index) => (keptPercents[index] === most ? points : 0))
  const takersTotal = sum(takers)
  const firstTaker = keptPercents.indexOf(most)
  return kept.map((points, index) => {
    if (takersTotal > 0) return points + (lost * (takers[index] ?? 0)) / takersTotal
    return index === firstTaker ? points + lost : points
  })
}

function sum(points: readonly number[]): number {
  return points.reduce((total, point) => total + point, 0)
}
