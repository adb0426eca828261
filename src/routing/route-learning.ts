// The SQL of learning, and its step of the minute: read samples and weights, decide, write what changed.
// Both tables are empty in good times, or nearly so.

import { eq, gte, lt } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import { decideWeights, type WeightStep } from './decide-weights.ts'
import { receiptSource } from './receipt-source.ts'
import { insertSamplesStatement, samplesNotes } from './route-notes.ts'
import { EVIDENCE_MS, type SampleCell, takeAllSamples, takeSamples } from './route-samples.ts'
import type { RoutingContext } from './routing-context.ts'
import { routeSamples, routeWeights } from './tables.ts'

/** Read in every claim's batch. */
export function readWeightsStatement(db: Db) {
  return db
    .select({ scope: routeWeights.scope, keptPercent: routeWeights.keptPercent })
    .from(routeWeights)
}

/**
 * Stores what receipts have gathered, when it is due. Evidence is never worth failing for: what cannot
 * be stored is let go.
 */
export async function flushSamples(context: RoutingContext): Promise<void> {
  const now = context.now()
  await insertSamples(context, takeSamples(context.routing.samples, now), now)
}

async function insertSamples(
  context: RoutingContext,
  cells: readonly SampleCell[],
  now: number,
): Promise<void> {
  try {
    for (const note of samplesNotes(context.randomBytes, cells, now)) {
      await insertSamplesStatement(context.db, note)
    }
  } catch (error) {
    logError('job.failed', { kind: 'samples', ...errorFields(error) })
  }
}

/** Once a minute; returns how many weights moved. Old samples go in the same batch. */
export async function learnRoutes(context: RoutingContext): Promise<number> {
  const { db, config } = context
  const now = context.now()
  const { samples: buffer } = context.routing
  // What the sweep has just missed must be judged now; good news can wait.
  if (buffer.isUrgent) await insertSamples(context, takeAllSamples(buffer, now), now)
  const oldestAt = now - EVIDENCE_MS
  const [, samples, weights] = await db.batch([
    db.delete(routeSamples).where(lt(routeSamples.flushedAt, oldestAt)),
    db.select().from(routeSamples).where(gte(routeSamples.flushedAt, oldestAt)),
    db.select().from(routeWeights),
  ])
  const steps = decideWeights({
    now,
    providers: config.providers.map((provider) => provider.name),
    cells: samples.flatMap((row) => row.cells),
    weights,
    receiptSource,
  })
  const [first, ...rest] = steps.map((step) => weightStatement(db, step))
  if (first) await db.batch([first, ...rest])
  return steps.filter(logChange).length
}

function weightStatement(db: Db, step: WeightStep) {
  if (step.kind === 'forget')
    return db.delete(routeWeights).where(eq(routeWeights.scope, step.scope))
  return db
    .insert(routeWeights)
    .values(step.weight)
    .onConflictDoUpdate({ target: routeWeights.scope, set: step.weight })
}

/** True, and a line for the operator, when the points of a provider really change. */
function logChange(step: WeightStep): boolean {
  if (step.kind === 'forget' || step.weight.keptPercent === step.previousPercent) return false
  const { scope, keptPercent, reason, retryAt, changedAt } = step.weight
  logInfo('route.weight_changed', {
    scope,
    from_percent: step.previousPercent,
    to_percent: keptPercent,
    reason,
    bad_percent: Math.round(step.badPercent),
    retry_ms: retryAt - changedAt,
  })
  return true
}
