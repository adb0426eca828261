// The two walks over all accounts, as many as are asked for: the one that forgets, and the one that seals anew under a new key. The
// Worker's own code, page by page as the minute's sweep calls it. In a local D1 file, which counts the rows; and over SQLite in this
// process, where a million takes minutes: in the local D1 a page of 200 takes 0.7 s, and an hour did not suffice.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getTableColumns } from 'drizzle-orm'
import { sealField } from '../../src/account/accounts.ts'
import { type Db, openDb } from '../../src/lib/db.ts'
import { slotOf } from '../../src/lib/slot.ts'
import { DAY_MS } from '../../src/lib/time.ts'
import { LOGINS_KEPT_MS } from '../../src/login/forget.ts'
import { deleteExpired } from '../../src/ops/retention.ts'
import { walkSealedPage } from '../../src/ops/seal-walk.ts'
import { logins } from '../../src/schema.ts'
import type { Bundle } from '../support/bundle.ts'
import { randomBytes } from '../support/ports.ts'
import { startRuntime } from '../support/runtime.ts'
import { freePort } from '../support/stage.ts'
import { aLogin } from '../unit/deliver/fixtures.ts'
import { openMemoryDb } from '../unit/lib/memory-d1.ts'
import { closeAtEnd, closeOnSignal } from './closing.ts'

export type WalkFigures = {
  readonly what: 'forgetting' | 'sealing anew'
  readonly accounts: number
  readonly pages: number
  /** Of D1; null where there is none. */
  readonly rowsRead: number | null
  readonly rowsWritten: number | null
  readonly seconds: number
}

const OLD = new Uint8Array(32).fill(1)
const NEW = new Uint8Array(32).fill(2)
const TEMPLATE = 'template'
const ROWS_PER_INSERT = 2_000
/** So many pages to a line of progress. */
const PAGES_TOLD = 500

/** In a local D1 file. */
export async function measureWalks(
  bundle: Bundle,
  accounts: number,
  say: (line: string) => void,
): Promise<readonly WalkFigures[]> {
  const persistPath = mkdtempSync(join(tmpdir(), 'lockline-walk-'))
  const removeFiles = closeAtEnd(() => rmSync(persistPath, { recursive: true, force: true }))
  const port = await freePort()
  const runtime = await startRuntime({ bundle, port, settings: {}, persistPath })
  const stop = closeAtEnd(runtime.stop)
  closeOnSignal()
  try {
    const meter = { rowsRead: 0, rowsWritten: 0 }
    const db = openDb(metered(await runtime.database(), meter))
    return await walkBoth(db, accounts, say, meter)
  } finally {
    await stop()
    await removeFiles()
  }
}

/** Over SQLite in this process, in memory: some 2 GB for a million accounts. */
export function walkInProcess(
  accounts: number,
  say: (line: string) => void,
): Promise<readonly WalkFigures[]> {
  return walkBoth(openMemoryDb(), accounts, say, null)
}

/** An account has a number and two logins, of which one has expired. */
async function walkBoth(
  db: Db,
  accounts: number,
  say: (line: string) => void,
  meter: Meter | null,
): Promise<readonly WalkFigures[]> {
  const now = Date.now()
  await fill(db, accounts, now)
  say(`${accounts} accounts are there`)
  const count = async (what: WalkFigures['what'], page: () => Promise<boolean>) => {
    if (meter) Object.assign(meter, { rowsRead: 0, rowsWritten: 0 })
    const startedAt = Date.now()
    let pages = 1
    for (; await page(); pages += 1) {
      if (pages % PAGES_TOLD === 0) say(`${what}: page ${pages}`)
    }
    const seconds = Math.round((Date.now() - startedAt) / 1_000)
    const { rowsRead = null, rowsWritten = null } = meter ?? {}
    return { what, accounts, pages, rowsRead, rowsWritten, seconds }
  }
  const context = { db, randomBytes, now: () => now, config: { dataKeys: [NEW, OLD] as const } }
  return [
    await count('forgetting', async () => {
      await deleteExpired(db, now)
      const [cursor] = await db.$client
        .prepare(`SELECT 1 FROM retention_cursor WHERE name = 'accounts'`)
        .all()
        .then(({ results }) => results)
      return cursor !== undefined
    }),
    await count('sealing anew', async () => (await walkSealedPage(context)) !== null),
  ]
}

