// Hours of routing in fake time: alerts, isolates with their buffers, the minute's decision. Providers
// are functions of the minute; all chance is drawn from names, so every run is the same.

import type { ReceiptQuality } from '../../../src/country/sender-rules.ts'
import { MINUTE_MS } from '../../../src/lib/time.ts'
import {
  decideWeights,
  type LearningFacts,
  type RouteWeight,
} from '../../../src/routing/decide-weights.ts'
import { drawOf, orderRoute } from '../../../src/routing/order-route.ts'
import {
  createRouteMemory,
  keptPercent,
  refreshWeights,
} from '../../../src/routing/route-memory.ts'
import { livePoints, restingPoints } from '../../../src/routing/route-points.ts'
import { noteSample, type SampleKind, takeSamples } from '../../../src/routing/route-samples.ts'
import type { RestingWeights } from '../../../src/routing/route-settings.ts'
import type { ProviderName } from '../../../src/sms/registry.ts'
import { aProvider, NOW, routeOf } from '../deliver/fixtures.ts'

/** What a call and its receipt come to; `receipt` null where none is reported. */
export type Fate = {
  readonly call: 'ok' | 'slow' | 'fault'
  readonly receipt: 'delivered' | 'late' | 'failed' | 'missing' | null
}

export const FINE: Fate = { call: 'ok', receipt: 'delivered' }
export const FAULTY: Fate = { call: 'fault', receipt: null }
export const SLOW: Fate = { call: 'slow', receipt: 'delivered' }
export const LOST: Fate = { call: 'ok', receipt: 'failed' }
export const SILENT: Fate = { call: 'ok', receipt: 'missing' }

/** `chance` is from 0 up to 1, evenly. */
export type Behaviour = (minute: number, country: string, chance: number) => Fate

export const fine: Behaviour = () => FINE

/** `fate` from one minute to another, and for a part of the calls only, if wanted. */
export function during(fromMinute: number, toMinute: number, fate: Fate, part = 1): Behaviour {
  return (minute, _country, chance) =>
    minute >= fromMinute && minute < toMinute && chance < part ? fate : FINE
}

export type WorldOptions = {
  readonly providers: Readonly<Partial<Record<ProviderName, Behaviour>>>
  readonly perMinute: number
  readonly minutes: number
  readonly countries?: readonly string[]
  readonly resting?: RestingWeights
  readonly pin?: ProviderName
  readonly receiptSource?: ReceiptQuality
}

export type Change = {
  readonly minute: number
  readonly scope: string
  readonly from: number
  readonly to: number
}

export type Story = {
  readonly changes: readonly Change[]
  readonly rowsWritten: number
  readonly weights: readonly RouteWeight[]
  /** Part of the alerts of these minutes (and country) that asked `provider` first, from 0 to 1. */
  readonly part: (
    provider: ProviderName,
    fromMinute: number,
    toMinute: number,
    country?: string,
  ) => number
  /** Of one provider; from 0 to 100, the least point total and the greatest that any alert saw. */
  readonly totals: { readonly least: number; readonly most: number }
}

const ISOLATES = 3

export function runWorld(options: WorldOptions): Story {
  const { providers, perMinute, minutes, countries = ['US'], receiptSource = 'handset' } = options
  const names = Object.entries(providers).map(([name]) => name as ProviderName)
  const route = routeOf(names.map((name) => aProvider(name)))
  const isolates = Array.from({ length: ISOLATES }, createRouteMemory)
  let stored: LearningFacts['cells'] = []
  let weights: readonly RouteWeight[] = []
  let rowsWritten = 0
  const changes: Change[] = []
  const firsts: { minute: number; country: string; provider: ProviderName }[] = []
  const totals = { least: 100, most: 100 }

  function send(alert: number, now: number, minute: number): void {
    const memory = isolates[alert % ISOLATES] ?? createRouteMemory()
    refreshWeights(memory, weights)
    const country = countries[Math.floor(alert / ISOLATES) % countries.length] ?? 'US'
    const keptPercents = names.map((name) => keptPercent(memory, name, country))
    const resting = restingPoints(names, options.resting ?? new Map(), country)
    const points = livePoints(resting, keptPercents)
    const total = points.reduce((sum, point) => sum + point, 0)
    totals.least = Math.min(totals.least, total)
    totals.most = Math.max(totals.most, total)
    const facts = {
      points,
      keptPercents,
      slow: new Set<never>(),
      distrusted: new Map<never, never>(),
      probe: null,
      resting: new Set<never>(),
    }
    const draw = drawOf(`alert ${alert}`)
    const order = orderRoute(route, { ...facts, pin: options.pin ?? null, draw })
    for (const [index, { provider }] of order.entries()) {
      if (index === 0) firsts.push({ minute, country, provider: provider.name })
      const chance = drawOf(`fate ${alert} ${provider.name}`)
      const fate = providers[provider.name]?.(minute, country, chance) ?? FINE
      const isWatched = keptPercent(memory, provider.name, country) < 100
      const note = (kind: SampleKind) =>
        noteSample(
          memory.samples,
          { provider: provider.name, country, calledAt: now, kind },
          isWatched,
        )
      note(fate.call)
      if (fate.receipt !== null) note(fate.receipt)
      if (fate.call !== 'fault') break
    }
    const cells = takeSamples(memory.samples, now)
    if (cells.length > 0) rowsWritten += 1
    stored = [...stored, ...cells]
  }

  for (let minute = 0; minute < minutes; minute += 1) {
    const startAt = NOW + minute * MINUTE_MS
    for (let count = 0; count < perMinute; count += 1) {
      const now = startAt + Math.floor((count * MINUTE_MS) / perMinute)
      send(minute * perMinute + count, now, minute)
    }
    const now = startAt + MINUTE_MS
    stored = stored.filter((cell) => cell.minuteAt >= now - 20 * MINUTE_MS)
    const facts = { now, providers: names, cells: stored, weights }
    for (const step of decideWeights({ ...facts, receiptSource: () => receiptSource })) {
      rowsWritten += 1
      const scope = step.kind === 'set' ? step.weight.scope : step.scope
      weights = weights.filter((row) => row.scope !== scope)
      if (step.kind === 'forget') continue
      weights = [...weights, step.weight]
      const { keptPercent: to } = step.weight
      if (to !== step.previousPercent)
        changes.push({ minute, scope, from: step.previousPercent, to })
    }
  }
  return {
    changes,
    rowsWritten,
    weights,
    totals,
    part: (provider, fromMinute, toMinute, country) => {
      const those = firsts.filter(
        (first) =>
          first.minute >= fromMinute &&
          first.minute < toMinute &&
          (country === undefined || first.country === country),
      )
      return those.filter((first) => first.provider === provider).length / those.length
    },
  }
}
