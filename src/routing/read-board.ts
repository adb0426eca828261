// Keeps the isolate's view of providers fresh: breakers, what is told of faults, learnt weights. Read beside whatever
// else is done, at most once a second, and never waited for: an older view serves, and an isolate that has none yet
// distrusts nobody. Whoever reads evidence enough convicts; of several who do, one counts.

import type { Db } from '../lib/db.ts'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import { isOver, SECOND_MS } from '../lib/time.ts'
import { readPulseStatement } from '../watch/heartbeats.ts'
import { breakerGate, type OpenBreaker, openDurationMs } from './breaker.ts'
import { type BreakerBoard, refreshBoard, refreshNotes } from './breaker-board.ts'
import {
  claimProbesStatement,
  insertGoneStatement,
  openStatements,
  readBreakersStatement,
  readFaultsStatement,
} from './breakers.ts'
import { readOrdersStatement } from './hand-orders.ts'
import { judge, NOTES_MS } from './judge.ts'
import { logOpened } from './note-outcome.ts'
import type { BreakerTrip } from './route-change.ts'
import { readWeightsStatement } from './route-learning.ts'
import { refreshOrders, refreshWeights } from './route-memory.ts'
import type { RoutingContext } from './routing-context.ts'

const READ_EVERY_MS = SECOND_MS

/** Null when it was read a moment ago; else what is under way, which never fails: to be kept alive, not waited for. */
export function readBoard(context: RoutingContext): Promise<void> | null {
  const { breakers } = context
  const now = context.now()
  if (!isOver(READ_EVERY_MS, breakers.readAt, now)) return null
  breakers.readAt = now
  return read(context)
}

async function read({ db, breakers, routing, watch, now }: RoutingContext): Promise<void> {
  try {
    const [rows, weights, notes, orders, [pulse]] = await db.batch([
      readBreakersStatement(db),
      readWeightsStatement(db),
      readFaultsStatement(db, now()),
      readOrdersStatement(db, now()),
      readPulseStatement(db),
    ])
    watch.cronAt = pulse?.beatAt ?? null
    // Only while a breaker is due for its probe: in good times the table is empty and this costs nothing.
    const isDue = rows.some((row) => breakerGate(row, now()) === 'half_open')
    const probes = isDue ? await claimProbesStatement(db, now()) : []
    const readAt = now()
    const scopes = probes.map(({ scope }) => scope)
    const gone = refreshBoard(breakers, rows, scopes, readAt)
    refreshNotes(breakers, notes, readAt)
    refreshWeights(routing, weights)
    refreshOrders(routing, orders)
    for (const trip of convict(breakers, readAt)) await storeTrip(db, trip)
    for (const breaker of gone) await noteGone(db, breaker, readAt)
  } catch (error) {
    logError('request.failed', { kind: 'board', ...errorFields(error) })
  }
}

/** Opens, in the isolate's view, what the evidence convicts; the trips are to be stored. */
export function convict(board: BreakerBoard, now: number): readonly BreakerTrip[] {
  return [...board.notes].flatMap(([scope, notes]): BreakerTrip[] => {
    if (breakerGate(board.open.get(scope), now) !== 'closed') return []
    const conviction = judge(notes, now)
    if (!conviction) return []
    const { faults, calls, code } = conviction
    const openUntil = now + openDurationMs(1, { class: 'provider_transient' })
    board.open.set(scope, { scope, openedAt: now, openUntil, trips: 1 })
    board.notes.delete(scope)
    const figure = `${faults} of ${calls} calls in ${NOTES_MS / SECOND_MS} s`
    return [
      {
        kind: 'open',
        scope,
        code,
        trips: 1,
        openedAt: now,
        openUntil,
        by: 'evidence',
        figure,
      },
    ]
  })
}

async function storeTrip(db: Db, trip: BreakerTrip): Promise<void> {
  const [stored] = await db.batch(openStatements(db, trip))
  if (stored.meta.changes > 0) logOpened(trip)
}

/** Closed by hand, or by a probe of another isolate, which says so itself, in the same batch. */
async function noteGone(
  db: Db,
  { scope, openedAt, trips }: OpenBreaker,
  now: number,
): Promise<void> {
  const stored = await insertGoneStatement(db, { scope, openedAt }, now)
  if (stored.meta.changes > 0) logInfo('breaker.closed', { scope, by: 'hand', trips })
}
