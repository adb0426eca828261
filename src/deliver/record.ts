// Stores what a round came to: attempts, outcome, and what follows from it, in one D1 batch. A receipt
// may have changed the row meanwhile; then the row is read again and the decision made afresh.

import type { Login } from '../login/login.ts'
import { changeLoginStatement, findLogin } from '../login/logins.ts'
import { type RouteNote, routeStatements } from '../routing/route-notes.ts'
import type { DeliverContext } from './deliver-context.ts'
import { announceGiveUp, type GiveUp, giveUpStatements } from './give-up.ts'
import type { GroupWriter } from './group-writer.ts'
import type { AfterRound } from './round.ts'

const CONFLICTS_MAX = 5

/** Applies `decide` to the login, however often it has to be read again. */
export async function recordRound(
  context: DeliverContext,
  writer: GroupWriter,
  claimed: Login,
  decide: (login: Login) => AfterRound,
  notes: readonly RouteNote[] = [],
): Promise<AfterRound> {
  const { db } = context
  let login = claimed
  for (let conflict = 0; conflict < CONFLICTS_MAX; conflict += 1) {
    const after = decide(login)
    const giveUp = toGiveUp(login, after)
    const now = context.now()
    const [changed] = await writer.write([
      changeLoginStatement(db, login, after.change),
      ...routeStatements(db, notes, now),
      ...(giveUp ? await giveUpStatements(db, giveUp, now) : []),
    ])
    if (changed && changed.meta.changes > 0) {
      if (giveUp) await announceGiveUp(context, giveUp)
      return after
    }
    const current = await findLogin(db, login)
    // Erased meanwhile: there is nobody left to tell.
    if (!current) return { ...after, retryAfterSeconds: null }
    login = current
  }
  throw new Error('a login changed too often while it was recorded')
}

function toGiveUp(login: Login, after: AfterRound): GiveUp | null {
  if (!after.undelivered) return null
  const { attempts = [] } = after.change
  const decisive = attempts.find((attempt) => attempt.class === after.undelivered)
  return { login, reason: after.undelivered, attempt: decisive ?? attempts.at(-1) }
}
