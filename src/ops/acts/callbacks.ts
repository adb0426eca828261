// Callbacks that the exchange has not confirmed, brought again now: one, or all since an instant, a bounded part of them with
// each call.

import type { NudgeContext } from '../../exchange/exchange-context.ts'
import { nudgeCallbacks } from '../../exchange/nudge.ts'
import { findCallback } from '../../exchange/outbox.ts'
import {
  REDRIVE_START,
  type RedriveCursor,
  redriveOneStatement,
  redrivePageEndStatement,
  redrivePageStatement,
} from '../../exchange/redrive.ts'
import type { Db } from '../../lib/db.ts'
import type { Ports } from '../../lib/ports.ts'
import { err, ok } from '../../lib/result.ts'
import type { ActResult, RedriveCallback, RedriveCallbacks } from './act.ts'
import { actDone, newAct, recordStatement } from './record.ts'

export type CallbackActContext = Pick<Ports, 'randomBytes'> & NudgeContext & { readonly db: Db }

/** Of a thousand rows each: what one call reads at most. */
const PAGES_PER_CALL = 20

/** Confirmed, under way or due already, it is left as it is. */
export async function redriveCallback(
  context: CallbackActContext,
  act: RedriveCallback,
  who: string,
  now: number,
): Promise<ActResult> {
  const { db } = context
  const { accountId, callbackId } = act
  const known = await findCallback(db, accountId, callbackId)
  if (!known) return err({ kind: 'not_found' })
  const record = newAct(context.randomBytes, act, `${accountId} ${callbackId}`, who, now)
  const [again] = await db.batch([
    redriveOneStatement(db, accountId, callbackId, now),
    recordStatement(db, record),
  ])
  await nudgeCallbacks(context, again)
  return ok(actDone(record, { count: again.length }))
}

/** Walks the outbox in the order of its key; ends with the page in which anything was brought again. */
export async function redriveCallbacks(
  context: CallbackActContext,
  act: RedriveCallbacks,
  who: string,
  now: number,
): Promise<ActResult> {
  const { db } = context
  let after = act.from === null ? REDRIVE_START : parseCursor(act.from)
  if (after === null) {
    return err({ kind: 'invalid', pointer: '/from', detail: 'is no `next` of an answer' })
  }
  const subject = `since ${new Date(act.sinceAt).toISOString()}`
  const record = newAct(context.randomBytes, act, subject, who, now)
  await recordStatement(db, record)
  for (let page = 0; page < PAGES_PER_CALL; page += 1) {
    const [until = null] = await redrivePageEndStatement(db, after)
    const again = await redrivePageStatement(db, { after, until }, act.sinceAt, now)
    await nudgeCallbacks(context, again)
    if (until === null) return ok(actDone(record, { count: again.length }))
    if (again.length > 0) {
      return ok(actDone(record, { count: again.length, next: formatCursor(until) }))
    }
    after = until
  }
  return ok(actDone(record, { next: formatCursor(after) }))
}

function formatCursor({ slot, accountId, callbackId }: RedriveCursor): string {
  return [slot, accountId, callbackId].join('~')
}

function parseCursor(text: string): RedriveCursor | null {
  const [, slot, accountId, callbackId] =
    /^(-?\d{1,3})~([A-Za-z0-9_.:-]{1,64})~(\w{1,64})$/.exec(text) ?? []
  if (slot === undefined || accountId === undefined || callbackId === undefined) return null
  return { slot: Number(slot), accountId, callbackId }
}
