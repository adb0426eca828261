// The usual receipts, each stored by one statement, those that come together in one call of D1: it works through calls one by
// one, and every call that writes waits for the disk. Whatever is not exactly the usual receipt is left to the careful
// path (store-receipt.ts), which reads, decides and writes; a test holds the two against each other.

import type { Db } from '../lib/db.ts'
import { errorFields, logError } from '../lib/log.ts'
import { pause } from '../lib/pause.ts'
import type { Ports } from '../lib/ports.ts'
import type { RawRow } from '../lib/stored-row.ts'
import { type AdvancedAlert, readAdvanced } from '../login/advance-attempt.ts'
import type { ReceiptMemory, WaitingReceipt } from './receipt-memory.ts'
import { type UsualReceipt, usualReceiptStatements } from './usual-receipt.ts'

/** Nobody waits for a receipt but the provider that posts it. */
const GATHER_MS = 20

const LOOK_MS = 10

/** Counted, not timed: clocks are set back. Two seconds, then each stores its own. */
const LOOKS_MAX = 200

/** So many fit into one call of D1 with room to spare. */
const BATCH_MAX = 40

export type AdvanceContext = Pick<Ports, 'now' | 'after'> & {
  readonly db: Db
  readonly receipts: ReceiptMemory
}

/**
 * The alert, if the receipt was just what it waited for and is now stored; else null. Throws when D1 refuses it.
 *
 * A request may end at any time, with what it was about to write: whoever waits for it in vain writes its own. A
 * receipt that is stored twice changes nothing the second time.
 */
export async function advanceAttempt(
  context: AdvanceContext,
  usual: UsualReceipt,
): Promise<AdvancedAlert | null> {
  const { receipts, after } = context
  const own: WaitingReceipt = { usual, fate: 'waiting', alert: null }
  receipts.waiting.push(own)
  await pause(after, GATHER_MS)
  // Whoever is awake first writes what has come together.
  while (own.fate === 'waiting') await writeWaiting(context)
  for (let look = 0; own.fate === 'taken' && look < LOOKS_MAX; look += 1)
    await pause(after, LOOK_MS)
  if (own.fate === 'advanced' || own.fate === 'not_so') return own.alert
  const [advanced = null] = await advanceAll(context, [usual])
  return advanced
}

async function writeWaiting(context: AdvanceContext): Promise<void> {
  const taken = context.receipts.waiting.splice(0, BATCH_MAX)
  for (const one of taken) one.fate = 'taken'
  try {
    const advanced = await advanceAll(
      context,
      taken.map(({ usual }) => usual),
    )
    for (const [index, one] of taken.entries()) {
      one.alert = advanced[index] ?? null
      one.fate = one.alert ? 'advanced' : 'not_so'
    }
  } catch (error) {
    logError('job.failed', { queue: 'none', kind: 'receipt', ...errorFields(error) })
    for (const one of taken) one.fate = 'left'
  }
}

/** In one call of D1: all of them, or none. */
export async function advanceAll(
  { db, now }: Pick<AdvanceContext, 'db' | 'now'>,
  usuals: readonly UsualReceipt[],
): Promise<readonly (AdvancedAlert | null)[]> {
  const each = usuals.map((usual) => usualReceiptStatements(db, usual, now()))
  const results = await db.$client.batch<RawRow>(each.flat())
  let next = 0
  return each.map(({ length }) => {
    const advanced = readAdvanced(results[next])
    next += length
    return advanced
  })
}
