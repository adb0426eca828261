// What /healthz says: one word, and since when. Anybody may ask, so it is read once in a few seconds whoever asks, and says
// no more than a passer-by may know.

import { within } from '../lib/deadline.ts'
import { isOver, SECOND_MS } from '../lib/time.ts'
import { readPulseStatement } from '../watch/heartbeats.ts'
import type { IncidentKind } from './incident-kinds.ts'
import { readOpenStatement } from './incidents.ts'
import { CRON_STILL_MS, type HealthWord, isCronStill, worstOf } from './judge.ts'
import type { OpsContext } from './ops-context.ts'

const KEPT_MS = 5 * SECOND_MS
const DEADLINE_MS = 2 * SECOND_MS

type HealthContext = Pick<OpsContext, 'db' | 'now' | 'after' | 'ops' | 'watch'>

export async function readHealth(context: HealthContext): Promise<HealthWord> {
  const { ops } = context
  const now = context.now()
  if (ops.health && !isOver(KEPT_MS, ops.health.readAt, now)) return ops.health.word
  // Before it is asked: of many who come meanwhile, one asks, and the others hear what was said last.
  if (ops.health) ops.health = { ...ops.health, readAt: now }
  const word = await read(context, ops.health?.word ?? null)
  ops.health = { word, readAt: now }
  return word
}

async function read(
  { db, after, now, watch }: HealthContext,
  before: HealthWord | null,
): Promise<HealthWord> {
  try {
    const [open, [pulse]] = await within(
      after,
      DEADLINE_MS,
      db.batch([readOpenStatement(db), readPulseStatement(db)]),
    )
    watch.cronAt = pulse?.beatAt ?? null
    return healthWord(open, watch.cronAt, now())
  } catch {
    // Without the database no alert goes out.
    return before?.status === 'down' ? before : { status: 'down', sinceAt: now() }
  }
}

/** Pure. Where cron stands still nobody looks, so what was well then is not known to be well now. */
export function healthWord(
  open: readonly OpenSince[],
  cronAt: number | null,
  now: number,
): HealthWord {
  const status = worstOf(open.map(({ kind }) => kind))
  const stillSince = isCronStill(cronAt, now) ? [cronAt + CRON_STILL_MS] : []
  if (status === 'well' && stillSince.length === 0) return { status, sinceAt: null }
  return {
    status: status === 'well' ? 'degraded' : status,
    sinceAt: Math.min(...stillSince, sinceOf(open)),
  }
}

type OpenSince = { readonly kind: IncidentKind; readonly openedAt: number }

function sinceOf(open: readonly OpenSince[]): number {
  return Math.min(...open.map(({ openedAt }) => openedAt))
}
