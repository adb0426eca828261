// The D1 binding over SQLite, with a network between and faults on it. Refuses what D1 refuses: transactions of
// one's own, more than 100 bound values, undefined, more than 1,000 statements an invocation. `rows_written` is
// SQLite's count of changes, not what is billed; index rows are not in it.

import type { SQLInputValue } from 'node:sqlite'
import type { CallOut, Reply } from './call-out.ts'
import type { Database, Query, Rows } from './database.ts'
import { type Invocation, running } from './invocation.ts'

/**
 * `lost_after`: it is committed, and the answer is an error. `silent`: no answer until D1 itself gives up, half a
 * minute later; `silent_after`: the same, and it is committed.
 */
export type D1Fault = 'refused' | 'lost_after' | 'silent' | 'silent_after' | 'slow' | 'very_slow'

export type D1Line = {
  readonly outMs: number
  readonly backMs: number
  readonly fault: D1Fault | null
}

export type D1Options = {
  readonly database: Database
  readonly callOut: CallOut
  /** Drawn for each call. */
  readonly line: () => D1Line
  readonly onCall: (note: D1Note) => void
  readonly now: () => number
}

export type D1Note = {
  readonly invocation: Invocation
  readonly label: string
  readonly fault: D1Fault | null
  readonly result: string
}

const BOUND_MAX = 100
const STATEMENTS_MAX = 1_000
/** Later than this, whoever waits may have gone on without the answer. */
const LATE_MS = 1_500

export function createD1(options: D1Options): D1Database {
  const binding = {
    prepare: (text: string) => statement(options, { text, values: [] }),
    batch: async (statements: readonly { readonly query: Query }[]) => {
      const rows = await call(
        options,
        statements.map(({ query }) => query),
      )
      return rows.map(toResult)
    },
    exec: () => Promise.reject(new Error('D1_EXEC_ERROR: exec is not used by this project')),
  }
  // Only what the project uses: the platform's type has more.
  return binding as unknown as D1Database
}

function statement(options: D1Options, query: Query) {
  const one = async () => {
    const [rows] = await call(options, [query])
    if (!rows) throw new Error('D1_ERROR: no result')
    return rows
  }
  return {
    query,
    bind: (...values: unknown[]) => statement(options, { ...query, values: values.map(toSqlite) }),
    all: async () => toResult(await one()),
    run: async () => toResult(await one()),
    raw: async () => (await one()).rows,
    first: async (column?: string) => {
      const [row] = toResult(await one()).results
      if (!row) return null
      return column === undefined ? row : (row[column] ?? null)
    },
  }
}

async function call(options: D1Options, queries: readonly Query[]): Promise<readonly Rows[]> {
  const invocation = running()
  if (!invocation) throw new Error('D1 was used outside of any invocation')
  invocation.statements += queries.length
  if (invocation.statements > STATEMENTS_MAX) {
    throw new Error('D1_ERROR: too many D1 statements in one invocation')
  }
  const line = options.line()
  const slowMs = line.fault === 'slow' ? 3_000 : line.fault === 'very_slow' ? 12_000 : 0
  if (line.fault !== null || line.outMs + line.backMs > LATE_MS) {
    invocation.storageTroubleAt.push(options.now())
  }
  const label = queries.map(({ text }) => labelOf(text)).join(' + ')
  return options.callOut(line.outMs + slowMs / 2, () => {
    const { reply, result } = effect(options.database, queries, line)
    options.onCall({ invocation, label, fault: line.fault, result })
    // While its slot is on the way to another database, an account's rows cannot be written either.
    if (result === SLOT_AWAY) invocation.storageTroubleAt.push(options.now())
    return delayed(reply, line.backMs + slowMs / 2)
  })
}

/** What SQLite says where the statement before a batch finds the slot not here. */
const SLOT_AWAY = 'malformed JSON'

type Outcome = { readonly reply: Reply<readonly Rows[]>; readonly result: string }

function effect(database: Database, queries: readonly Query[], { fault }: D1Line): Outcome {
  if (fault === 'silent') return { reply: GIVEN_UP, result: 'silent' }
  if (fault === 'refused') return { reply: { afterMs: 0, error: LOST }, result: 'refused' }
  try {
    const refused = queries.find(isRefused)
    if (refused) throw new Error(refusalOf(refused))
    const value = database.transaction(queries)
    const changes = value.map((rows) => `${rows.rows.length}/${rows.changes}`).join(' ')
    if (fault === 'lost_after')
      return { reply: { afterMs: 0, error: LOST }, result: `lost ${changes}` }
    if (fault === 'silent_after') return { reply: GIVEN_UP, result: `silent ${changes}` }
    return { reply: { afterMs: 0, value }, result: changes }
  } catch (error) {
    const text = error instanceof Error ? error.message : 'unknown'
    return {
      reply: { afterMs: 0, error: new Error(`D1_ERROR: ${text}: SQLITE_ERROR`) },
      result: text,
    }
  }
}

const LOST = new Error('D1_ERROR: Network connection lost.')

/** One statement may take 30 s, says D1's page of limits. */
const GIVEN_UP = {
  afterMs: 31_000,
  error: new Error(
    'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
  ),
}

function delayed<T>(reply: Reply<T>, moreMs: number): Reply<T> {
  return reply === 'never' ? reply : { ...reply, afterMs: reply.afterMs + moreMs }
}

function isRefused({ text, values }: Query): boolean {
  return values.length > BOUND_MAX || /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT)\b/i.test(text)
}

function refusalOf({ values }: Query): string {
  return values.length > BOUND_MAX
    ? 'too many SQL variables'
    : 'To execute a transaction, please use the state.storage.transaction() APIs'
}

function toResult({ names, rows, changes }: Rows) {
  const results = rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])))
  const meta = {
    changes,
    rows_written: changes,
    rows_read: rows.length,
    duration: 0,
    last_row_id: 0,
    changed_db: changes > 0,
    size_after: 0,
  }
  return { success: true as const, results, meta }
}

function toSqlite(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (value instanceof Uint8Array) return value
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  throw new Error(
    `D1_TYPE_ERROR: Type '${typeof value}' not supported for value '${String(value)}'`,
  )
}

const labels = new Map<string, string>()

/** `update logins`: enough for the log, and never a value. */
function labelOf(text: string): string {
  const known = labels.get(text)
  if (known !== undefined) return known
  const verb = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase() ?? '?'
  const table = /\b(?:from|into|update)\s+["`]?(\w+)/i.exec(text)?.[1] ?? '?'
  const label = `${verb} ${table}`
  labels.set(text, label)
  return label
}
