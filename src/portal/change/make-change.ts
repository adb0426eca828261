// The one gate of the owner's pages: whatever changes the protection of an account is written here, in one batch with the
// notice to the phone and the callback to the exchange, and leaves one line in the log. The proof comes before (prove.ts);
// that a former number hears of it too is kept where notices are sent.

import { type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { phoneToTellSql } from '../../account/bindings.ts'
import { nudgeCallback } from '../../exchange/nudge.ts'
import { insertCallbackStatement, type NewCallback } from '../../exchange/outbox.ts'
import {
  PROTECTION_CHANGES,
  type Proof,
  protectionChangedCallback,
} from '../../exchange/protection-changed.ts'
import { erasedScopes } from '../../guard/erased-scope.ts'
import { randomId } from '../../lib/ids.ts'
import { coolingOffMs } from '../../lock/hold-settings.ts'
import { holdCallbackId, startHoldStatements } from '../../lock/holds.ts'
import { insertNoticeStatement } from '../../notice/notices.ts'
import { nudgeNotice } from '../../notice/post-notice.ts'
import { logVisit, type VisitContext } from '../visit/visit-env.ts'
import { CHANGES, type PortalChange } from './changes.ts'

type Statement = BatchItem<'sqlite'>

export type MadeChange = {
  readonly changes: readonly PortalChange[]
  readonly proof: Proof
  /** What is written. */
  readonly statements: readonly Statement[]
  /** True in the batch, before the statements, if they are going to change something; left out, they always do. */
  readonly when?: SQL
  /** Sent beside `protection.changed`, under the same condition. */
  readonly callbacks?: readonly NewCallback[]
}

/** False when there was nothing to change by then: of two requests at once, one is told and the other is not. */
export async function makeChange(c: VisitContext, made: MadeChange): Promise<boolean> {
  const context = c.env.context
  const { db } = c.var
  const { accountId } = c.var.account
  const now = context.now()
  const news = newsOf(c, made, now)
  const hold = await holdOf(c, made, now)
  const callbacks = [...news.callbacks, ...(made.callbacks ?? [])]
  const [first, ...others] = callbacks
  if (!first) return false
  const insert = (callback: NewCallback) => insertCallbackStatement(db, callback, now, made.when)
  const rest: readonly Statement[] = [
    ...others.map(insert),
    // Before the change: the account still has the number that is told.
    ...news.notices.map(({ statement }) => statement),
    ...(hold?.statements ?? []),
    ...made.statements,
  ]
  const [told] = await db.batch([insert(first), ...rest])
  if (told.meta.changes === 0) return false
  for (const change of made.changes) {
    const { direction } = PROTECTION_CHANGES[change]
    await logVisit(c, 'protection.changed', { change, direction, proof: made.proof })
  }
  for (const { callbackId } of [...callbacks, ...(hold ? [hold] : [])]) {
    await nudgeCallback(context, accountId, callbackId)
  }
  for (const { noticeId } of news.notices) await nudgeNotice(context, { accountId, noticeId })
  return true
}

/** That it begins, under the same condition; none where cooling-off is off, or one such runs. */
async function holdOf(c: VisitContext, { changes, when }: MadeChange, now: number) {
  const { config, randomBytes } = c.env.context
  const cause = changes.flatMap((change) => CHANGES[change].holds ?? [])[0]
  const ms = coolingOffMs(config)
  if (cause === undefined || ms === 0) return null
  const { db, account } = c.var
  const hold = {
    ...{ accountId: account.accountId, holdId: randomId(randomBytes, 'hld'), cause },
    ...({ reason: 'activity', alertId: null, startedAt: now, until: now + ms } as const),
  }
  const callbackId = await holdCallbackId('hold.started', hold)
  const scopes = await erasedScopes(config.dataKeys, account.accountId)
  const terms = { ...hold, callbackId, erasedScopes: scopes, ...(when && { when }) }
  const statements = startHoldStatements(db, terms)
  return { callbackId, statements }
}

/** One callback and, where one is due, one notice for each change. */
function newsOf(c: VisitContext, { changes, proof, when }: MadeChange, now: number) {
  const { randomBytes } = c.env.context
  const { db } = c.var
  const { accountId, locale } = c.var.account
  const callbacks = changes.map((change) =>
    protectionChangedCallback({ accountId, change, proof }, randomId(randomBytes, 'cbk'), now),
  )
  const kinds = changes.flatMap((change) => CHANGES[change].notice ?? [])
  const notices = kinds.map((kind) => {
    const noticeId = randomId(randomBytes, 'ntc')
    const subject = kind === 'language_changed' ? locale : null
    const notice = { accountId, noticeId, kind, subject }
    if (kind !== 'phone_changed') {
      return { noticeId, statement: insertNoticeStatement(db, notice, now, when) }
    }
    // To the number that goes, which is the account's no more when it is sent.
    const phoneSealed = phoneToTellSql(accountId, now)
    const isDue = sql`${phoneSealed} IS NOT NULL AND ${when ?? sql`true`}`
    return {
      noticeId,
      statement: insertNoticeStatement(db, { ...notice, phoneSealed }, now, isDue),
    }
  })
  return { callbacks, notices }
}
