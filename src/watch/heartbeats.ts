// The SQL of heartbeats: a row for each thing that shall come again and again.

import { sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { heartbeats } from './tables.ts'

/** `cron`: the minute's work, at its end. `retention`: a page of what is forgotten, noted every few minutes. */
export type HeartbeatName = 'cron' | 'retention'

export type Heartbeat = typeof heartbeats.$inferSelect

/** A few rows. */
export function readHeartbeatsStatement(db: Db) {
  return db.select().from(heartbeats)
}

/** Read beside the board. */
export function readPulseStatement(db: Db) {
  const { name, beatAt } = heartbeats
  return db.select({ beatAt }).from(heartbeats).where(sql`${name} = 'cron'`)
}

/** Writes nothing where it was noted less than `everyMs` ago. */
export function beatStatement(
  db: Db,
  name: HeartbeatName,
  now: number,
  { detail = '{}', everyMs = 0 }: { readonly detail?: string; readonly everyMs?: number } = {},
) {
  const row = { beatAt: now, detail }
  return db
    .insert(heartbeats)
    .values({ name, ...row })
    .onConflictDoUpdate({
      target: heartbeats.name,
      set: row,
      setWhere: sql`${heartbeats.beatAt} <= ${now - everyMs} OR ${heartbeats.beatAt} > ${now}`,
    })
}