async function fill(db: Db, accounts: number, now: number): Promise<void> {
  for (let from = 0; from < accounts; from += ROWS_PER_INSERT) {
    const ids = Array.from({ length: Math.min(ROWS_PER_INSERT, accounts - from) }, (_, at) =>
      String(10_000_000 + from + at),
    )
    const rows = await Promise.all(
      ids.map(async (id, at) => {
        const phone = `+491512${String(from + at).padStart(7, '0')}`
        return [slotOf(id), id, await sealField(randomBytes, [OLD], id, 'phone', phone), `tag${id}`]
      }),
    )
    await db.$client
      .prepare(
        `INSERT OR IGNORE INTO accounts (slot, account_id, phone_sealed, phone_tag, created_at, updated_at)
          SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, ?2, ?2 FROM json_each(?1)`,
      )
      .bind(JSON.stringify(rows), now)
      .run()
  }
  for (const [at, receivedAt] of [now - LOGINS_KEPT_MS - DAY_MS, now - DAY_MS].entries()) {
    const told = { accountId: TEMPLATE, seq: at + 1, alertId: String(at), receivedAt }
    await db.insert(logins).values([aLogin({ ...told, state: 'delivered', isOpen: false })])
  }
  const names = Object.values(getTableColumns(logins)).map(({ name }) => name)
  const values = names.map(columnOf).join(', ')
  for (let slot = 0; slot < 256; slot += 1) {
    await db.$client
      .prepare(
        `INSERT OR IGNORE INTO logins (${names.join(', ')}) SELECT ${values}
          FROM accounts AS a, logins AS t WHERE a.slot = ?1 AND t.slot = ?2 AND t.account_id = ?3`,
      )
      .bind(slot, slotOf(TEMPLATE), TEMPLATE)
      .run()
  }
}

/** Of the account `a` or the template `t`. */
function columnOf(column: string): string {
  if (column === 'alert_id') return `a.account_id || '-' || t.seq`
  return column === 'slot' || column === 'account_id' ? `a.${column}` : `t.${column}`
}

type Meter = { rowsRead: number; rowsWritten: number }

/** What D1 says of each statement is added up. */
function metered(database: D1Database, meter: Meter): D1Database {
  const note = <T>(result: D1Result<T>) => {
    meter.rowsRead += result.meta.rows_read
    meter.rowsWritten += result.meta.rows_written
    return result
  }
  const inner = new WeakMap<D1PreparedStatement, D1PreparedStatement>()
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const outer = Object.assign(Object.create(statement), {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      all: async () => note(await again(() => statement.all())),
      run: async () => note(await again(() => statement.run())),
      raw: async () => {
        const { results } = note(await again(() => statement.all<Record<string, unknown>>()))
        return results.map((row) => Object.values(row))
      },
    })
    inner.set(outer, statement)
    return outer
  }
  return Object.assign(Object.create(database), {
    prepare: (text: string) => wrap(database.prepare(text)),
    batch: async (statements: D1PreparedStatement[]) => {
      const inners = statements.map((one) => inner.get(one) ?? one)
      const results = await again(() => database.batch(inners))
      return results.map(note)
    },
  })
}

const TRIES = 5
const AGAIN_MS = 200

/** The local runtime closes a connection now and then, on a busy machine. All that is done here may be done twice. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call()
    } catch (error) {
      const isConnection = error instanceof Error && error.message === 'fetch failed'
      if (!isConnection || tries === TRIES) throw error
      await sleep(tries * AGAIN_MS)
    }
  }
}
