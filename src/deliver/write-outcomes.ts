// Stores what rounds came to: attempts, state, and what follows from it, all of them in one D1 batch. A receipt may
// have changed a row meanwhile; then it is read again and the decision made afresh.

import { asBound } from '../lib/bound-statement.ts'
import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import { pause } from '../lib/pause.ts'
import { SECOND_MS } from '../lib/time.ts'
import type { Login } from '../login/login.ts'
import { changeLoginStatement, findLoginsByAlerts } from '../login/logins.ts'
import { insertNoticeStatement, type NewNotice } from '../notice/notices.ts'
import { nudgeNotice } from '../notice/post-notice.ts'
import { routeStatements } from '../routing/route-notes.ts'
import { measureStatements } from '../watch/measures.ts'
import { copyNotice } from './copy-notice.ts'
import { countGivenUp } from './count-round.ts'
import type { DeliverContext } from './deliver-context.ts'
import { announceGiveUp, type GiveUp, giveUpStatements } from './give-up.ts'
import { deliverJob, nudgeAlerts } from './nudge.ts'
import type { OutcomeToWrite } from './outcome.ts'
import { type AfterRound, decideOutcome } from './round.ts'

const CONFLICTS_MAX = 5

/** Between the tries of one batch. */
const RETRY_PAUSES_MS = [100, 400]

/** A batch that is late may still be stored: repeating it is safe, since every change asks for the version it was made for. */
const BATCH_DEADLINE_MS = 2 * SECOND_MS

/** One outcome on its way into D1. */
type Writing = {
  readonly entry: OutcomeToWrite
  readonly after: AfterRound | null
  readonly giveUp: GiveUp | null
  readonly copies: readonly NewNotice[]
  readonly statements: readonly D1PreparedStatement[]
}

/** Returns those that could not be stored: D1 refused, or their rows changed too often. */
export async function writeOutcomes(
  context: DeliverContext,
  entries: readonly OutcomeToWrite[],
): Promise<readonly OutcomeToWrite[]> {
  let left = entries
  for (let conflict = 0; conflict < CONFLICTS_MAX && left.length > 0; conflict += 1) {
    try {
      left = await writeOnce(context, await readMissing(context, left))
    } catch (error) {
      logError('job.failed', { queue: 'none', kind: 'outcome', ...errorFields(error) })
      return left
    }
  }
  return left
}

/** Erased meanwhile: there is nobody left to tell. */
async function readMissing(
  context: DeliverContext,
  entries: readonly OutcomeToWrite[],
): Promise<readonly OutcomeToWrite[]> {
  const missing = entries.filter(({ login }) => login === null)
  if (missing.length === 0) return entries
  const alertIds = missing.map(({ outcome }) => outcome.alertId)
  const found = await withRetry(context, () => findLoginsByAlerts(context.db, alertIds))
  const byAlert = new Map(found.map((login) => [login.alertId, login]))
  return entries.flatMap((entry) => {
    const login = entry.login ?? byAlert.get(entry.outcome.alertId)
    return login ? [{ ...entry, login }] : []
  })
}

/** Those whose row had changed, to be read again. */
async function writeOnce(
  context: DeliverContext,
  entries: readonly OutcomeToWrite[],
): Promise<readonly OutcomeToWrite[]> {
  const writings = await Promise.all(
    entries.flatMap((entry) => (entry.login ? [toWriting(context, entry, entry.login)] : [])),
  )
  const batch = writings.flatMap(({ statements }) => statements)
  if (batch.length === 0) return []
  const all = [...batch, ...measureStatements(context)]
  const results = await withRetry(context, () => context.db.$client.batch(all))
  const conflicts: OutcomeToWrite[] = []
  const follow: Promise<void>[] = []
  let next = 0
  for (const writing of writings) {
    const changed = results[next]
    next += writing.statements.length
    if (writing.after && changed?.meta.changes === 0) {
      // What goes with it is stored by now.
      const outcome = { ...writing.entry.outcome, copiesToSealed: [] }
      conflicts.push({ outcome, login: null, notes: [] })
    }
    follow.push(announce(context, writing, changed?.meta.changes !== 0))
  }
  await Promise.all(follow)
  return conflicts
}

async function toWriting(
  context: DeliverContext,
  entry: OutcomeToWrite,
  login: Login,
): Promise<Writing> {
  const { db, config } = context
  const { outcome, notes } = entry
  const now = context.now()
  const after = decideOutcome(login, outcome, now)
  const giveUp = after && toGiveUp(login, after)
  const copies = await Promise.all(
    outcome.copiesToSealed.map((sealed) => copyNotice(login, sealed)),
  )
  return {
    entry,
    after,
    giveUp,
    copies,
    // The change of the login first: whether it took place is read by its position.
    statements: [
      ...(after ? [changeLoginStatement(db, login, after.change)] : []),
      ...[
        ...routeStatements(db, notes, now),
        ...(giveUp ? await giveUpStatements(db, giveUp, config.profile, now) : []),
        ...copies.map((copy) => insertNoticeStatement(db, copy, now)),
      ].map((statement) => asBound(db, statement)),
    ],
  }
}

/** After the batch: nudges for what it stored. */
async function announce(
  context: DeliverContext,
  { entry, after, giveUp, copies }: Writing,
  isChanged: boolean,
): Promise<void> {
  for (const copy of copies) await nudgeNotice(context, copy)
  if (!after || !isChanged) return
  if (giveUp) {
    countGivenUp(context, giveUp)
    await announceGiveUp(context, giveUp)
  }
  if (after.retryAfterSeconds === null) return
  await nudgeAlerts(context, deliverJob(entry.outcome), after.retryAfterSeconds)
}

function toGiveUp(login: Login, after: AfterRound): GiveUp | null {
  if (!after.undelivered) return null
  return { login, reason: after.undelivered, attempts: after.change.attempts ?? login.attempts }
}

/** A provider has the text by now: losing the note of it would send it again. */
async function withRetry<T>(
  { after }: Pick<DeliverContext, 'after'>,
  work: () => Promise<T>,
): Promise<T> {
  for (const pauseMs of RETRY_PAUSES_MS) {
    try {
      return await within(after, BATCH_DEADLINE_MS, work())
    } catch (error) {
      logError('job.failed', { queue: 'none', kind: 'outcome', ...errorFields(error) })
      await pause(after, pauseMs)
    }
  }
  return within(after, BATCH_DEADLINE_MS, work())
}
