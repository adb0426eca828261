// What one call is to the isolate's memory: how long it may be silent, whether another may be asked beside it, and what
// its end says of its provider.

import type { Ports } from '../lib/ports.ts'
import type { CallResult } from './failover.ts'
import {
  earnHedge,
  hedgeMs,
  noteAnswer,
  noteHeard,
  noteSilent,
  silentCalls,
  spendHedge,
} from './hedge.ts'
import { noteCalled, noteEnded } from './mute-provider.ts'
import { noteOutcome, noteSilence } from './note-outcome.ts'
import { distrustOf } from './order-route.ts'
import type { RouteStep } from './route.ts'
import { keptPercent } from './route-memory.ts'
import { callSampleKind, noteSample } from './route-samples.ts'
import type { RoutingContext } from './routing-context.ts'
import { noteLatency, slowFromMs, slowProviders } from './slow-provider.ts'

type CallContext = Pick<RoutingContext, 'breakers' | 'routing'> &
  Pick<Ports, 'now'> & { readonly config: { readonly attemptTimeoutMs: number } }

export function hedgeMsFor(
  { routing, config }: CallContext,
  provider: string,
  country: string,
): number {
  return hedgeMs(routing.hedges, { provider, country }, config.attemptTimeoutMs)
}

export type SilentCall = {
  readonly provider: string
  readonly country: string
  readonly startedAt: number
}

/** A provider that hangs shows by more than one call. */
const SILENT_CALLS_LIFT = 2

/**
 * Notes that a call is silent, and says whether `next` may be asked beside it. The budget does not bind where the silent
 * one is distrusted or other calls of it are silent too, unless the same is to be expected of `next`.
 */
export function mayHedge(
  { breakers, routing, now, config }: CallContext,
  call: SilentCall,
  next: RouteStep | null,
): boolean {
  const { provider, country, startedAt } = call
  const { hedges } = routing
  const isDistrusted = distrustOf(breakers, provider, country, now()) > 0
  noteSilent(hedges, provider, startedAt + config.attemptTimeoutMs)
  noteSilence(breakers, call, now())
  if (!next) return false
  const nextName = next.provider.name
  const isNextQuick =
    silentCalls(hedges, nextName, now()) === 0 &&
    !slowProviders(breakers, [nextName], now()).has(nextName)
  const isPlain = isDistrusted || silentCalls(hedges, provider, now()) >= SILENT_CALLS_LIFT
  return spendHedge(hedges, isPlain && isNextQuick)
}

/** A call begins; `noteCall` is its end. */
export function noteStart(
  { routing, config }: CallContext,
  call: { readonly provider: string; readonly startedAt: number },
): void {
  noteCalled(routing.underWay, call, config.attemptTimeoutMs)
}

/** What one call says of its provider: faults and slowness at once, the rest as a sample. */
export function noteCall(context: CallContext, call: CallResult): void {
  const { breakers, routing, config } = context
  const now = context.now()
  const { outcome, durationMs, country, startedAt } = call
  const provider = call.provider.name
  const slowMs = slowFromMs(config.attemptTimeoutMs)
  earnHedge(routing.hedges)
  noteHeard(routing.hedges, provider, startedAt + config.attemptTimeoutMs)
  const isHeard = outcome.class !== 'ambiguous'
  noteEnded(routing.underWay, { provider, startedAt, isHeard }, now)
  const kind = callSampleKind(outcome, durationMs, slowMs)
  if (kind !== null) {
    const sample = { provider, country, calledAt: startedAt, kind }
    noteSample(routing.samples, sample, keptPercent(routing, provider, country) < 100)
  }
  noteOutcome(breakers, { provider, country, startedAt, outcome }, now)
  if (outcome.class !== 'accepted') return
  noteAnswer(routing.hedges, { provider, country }, durationMs)
  noteLatency(breakers, { provider, startedAt, durationMs, slowFromMs: slowMs }, now)
}
