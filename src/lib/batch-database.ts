// D1's binding, made of one function that runs a batch: what stands before a database sees every statement, and no room
// has to know that it is there. A single statement is a batch of one.

import type { RawRow } from './stored-row.ts'

export type Query = { readonly text: string; readonly values: readonly unknown[] }

/** A result for each query, in order; all are done, or none. */
export type RunBatch = (queries: readonly Query[]) => Promise<readonly D1Result<RawRow>[]>

/** A statement made here, with what it says. Not in a map beside it: filling that costs more than the statement. */
type Made = D1PreparedStatement & { readonly madeOf: Query }

/** What drizzle and statements of our own use of D1; the rest throws. Statements may come from any database made here. */
export function databaseOver(run: RunBatch): D1Database {
  return {
    prepare: (text) => statementOf(run, { text, values: [] }),
    batch: async <T>(statements: D1PreparedStatement[]) => {
      const results = await run(statements.map(queryOf))
      return [...results] as D1Result<T>[]
    },
    exec: unused,
    withSession: unused,
    dump: unused,
  }
}

/** For the database that runs them at last. */
export function prepareAll(
  database: D1Database,
  batch: readonly Query[],
): [D1PreparedStatement, ...D1PreparedStatement[]] | [] {
  const [first, ...rest] = batch.map(({ text, values }) => database.prepare(text).bind(...values))
  return first ? [first, ...rest] : []
}

function queryOf(statement: D1PreparedStatement): Query {
  if (!isMade(statement)) {
    throw new Error('a statement of another database in the batch of an account')
  }
  return statement.madeOf
}

function isMade(statement: D1PreparedStatement): statement is Made {
  return 'madeOf' in statement
}

function statementOf(run: RunBatch, query: Query): D1PreparedStatement {
  const one = async <T>() => {
    const [result] = await run([query])
    if (!result) throw new Error('D1_ERROR: no result')
    return result as D1Result<T>
  }
  return {
    madeOf: query,
    bind: (...values: unknown[]) => statementOf(run, { text: query.text, values }),
    all: one,
    run: one,
    // In the order of the columns, as drizzle reads the rows of a batch.
    raw: async () => (await one<RawRow>()).results.map((row) => Object.values(row)),
    first: async (column?: string) => {
      const [row] = (await one<RawRow>()).results
      if (!row) return null
      return column === undefined ? row : (row[column] ?? null)
    },
  } as Made
}

function unused(): never {
  throw new Error('D1: batches and prepared statements alone')
}
