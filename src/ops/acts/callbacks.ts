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
import type { DbOf, Shards } from '../../lib/shards.ts'
import { HOME } from '../../lib/slot-guard.ts'
import type { ActResult, RedriveCallback, RedriveCallbacks } from './act.ts'
import { actDone, newAct, recordStatement } from './record.ts'

export type CallbackActContext = Pick<Ports, 'randomBytes'> &
  NudgeContext & { readonly db: Db; readonly dbOf: DbOf; readonly shards: Shards }

/** Of a thousand rows each: what one call reads at most. */
const PAGES_PER_CALL = 20

/** Confirmed, under way or due already, it is left as it is. */
export async function redriveCallback(
  context: CallbackActContext,
  act: RedriveCallback,
  who: string,
  now: number,
): Promise<ActResult> {
  const { accountId, callbackId } = act
  const db = context.dbOf(accountId)
  const known = await findCallback(db, accountId, callbackId)
  if (!known) return err({ kind: 'not_found' })
  const record = newAct(context.randomBytes, act, `${accountId} ${callbackId}`, who, now)
  // In another database, and so before it.
  await recordStatement(context.db, record)
  const again = await redriveOneStatement(db, accountId, callbackId, now)
  await nudgeCallbacks(context, again)
  return ok(actDone(record, { count: again.length }))
}

/** Walks the outboxes, one database after the other, each in the order of its key; ends with the page in which anything was brought again. */
export async function redriveCallbacks(
  context: CallbackActContext,
  act: RedriveCallbacks,
  who: string,
  now: number,
): Promise<ActResult> {
  const from = act.from === null ? { shard: HOME, after: REDRIVE_START } : parseCursor(act.from)
  const first = context.shards.all.findIndex(({ name }) => name === from?.shard)
  if (from === null || first === -1) {
    return err({ kind: 'invalid', pointer: '/from', detail: 'is no `next` of an answer' })
  }
  const subject = `since ${new Date(act.sinceAt).toISOString()}`
  const record = newAct(context.randomBytes, act, subject, who, now)
  await recordStatement(context.db, record)
  let { after } = from
  let pages = PAGES_PER_CALL
  for (const [index, { name, db }] of context.shards.all.slice(first).entries()) {
    if (index > 0) after = REDRIVE_START
    for (; pages > 0; pages -= 1) {
      const [until = null] = await redrivePageEndStatement(db, after)
      const again = await redrivePageStatement(db, { after, until }, act.sinceAt, now)
      await nudgeCallbacks(context, again)
      const following = context.shards.all[first + index + 1]
      const next =
        until === null
          ? following && { shard: following.name, after: REDRIVE_START }
          : { shard: name, after: until }
      if (again.length > 0 || !next) {
        const done = { count: again.length, next: next ? formatCursor(next) : null }
        return ok(actDone(record, done))
      }
      if (until === null) break
      after = until
    }
    if (pages === 0) return ok(actDone(record, { next: formatCursor({ shard: name, after }) }))
  }
  return ok(actDone(record, {}))
}

type Cursor = { readonly shard: string; readonly after: RedriveCursor }

function formatCursor({ shard, after: { slot, accountId, callbackId } }: Cursor): string {
  return [shard, slot, accountId, callbackId].join('~')
}

function parseCursor(text: string): Cursor | null {
  const [, shard, slot, accountId, callbackId] =
    /^(\w{1,9})~(-?\d{1,3})~([A-Za-z0-9_.:-]{0,64})~(\w{0,64})$/.exec(text) ?? []
  if (shard === undefined || slot === undefined) return null
  if (accountId === undefined || callbackId === undefined) return null
  return { shard, after: { slot: Number(slot), accountId, callbackId } }
}
