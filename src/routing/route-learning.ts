// The SQL of learning, and its step of the minute: read samples and weights, decide, write what changed.
// Both tables are empty in good times, or nearly so.

import { eq, gte, lt } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { Db } from '../lib/db.ts'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import { closeStatements, forgetStatements, readIdleBreakersStatement } from './breakers.ts'
import { decideWeights, type WeightStep } from './decide-weights.ts'
import { receiptSource } from './receipt-source.ts'
import { insertSamplesStatement, samplesNotes } from './route-notes.ts'
import { EVIDENCE_MS, type SampleCell, takeAllSamples, takeSamples } from './route-samples.ts'
import type { RoutingContext } from './routing-context.ts'
import { routeChanges, routeSamples, routeWeights } from './tables.ts'

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

export type Learnt = {
  /** How many weights moved. */
  readonly moved: number
  /** What it was judged by: calls and receipts of the last quarter of an hour. */
  readonly cells: readonly SampleCell[]
}

/** Once a minute. Old samples go in the same batch. */
export async function learnRoutes(context: RoutingContext): Promise<Learnt> {
  const { db, config } = context
  const now = context.now()
  const { samples: buffer } = context.routing
  // What the sweep has just missed must be judged now; good news can wait.
  if (buffer.isUrgent) await insertSamples(context, takeAllSamples(buffer, now), now)
  const oldestAt = now - EVIDENCE_MS
  const [samples, weights, idle] = await db.batch([
    db.select().from(routeSamples).where(gte(routeSamples.flushedAt, oldestAt)),
    db.select().from(routeWeights),
    readIdleBreakersStatement(db, now),
    db.delete(routeSamples).where(lt(routeSamples.flushedAt, oldestAt)),
    ...forgetStatements(db, now),
  ])
  for (const breaker of idle) await closeIdle(db, breaker, now)
  const cells = samples.flatMap((row) => row.cells)
  const steps = decideWeights({
    now,
    providers: config.providers.map((provider) => provider.name),
    cells,
    weights,
    receiptSource,
  })
  const [first, ...rest] = steps.flatMap((step) => weightStatements(db, step))
  if (first) await db.batch([first, ...rest])
  return { moved: steps.filter(logChange).length, cells }
}

function weightStatements(db: Db, step: WeightStep): readonly BatchItem<'sqlite'>[] {
  if (step.kind === 'forget')
    return [db.delete(routeWeights).where(eq(routeWeights.scope, step.scope))]
  const { scope, changedAt, reason, retryAt, keptPercent } = step.weight
  const figure = `${step.previousPercent} to ${keptPercent} percent: ${reason}, ${Math.round(step.badPercent)} percent bad`
  const change = {
    openedAt: changedAt,
    scope,
    change: 'weight' as const,
    changedAt,
    changedBy: 'learning' as const,
    figure,
    untilAt: retryAt,
  }
  const store = db
    .insert(routeWeights)
    .values(step.weight)
    .onConflictDoUpdate({ target: routeWeights.scope, set: step.weight })
  if (!isChange(step)) return [store]
  return [store, db.insert(routeChanges).values(change).onConflictDoNothing()]
}

/** One whose probe nobody needed for a minute: it holds nobody back, and its row goes. */
async function closeIdle(
  db: Db,
  breaker: { readonly scope: string; readonly openedAt: number },
  now: number,
): Promise<void> {
  const [stored] = await db.batch(
    closeStatements(db, { kind: 'close', ...breaker, by: 'idle' }, now),
  )
  if (stored.meta.changes > 0) logInfo('breaker.closed', { scope: breaker.scope, by: 'idle' })
}

/** True, and a line for the operator, when the points of a provider really change. */
function logChange(step: WeightStep): boolean {
  if (!isChange(step)) return false
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

/** A quiet time that is only put off changes nothing. */
function isChange(step: WeightStep): step is Extract<WeightStep, { kind: 'set' }> {
  return step.kind === 'set' && step.weight.keptPercent !== step.previousPercent
}
