// Dead letters opened again, so that their messages can go back to their queues. What this version does not understand, what
// was cut, and what no key opens stays buried.

import { asc, gt, inArray } from 'drizzle-orm'
import {
  type AlertJob,
  type CallbackJob,
  type NetJob,
  parseAlertJob,
  parseCallbackJob,
  parseNetJob,
  parseSweepJob,
  type SweepJob,
} from '../jobs.ts'
import type { Db } from '../lib/db.ts'
import { parseJsonSetting } from '../lib/json.ts'
import { open, type SealKeys } from '../lib/seal.ts'
import { messagePurpose } from './message-body.ts'
import { deadLetters } from './tables.ts'

export type DeadLetter = typeof deadLetters.$inferSelect

/** A message, and the queue it is for. */
export type RevivedMessage =
  | { readonly queue: 'alerts'; readonly job: AlertJob }
  | { readonly queue: 'net'; readonly job: NetJob }
  | { readonly queue: 'callbacks'; readonly job: CallbackJob }
  | { readonly queue: 'sweep'; readonly job: SweepJob }

/** The next letters in the order of their ids. */
export async function nextDeadLetters(
  db: Db,
  after: string,
  limit: number,
): Promise<readonly DeadLetter[]> {
  return db
    .select()
    .from(deadLetters)
    .where(gt(deadLetters.messageId, after))
    .orderBy(asc(deadLetters.messageId))
    .limit(limit)
}

export async function findDeadLetters(
  db: Db,
  messageIds: readonly string[],
): Promise<readonly DeadLetter[]> {
  return db
    .select()
    .from(deadLetters)
    .where(inArray(deadLetters.messageId, [...messageIds]))
}

/** For those that are in their queues again. */
export function digUpStatement(db: Db, messageIds: readonly string[]) {
  return db.delete(deadLetters).where(inArray(deadLetters.messageId, [...messageIds]))
}

/** Null for what cannot be sent again. */
export async function reviveMessage(
  keys: SealKeys,
  { messageId, queue, messageSealed }: DeadLetter,
): Promise<RevivedMessage | null> {
  const text = messageSealed && (await open(keys, messagePurpose(messageId), messageSealed))
  return text ? toMessage(queue.replace(/-dead$/, ''), parseJsonSetting(text)) : null
}

function toMessage(queue: string, body: unknown): RevivedMessage | null {
  switch (queue) {
    case 'alerts': {
      const job = parseAlertJob(body)
      return job && { queue, job }
    }
    case 'net': {
      const job = parseNetJob(body)
      return job && { queue, job }
    }
    case 'callbacks': {
      const job = parseCallbackJob(body)
      return job && { queue, job }
    }
    case 'sweep': {
      const job = parseSweepJob(body)
      return job && { queue, job }
    }
    default:
      return null
  }
}
