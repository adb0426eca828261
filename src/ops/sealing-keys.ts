// What each key of DATA_SECRETS holds, as the walk (seal-walk.ts) notes it with its first and its last page. Read by
// key-report.ts.

import { and, eq, isNull, notInArray, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { Db } from '../lib/db.ts'
import { outstandingOf, type PassCounts, sealsSince } from './seal-pass.ts'
import { sealingKeys, sealWalks } from './tables.ts'

/** For the batch that begins a pass: which key is current, since when, and which is not any more. */
export function openingStatements(
  db: Db,
  [current = '']: readonly string[],
  now: number,
): readonly BatchItem<'sqlite'>[] {
  const { keyName, currentFrom, currentUntil } = sealingKeys
  return [
    db
      .insert(sealingKeys)
      .values({ keyName: current, currentFrom: now, held: {} })
      .onConflictDoUpdate({
        target: keyName,
        set: { currentFrom: sql`coalesce(${currentFrom}, ${now})`, currentUntil: null },
      }),
    db
      .update(sealingKeys)
      .set({ currentUntil: now })
      .where(
        sql`${keyName} <> ${current} AND ${currentFrom} IS NOT NULL AND ${currentUntil} IS NULL`,
      ),
  ]
}

type Ended = {
  readonly name: string
  readonly keyNames: readonly string[]
  readonly startedAt: number
  readonly counts: PassCounts
  /** Of the pass before. */
  readonly alerts: number
}

/** For the batch of a pass's last page. */
export function finishPassStatements(
  db: Db,
  { name, keyNames: names, startedAt, counts, alerts }: Ended,
  now: number,
): readonly BatchItem<'sqlite'>[] {
  const [current = ''] = names
  const { keyName, seals } = sealingKeys
  const found = new Set([...names, ...Object.keys(counts.held)])
  return [
    ...[...found].map((one) => {
      const held = counts.held[one] ?? {}
      const added = one === current ? sealsSince(counts, alerts) : 0
      return db
        .insert(sealingKeys)
        .values({ keyName: one, held, countedAt: startedAt, seals: added })
        .onConflictDoUpdate({
          target: keyName,
          set: { held, countedAt: startedAt, seals: sql`${seals} + ${added}` },
        })
    }),
    // Dropped, and nothing of them is left.
    db.delete(sealingKeys).where(notInArray(keyName, [...found])),
    db
      .update(sealWalks)
      .set({
        finishedAt: now,
        outstanding: outstandingOf(counts, current),
        alerts: counts.alerts,
        unrecognised: counts.unrecognised,
      })
      .where(
        and(
          eq(sealWalks.name, name),
          eq(sealWalks.startedAt, startedAt),
          isNull(sealWalks.finishedAt),
        ),
      ),
  ]
}
