// Nothing that the minute's look or the operator's page reads scans a table that grows with accounts or alerts: asked of
// SQLite's own plan for each statement.

import { describe, expect, it } from 'vitest'
import { readRecentDeadStatement } from '../../../src/dead-letter/recent.ts'
import {
  readGivenUpStatement,
  readOldCallbacksStatement,
  readUnconfirmedLocksStatement,
} from '../../../src/exchange/outbox-facts.ts'
import { readCodeHoursStatement } from '../../../src/guard/code-hours.ts'
import { readPartlyConfirmedStatement } from '../../../src/lock/partly-confirmed.ts'
import { countRunningHoldsStatement } from '../../../src/lock/running-holds.ts'
import { readWaitingStatement } from '../../../src/login/waiting.ts'
import {
  readHistoryStatement,
  readOpenStatement,
  readUntoldStatement,
} from '../../../src/ops/incidents.ts'
import { readAccountsCursorStatement } from '../../../src/ops/retention.ts'
import { readChangesStatement } from '../../../src/routing/board-facts.ts'
import { readPulseStatement } from '../../../src/watch/heartbeats.ts'
import { readHoursStatement } from '../../../src/watch/measures.ts'
import { migratedDatabase } from '../../support/migrated-database.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { NOW } from './facts-world.ts'

const db = openMemoryDb()
const database = migratedDatabase()

const STATEMENTS = {
  'unconfirmed locks': readUnconfirmedLocksStatement(db, NOW),
  'old callbacks': readOldCallbacksStatement(db, NOW),
  'callbacks given up': readGivenUpStatement(db, NOW),
  'locks confirmed in part': readPartlyConfirmedStatement(db, NOW),
  'alerts that wait': readWaitingStatement(db, NOW),
  'dead letters': readRecentDeadStatement(db, NOW),
  'code SMS': readCodeHoursStatement(db, NOW),
  'open incidents': readOpenStatement(db),
  'untold incidents': readUntoldStatement(db, NOW, NOW),
  history: readHistoryStatement(db, NOW, 50),
  'the walk': readAccountsCursorStatement(db),
  changes: readChangesStatement(db, 20),
  pulse: readPulseStatement(db),
  hours: readHoursStatement(db, NOW),
  'running holds': countRunningHoldsStatement(db, NOW),
} as const

/** Of providers; 256 rows; the rows of another step, which has a limit. */
const isSmall = (step: string) => /^SCAN (route_changes|slots|running)\b/.test(step)

describe('what is read each minute', () => {
  it.each(Object.entries(STATEMENTS))('%s: by key or index, in its order', (_what, statement) => {
    const { sql, params } = statement.toSQL()
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...params.map((value) => (typeof value === 'number' ? value : String(value))))
      .map(({ detail }) => String(detail))
    expect(plan.length).toBeGreaterThan(0)
    const scans = plan.filter(
      (step) => /^SCAN /.test(step) && !/USING (COVERING )?INDEX/.test(step) && !isSmall(step),
    )
    expect(scans).toEqual([])
    // A limit bounds nothing where all has to be sorted first.
    expect(plan.filter((step) => step.includes('TEMP B-TREE FOR ORDER BY'))).toEqual([])
  })
})
