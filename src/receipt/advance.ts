// The usual receipts, each stored by one statement, those that come together in one call of D1: it works through calls one by
// one, and every call that writes waits for the disk. Whatever is not exactly the usual receipt is left to the careful
// path (store-receipt.ts), which reads, decides and writes; a test holds the two against each other.

import type { Db } from '../lib/db.ts'
import { errorFields, logError } from '../lib/log.ts'
import { onShards } from '../lib/on-shards.ts'
import { pause } from '../lib/pause.ts'
import type { Ports } from '../lib/ports.ts'
import type { Shards } from '../lib/shards.ts'
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
  readonly shards: Shards
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
  const [advanced] = await advanceAll(context, [usual])
  if (advanced === undefined) throw new Error('D1_ERROR: a receipt that cannot be stored now')
  return advanced
}

async function writeWaiting(context: AdvanceContext): Promise<void> {
  const taken = context.receipts.waiting.splice(0, BATCH_MAX)
  for (const one of taken) one.fate = 'taken'
  const advanced = await advanceAll(
    context,
    taken.map(({ usual }) => usual),
  )
  for (const [index, one] of taken.entries()) {
    const alert = advanced[index]
    one.alert = alert ?? null
    one.fate = alert === undefined ? 'left' : alert ? 'advanced' : 'not_so'
  }
}

/**
 * In one call of each database: all of its receipts, or none. Null where a receipt was not the usual one, undefined where its
 * database refused; never throws.
 */
export async function advanceAll(
  { shards, now }: Pick<AdvanceContext, 'shards' | 'now'>,
  usuals: readonly UsualReceipt[],
): Promise<readonly (AdvancedAlert | null | undefined)[]> {
  const parts = await onShards(
    shards,
    // The same receipt may be among them twice.
    [...usuals.entries()],
    ([, { key }]) => key.accountId,
    (db, some) =>
      advanceIn(
        db,
        some.map(([, usual]) => usual),
        now(),
      ),
  )
  const fates: (AdvancedAlert | null | undefined)[] = usuals.map(() => undefined)
  for (const { items, outcome } of parts) {
    if (!outcome.ok) {
      logError('job.failed', { queue: 'none', kind: 'receipt', ...errorFields(outcome.error) })
      continue
    }
    for (const [nth, [index]] of items.entries()) fates[index] = outcome.value[nth] ?? null
  }
  return fates
}

async function advanceIn(
  db: Db,
  usuals: readonly UsualReceipt[],
  now: number,
): Promise<readonly (AdvancedAlert | null)[]> {
  const each = usuals.map((usual) => usualReceiptStatements(db, usual, now))
  const results = await db.$client.batch<RawRow>(each.flat())
  let next = 0
  return each.map(({ length }) => {
    const advanced = readAdvanced(results[next])
    next += length
    return advanced
  })
}
