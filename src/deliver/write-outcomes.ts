// Stores what rounds came to: attempts, state, and what follows from it, all of them in one D1 batch. A receipt may
// have changed a row meanwhile; then it is read again and the decision made afresh.

import { asBound } from '../lib/bound-statement.ts'
import type { Db } from '../lib/db.ts'
import { errorFields, logError } from '../lib/log.ts'
import { onShards } from '../lib/on-shards.ts'
import type { Login } from '../login/login.ts'
import { changeLoginStatement, findLoginsByAlerts } from '../login/logins.ts'
import { insertNoticeStatement, type NewNotice } from '../notice/notices.ts'
import { nudgeNotice } from '../notice/post-notice.ts'
import { copyNotice } from './copy-notice.ts'
import { countGivenUp } from './count-round.ts'
import type { DeliverContext } from './deliver-context.ts'
import { announceGiveUp, type GiveUp, giveUpStatements } from './give-up.ts'
import { deliverJob, nudgeAlerts } from './nudge.ts'
import type { OutcomeToWrite } from './outcome.ts'
import { type AfterRound, decideOutcome } from './round.ts'
import { storeNotes } from './store-notes.ts'
import { withRetry } from './with-retry.ts'

const CONFLICTS_MAX = 5

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
  // In another database, and worth less than what they go with: they go beside, and nothing fails with them.
  const noted = storeNotes(
    context,
    entries.flatMap(({ notes }) => notes),
  )
  let left = entries
  const refused: OutcomeToWrite[] = []
  for (let conflict = 0; conflict < CONFLICTS_MAX && left.length > 0; conflict += 1) {
    const parts = await onShards(context.shards, left, accountOf, (db, some) =>
      writeOnce(context, db, some),
    )
    left = parts.flatMap(({ items, outcome }) => {
      if (outcome.ok) return outcome.value
      logError('job.failed', { queue: 'none', kind: 'outcome', ...errorFields(outcome.error) })
      refused.push(...items)
      return []
    })
  }
  await noted
  return [...refused, ...left]
}

function accountOf({ outcome }: OutcomeToWrite): string {
  return outcome.accountId
}

/** Erased meanwhile: there is nobody left to tell. */
async function readMissing(
  context: DeliverContext,
  db: Db,
  entries: readonly OutcomeToWrite[],
): Promise<readonly OutcomeToWrite[]> {
  const missing = entries.filter(({ login }) => login === null)
  if (missing.length === 0) return entries
  const alertIds = missing.map(({ outcome }) => outcome.alertId)
  const found = await withRetry(context, () => findLoginsByAlerts(db, alertIds))
  const byAlert = new Map(found.map((login) => [login.alertId, login]))
  return entries.flatMap((entry) => {
    const login = entry.login ?? byAlert.get(entry.outcome.alertId)
    return login ? [{ ...entry, login }] : []
  })
}

/** Those whose row had changed, to be read again. */
async function writeOnce(
  context: DeliverContext,
  db: Db,
  left: readonly OutcomeToWrite[],
): Promise<readonly OutcomeToWrite[]> {
  const entries = await readMissing(context, db, left)
  const writings = await Promise.all(
    entries.flatMap((entry) => (entry.login ? [toWriting(context, db, entry, entry.login)] : [])),
  )
  const batch = writings.flatMap(({ statements }) => statements)
  if (batch.length === 0) return []
  const results = await withRetry(context, () => db.$client.batch(batch))
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
  db: Db,
  entry: OutcomeToWrite,
  login: Login,
): Promise<Writing> {
  const { config } = context
  const { outcome } = entry
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
