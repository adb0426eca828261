// What the older keys still hold once the walk has gone through both databases again.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../support/runtime.ts'
import type { TwoVersions } from './two-versions.ts'

const WALK_MAX_MS = 60_000
const LOOK_MS = 2_000
const HOUR_MS = 3_600_000

/** Sealed values, of both databases; null where the walk did not come to its end. */
export async function keysLeft(stage: TwoVersions): Promise<number | null> {
  const databases = await stage.databases()
  // An hour later it would begin by itself, also where the former version has begun one: what came along with a slot is
  // found by that pass.
  for (const database of databases) {
    await database.prepare(`UPDATE seal_walks SET started_at = started_at - ${HOUR_MS}`).run()
  }
  const giveUpAt = Date.now() + WALK_MAX_MS
  const since = Date.now()
  const finished = new Set<Database>()
  while (finished.size < databases.length) {
    if (Date.now() > giveUpAt) return null
    await stage.tick()
    await sleep(LOOK_MS)
    for (const database of databases) {
      const passes = await database
        .prepare('SELECT 1 FROM seal_walks WHERE started_at >= ?1 AND finished_at > 0')
        .bind(since)
        .all()
      if (passes.results.length > 0) finished.add(database)
    }
  }
  const left = await Promise.all(databases.map(outstandingOf))
  return left.reduce((sum, one) => sum + one, 0)
}

async function outstandingOf(database: Database): Promise<number> {
  const found = await database
    .prepare('SELECT outstanding FROM seal_walks')
    .first<number>('outstanding')
  if (found === null) throw new Error('no walk was noted')
  return found
}
